#include "libsim/harness/cli/config_hash.hpp"

#include <algorithm>

#include "libsim/harness/store/exact_json.hpp"

namespace sim::harness {

namespace {

/// Each text in quotes, so that none can be taken for two.
void write_row(exact_json::Writer& json, const std::vector<std::string>& row) {
  json.begin_list();
  for (const auto& text : row) {
    json.text(text);
  }
  json.end_list();
}

}  // namespace

ContentHash config_hash(const Configuration& configuration) {
  std::vector<std::vector<std::string>> rows;
  for (const auto& [name, value] : configuration.parameters) {
    rows.push_back({"parameter", name, value});
  }
  for (const auto& [name, value] : configuration.flags) {
    rows.push_back({"flag", name, value});
  }
  for (const auto& [flag, path, hash] : configuration.inputs) {
    rows.push_back({"input", flag, flag.empty() ? path : "", to_text(hash)});
  }
  // Stable: two files to compare are not the same as the two in the other order.
  std::stable_sort(rows.begin(), rows.end(), [](const auto& one, const auto& other) {
    return std::pair(one[0], one[1]) < std::pair(other[0], other[1]);
  });
  exact_json::Writer json;
  json.begin_list();
  for (const auto& row : rows) {
    write_row(json, row);
  }
  json.end_list();
  return content_hash(json.json());
}

}  // namespace sim::harness
