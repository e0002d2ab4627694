#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "libsim/text/csv_file.hpp"

using namespace sim;

TEST_CASE("the page on validation shows how many intervals contain the exact value as the reference has it", "[docs]") {
  const std::filesystem::path root = std::filesystem::path(LIBSIM_TEST_DATA).parent_path();
  std::ifstream file(root / "docs" / "validation.md");
  const std::string page{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  auto csv = CsvFile::open(root / "results" / "reference" / "coverage.csv", 100'000).value();
  const auto cell = [&](const std::string& column) { return csv.field(csv.column(column).value()); };
  int rows = 0;
  while (csv.next_row().value()) {
    CHECK(cell("intervals") == "1000");
    const auto line = fmt::format("\n| {} | {} | {} | {} | {} |\n", cell("system"), cell("metric"), cell("method"),
                                  cell("exact"), cell("covered"));
    INFO(line);
    CHECK(page.find(line) != std::string::npos);
    ++rows;
  }
  CHECK(rows >= 10);
}
