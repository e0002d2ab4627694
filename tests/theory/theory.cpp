#include "tests/theory/theory.hpp"

#include <fmt/format.h>

// The parser would read ahead in a thread of its own; and it cuts long file names on purpose, which g++ takes for a
// slip.
#define CSV_IO_NO_THREAD
#pragma GCC diagnostic push
#ifndef __clang__
#pragma GCC diagnostic ignored "-Wstringop-truncation"
#endif
#include <libfccp/csv.h>
#pragma GCC diagnostic pop

#include <catch2/catch.hpp>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "libsim/statistics/interval.hpp"

namespace theory {

namespace {

constexpr double z_max = 4.0;

std::map<std::string, Case, std::less<>> read_cases() {
  std::map<std::string, Case, std::less<>> cases;
  io::CSVReader<9, io::trim_chars<' '>, io::double_quote_escape<',', '"'>> rows(LIBSIM_TEST_DATA
                                                                                "/data/theory/cases.csv");
  rows.read_header(io::ignore_no_column, "id", "group", "model", "parameters", "metric", "expected", "tolerance_kind",
                   "tolerance", "source");
  Case row;
  std::string group;
  std::string kind;
  std::string source;
  while (
      rows.read_row(row.id, group, row.model, row.parameters, row.metric, row.expected, kind, row.tolerance, source)) {
    cases.emplace(row.id, row);
  }
  return cases;
}

/// The table of docs/validation.md is made from what this leaves behind.
void write_down(const Case& row, const sim::Interval& interval, double z) {
  // NOLINTNEXTLINE(concurrency-mt-unsafe)
  if (const char* const file = std::getenv("LIBSIM_THEORY_TABLE")) {
    std::ofstream(file, std::ios::app) << fmt::format("| {} | {} | {} | {:.6g} | {:.6g} | {:.2g} | {:+.2f} |\n", row.id,
                                                      row.model, row.metric, row.expected, interval.mean,
                                                      interval.half_width, z);
  }
}

}  // namespace

std::string Case::text(std::string_view name) const {
  std::istringstream list(parameters);
  for (std::string parameter; std::getline(list, parameter, ';');) {
    if (parameter.rfind(name, 0) == 0 && parameter[name.size()] == '=') {
      return parameter.substr(name.size() + 1);
    }
  }
  FAIL(id << " has no parameter " << name);
  return {};
}

double Case::number(std::string_view name) const { return std::stod(text(name)); }

std::vector<double> Case::numbers(std::string_view name) const {
  std::vector<double> values;
  std::istringstream list(text(name));
  for (std::string value; std::getline(list, value, '|');) {
    values.push_back(std::stod(value));
  }
  return values;
}

const Case& find_case(std::string_view id) {
  static const auto cases = read_cases();
  const auto found = cases.find(id);
  INFO(id);
  REQUIRE(found != cases.end());
  return found->second;
}

void judge(const std::string& id, const std::vector<double>& samples) {
  const Case& row = find_case(id);
  const auto interval = sim::mean_interval(samples);
  REQUIRE(interval);
  const double z = sim::z_score(*interval, row.expected);
  write_down(row, *interval, z);
  INFO(fmt::format("{} {} ({}) {}: expected {}, simulated {} with standard error {}, z = {:.2f}", id, row.model,
                   row.parameters, row.metric, row.expected, interval->mean, interval->standard_error, z));
  CHECK(std::abs(z) < z_max);
  CHECK(interval->standard_error <= row.tolerance * row.expected / 2.0);
}

void judge(const Samples& samples) {
  for (const auto& [id, values] : samples) {
    judge(id, values);
  }
}

sim::Simulation::Config config_of(std::string_view id, std::uint32_t replication) {
  std::uint64_t seed = 0;
  for (const char character : id) {
    seed = 31 * seed + static_cast<unsigned char>(character);
  }
  return {.seed = seed, .replication = replication};
}

}  // namespace theory
