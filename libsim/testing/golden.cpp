#include "libsim/testing/golden.hpp"

#include <fmt/format.h>

#include <cstddef>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string_view>

#include "libsim/text/quoting.hpp"

namespace sim::testing {

namespace {

bool update_is_wanted() {
  const char* value = std::getenv(update_golden_variable);
  return value != nullptr && std::string_view(value) == "1";
}

std::string write_golden(const std::filesystem::path& file, const std::string& text) {
  std::error_code ignored;
  std::filesystem::create_directories(file.parent_path(), ignored);
  std::ofstream out(file, std::ios::binary);
  out << text;
  out.close();
  return out ? std::string{} : fmt::format("{}: cannot be written\n", file.string());
}

/// Takes the first line with its line end from the front of a text; empty at the end of the text.
std::string_view take_line(std::string_view& text) {
  const auto end = text.find('\n');
  const std::string_view line = text.substr(0, end == std::string_view::npos ? end : end + 1);
  text.remove_prefix(line.size());
  return line;
}

std::string description_of(std::string_view line) {
  if (line.empty()) {
    return "(end of text)";
  }
  return line.ends_with('\n') ? one_line(line.substr(0, line.size() - 1)) : one_line(line) + " (without a line end)";
}

/// The texts are not equal.
std::string first_difference(const std::filesystem::path& file, std::string_view golden, std::string_view text) {
  for (std::size_t number = 1;; ++number) {
    const std::string_view golden_line = take_line(golden);
    const std::string_view line = take_line(text);
    if (golden_line != line) {
      return fmt::format("{}:{}: the text differs from the golden file\n  golden: {}\n  now:    {}\n{}=1 accepts it\n",
                         file.string(), number, description_of(golden_line), description_of(line),
                         update_golden_variable);
    }
  }
}

}  // namespace

std::string compare_with_golden(const std::filesystem::path& file, const std::string& text) {
  if (update_is_wanted()) {
    return write_golden(file, text);
  }
  std::ifstream in(file, std::ios::binary);
  if (!in) {
    return fmt::format("{}: there is no such golden file; {}=1 writes it\n", file.string(), update_golden_variable);
  }
  const std::string golden{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  return golden == text ? std::string{} : first_difference(file, golden, text);
}

}  // namespace sim::testing
