#include "libsim/harness/store/store_key.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "libsim/failure.hpp"
#include "libsim/harness/store/exact_json.hpp"

namespace sim::harness {

namespace {

bool is_plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

/// The scenario as far as a file name can hold it: file names end at 255 bytes.
std::string name_part(const std::string& scenario) {
  constexpr std::size_t bytes_max = 100;
  std::string part = scenario.substr(0, bytes_max);
  std::replace_if(
      part.begin(), part.end(), [](char c) { return !is_plain(c); }, '_');
  return part;
}

/// Names may be no UTF-8, which the key of an object must be: a list of pairs.
void write_pairs(exact_json::Writer& json, const std::vector<std::pair<std::string, std::string>>& pairs) {
  json.begin_list();
  for (const auto& [name, value] : pairs) {
    json.begin_list();
    json.text(name);
    json.text(value);
    json.end_list();
  }
  json.end_list();
}

/// Which flag names a file says what it is for.
void write_inputs(exact_json::Writer& json, std::vector<InputHash> inputs) {
  std::sort(inputs.begin(), inputs.end());
  json.begin_list();
  for (const auto& [flag, path, hash] : inputs) {
    json.begin_list();
    json.text(flag);
    json.text(path);
    json.text(to_text(hash));
    json.end_list();
  }
  json.end_list();
}

}  // namespace

std::string key_json(const StoreKey& key) {
  auto parameters = key.parameters;
  std::sort(parameters.begin(), parameters.end());
  exact_json::Writer json;
  const auto write = [&](const char* name, std::string_view value) {
    json.key(name);
    json.text(value);
  };
  json.begin_object();
  write("format", "libsim replications 3");
  write("experiment", key.experiment);
  write("scenario", key.scenario);
  json.key("seed");
  json.whole_number(key.seed);
  json.key("parameters");
  write_pairs(json, parameters);
  json.key("inputs");
  write_inputs(json, key.inputs);
  write("program", key.program);
  write("fingerprint_of", key.fingerprint_of);
  write("detail", key.detail);
  json.end_object();
  return json.json();
}

ContentHash key_hash(const StoreKey& key) { return content_hash(key_json(key)); }

std::filesystem::path store_file(const StoreKey& key) {
  constexpr std::size_t digits = 8;
  const auto is_digit = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
  check(key.program.size() >= digits && std::all_of(key.program.begin(), key.program.end(), is_digit),
        "the program of a store's key is a hash of at least 8 hexadecimal digits");
  return std::filesystem::path(key.program.substr(0, digits)) /
         fmt::format("{}-seed{}-{}.jsonl", name_part(key.scenario), key.seed, to_text(key_hash(key)));
}

}  // namespace sim::harness
