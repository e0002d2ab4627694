#include <fmt/format.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "libsim/text/csv_file.hpp"
#include "models/experiments.hpp"

using namespace sim;
namespace fs = std::filesystem;

namespace {

using Row = std::map<std::string, std::string>;  // a cell for the name of each column

const fs::path root = fs::path(LIBSIM_TEST_DATA).parent_path();

/// What `| a | b |` has between its bars.
std::vector<std::string> cells_of(const std::string& line) {
  std::vector<std::string> cells;
  std::size_t from = line.find('|') + 1;
  for (auto bar = line.find('|', from); bar != std::string::npos; from = bar + 1, bar = line.find('|', from)) {
    std::string cell = line.substr(from, bar - from);
    cell.erase(0, cell.find_first_not_of(' '));
    cell.erase(cell.find_last_not_of(' ') + 1);
    cells.push_back(cell);
  }
  return cells;
}

/// The rows of all tables of a page that tell how many seeds meet a target.
std::vector<Row> rows_about_seeds(const fs::path& page) {
  std::vector<Row> rows;
  std::vector<std::string> columns;
  std::ifstream file(page);
  for (std::string line; std::getline(file, line);) {
    if (!line.starts_with("| ")) {
      columns.clear();
    } else if (columns.empty()) {
      columns = cells_of(line);
    } else if (const auto cells = cells_of(line); cells.size() == columns.size()) {
      Row row;
      for (std::size_t index = 0; index < cells.size(); ++index) {
        row[columns[index]] = cells[index];
      }
      if (row.contains("metric") && row.contains("seeds that meet it") && row["metric"].starts_with('`')) {
        rows.push_back(row);
      }
    }
  }
  return rows;
}

/// As pages print it: four digits, or all before the point.
std::string shown_number(const std::string& text) {
  const double value = std::stod(text);
  return std::abs(value) < 1e4 ? fmt::format("{:.4g}", value) : fmt::format("{:.0f}", value);
}

/// The rows of results/reference/EXPERIMENT-seeds.csv, in the words of a page.
std::vector<Row> reference_rows(const std::string& experiment) {
  auto csv = CsvFile::open((root / "results" / "reference" / (experiment + "-seeds.csv")).string(), 1'000'000);
  REQUIRE(csv);
  const auto field = [&](std::string_view name) { return std::string(csv->field(csv->column(name).value())); };
  std::vector<Row> rows;
  for (auto more = csv->next_row(); more && *more; more = csv->next_row()) {
    rows.push_back({{"scenario", field("scenario")},
                    {"metric", fmt::format("`{}`", field("metric"))},
                    {"target", fmt::format("{} {} {}", field("op"), field("target"), field("unit"))},
                    {"seeds that meet it", field("met")},
                    {"least", shown_number(field("value_min"))},
                    {"median", shown_number(field("value_median"))},
                    {"most", shown_number(field("value_max"))}});
  }
  return rows;
}

bool agree(const Row& reference, const Row& row) {
  return std::all_of(row.begin(), row.end(), [&](const auto& cell) {
    const auto expected = reference.find(cell.first);
    return expected == reference.end() || expected->second == cell.second;
  });
}

std::string text_of(const Row& row) {
  std::string text;
  for (const auto& [column, cell] : row) {
    text += fmt::format("{}: {}  ", column, cell);
  }
  return text;
}

}  // namespace

TEST_CASE("what the pages say about seeds is what the reference tables of seeds have", "[docs]") {
  std::size_t compared = 0;
  for (const auto& experiment : models::experiments()) {
    const auto reference = reference_rows(experiment.name());
    for (const Row& row : rows_about_seeds(root / "docs" / "models" / (experiment.name() + ".md"))) {
      if (row.contains("setting") && row.at("setting") != "defaults") {
        continue;
      }
      INFO(experiment.name() << ": " << text_of(row));
      CHECK(std::any_of(reference.begin(), reference.end(), [&](const Row& one) { return agree(one, row); }));
      ++compared;
    }
  }
  CHECK(compared == 20 + 16 + 23 + 3 + 2);  // sessions, workflow, users, value_tree, two of agents
}
