// What a store of replications holds: it may be damaged in any way, and gives back what was written or nothing.

#include <exception>
#include <string>
#include <string_view>

#include "libsim/harness/store/exact_json.hpp"
#include "libsim/harness/store/replication_json.hpp"
#include "libsim/harness/store/replication_line.hpp"
#include "tests/attack/readers/promise.hpp"
#include "tests/attack/readers/reader.hpp"

namespace attack {

namespace {

void read_replication(std::string_view input) {
  const auto replication = sim::harness::parse_replication(input);
  if (!was_read(replication)) {
    return;
  }
  const std::string text = sim::harness::replication_json(*replication);
  const auto again = sim::harness::parse_replication(text);
  require(again && sim::harness::replication_json(*again) == text, "a replication reads back as it was", text);
}

void read_line(std::string_view input) {
  const sim::ContentHash salt = sim::content_hash("of this file");
  if (const auto result = sim::harness::result_of_line(input, 3, salt)) {
    require(sim::harness::replication_line(3, *result, salt) == std::string(input) + "\n",
            "a line is taken only as it was written", input);
  }
  const std::string line = sim::harness::replication_line(3, input, salt);
  const std::string_view bare = std::string_view(line).substr(0, line.size() - 1);
  require(sim::harness::result_of_line(bare, 3, salt) == input, "a line reads back", input);
  require(!sim::harness::result_of_line(bare, 4, salt) &&
              !sim::harness::result_of_line(bare, 3, sim::content_hash("of another")),
          "a line of another number or file is refused", input);
}

/// Calls the functions of the reader in an order that the input gives.
void call_reader(sim::harness::exact_json::Reader& json, char call) {
  switch (call) {
    case 'o':
      return json.begin_object();
    case 'O':
      return json.end_object();
    case 'l':
      return json.begin_list();
    case 'L':
      return json.end_list();
    case 'a':
      return static_cast<void>(json.at_end_of_list());
    case 'k':
      return json.key("key");
    case 't':
      return static_cast<void>(json.text());
    case 'n':
      return static_cast<void>(json.number());
    case 'u':
      return static_cast<void>(json.unsigned_number());
    default:
      return static_cast<void>(json.signed_number());
  }
}

void read_exact_json(std::string_view input) {
  const auto lines = lines_of(input, 2);
  if (lines.size() == 2) {
    try {
      sim::harness::exact_json::Reader json(lines.back());
      for (const char call : lines.front()) {
        call_reader(json, call);
      }
    } catch (const std::exception&) {
      // What is no JSON, or not what was asked for.
    }
  }
  sim::harness::exact_json::Writer writer;
  writer.begin_list();
  writer.text(input);
  writer.end_list();
  sim::harness::exact_json::Reader json(writer.json());
  json.begin_list();
  require(json.text() == input, "a text comes back byte for byte", input);
  json.end_list();
}

}  // namespace

std::vector<Reader> store_readers() {
  return {{"replication", read_replication}, {"replication_line", read_line}, {"exact_json", read_exact_json}};
}

}  // namespace attack
