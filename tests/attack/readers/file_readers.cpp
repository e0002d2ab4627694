// Files that a user names: CSV, INI, targets, arrivals, samples of distributions.

#include <algorithm>
#include <string>
#include <vector>

#include "libsim/harness/experiment/arrivals.hpp"
#include "libsim/harness/experiment/sample_files.hpp"
#include "libsim/harness/judge/target.hpp"
#include "libsim/text/csv_file.hpp"
#include "libsim/text/ini_file.hpp"
#include "libsim/text/number_text.hpp"
#include "tests/attack/readers/promise.hpp"
#include "tests/attack/readers/reader.hpp"

namespace attack {

namespace {

using Rows = std::vector<std::vector<std::string>>;

/// The header and the rows up to the first that is refused.
Rows rows_of(sim::CsvFile& csv) {
  Rows rows{csv.columns()};
  for (auto more = csv.next_row(); was_read(more) && *more; more = csv.next_row()) {
    rows.emplace_back();
    for (std::size_t column = 0; column < csv.columns().size(); ++column) {
      rows.back().emplace_back(csv.field(column));
      static_cast<void>(was_read(csv.number(column)));
      static_cast<void>(was_read(csv.whole_number(column)));
    }
  }
  return rows;
}

bool has_line_break(const Rows& rows) {
  return std::any_of(rows.begin(), rows.end(), [](const auto& row) {
    return std::any_of(row.begin(), row.end(),
                       [](const auto& field) { return field.find_first_of("\r\n") != std::string::npos; });
  });
}

void read_csv(std::string_view input) {
  auto csv = sim::CsvFile::of_text("input.csv", std::string(input));
  if (!was_read(csv)) {
    return;
  }
  static_cast<void>(was_read(csv->column("value")));
  const Rows rows = rows_of(*csv);
  if (has_line_break(rows)) {
    return;
  }
  const std::string written = quoted_csv(rows);
  auto again = sim::CsvFile::of_text("again.csv", written);
  require(was_read(again) && rows_of(*again) == rows, "CSV that is written reads back", written);
}

void read_ini(std::string_view input) {
  const auto entries = sim::parse_ini("input.ini", input);
  if (!was_read(entries) || entries->empty()) {
    return;
  }
  std::string written;
  for (const auto& entry : *entries) {
    written += entry.key + " = " + entry.value + "\n";
  }
  const auto again = sim::parse_ini("again.ini", written);
  require(was_read(again) && std::equal(again->begin(), again->end(), entries->begin(), entries->end(),
                                        [](const auto& one, const auto& other) {
                                          return one.key == other.key && one.value == other.value;
                                        }),
          "settings that are written read back", written);
}

std::string written(const std::vector<sim::harness::Target>& targets) {
  Rows rows{{"experiment", "scenario", "metric", "unit", "op", "target", "critical", "source", "definition"}};
  for (const auto& target : targets) {
    rows.push_back({target.experiment, target.scenario, target.metric, target.unit,
                    std::string(sim::study::to_text(target.relation)), sim::exact_text(target.target),
                    target.critical ? sim::exact_text(*target.critical) : std::string{}, target.source,
                    target.definition});
  }
  return quoted_csv(rows);
}

void read_targets(std::string_view input) {
  const auto table = sim::harness::parse_targets("targets.csv", std::string(input));
  if (!was_read(table)) {
    return;
  }
  const std::string text = written(table->rows);
  const auto again = sim::harness::parse_targets("targets.csv", text);
  require(was_read(again) && written(again->rows) == text, "targets that are written read back", text);
}

void read_arrivals(std::string_view input) {
  const MemoryFile file(input);
  sim::InputFiles files;
  const auto arrivals = files.read(file.path(), sim::data_bytes_max).and_then([](const sim::InputFile& read) {
    return sim::harness::read_arrivals(read, {"TIMESTAMP", {"ContextTokens"}});
  });
  if (!was_read(arrivals)) {
    return;
  }
  require(arrivals->at.front() == sim::Duration::zero(), "time 0 is the first arrival", input);
  require(std::is_sorted(arrivals->at.begin(), arrivals->at.end()), "arrivals are in order", input);
  require(arrivals->values.front().size() == arrivals->size(), "each arrival has its values", input);
}

void read_samples(std::string_view input) {
  const MemoryFile file(input);
  sim::harness::SampleFiles files;
  const auto samples = files.read(file.path(), "value");
  if (was_read(samples)) {
    require(std::all_of(samples->begin(), samples->end(), [](auto value) { return value >= sim::Duration::zero(); }),
            "a sample is not negative", input);
  }
}

}  // namespace

std::vector<Reader> file_readers() {
  return {{"csv", read_csv},
          {"ini", read_ini},
          {"targets", read_targets},
          {"arrivals", read_arrivals},
          {"samples", read_samples}};
}

}  // namespace attack
