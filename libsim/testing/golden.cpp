#include "libsim/testing/golden.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string_view>

#include "libsim/harness/quoting.hpp"

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

/// The lines of a text, one after the other.
class Lines {
 public:
  explicit Lines(std::string_view text) : rest_(text) {}

  std::string next() {
    if (rest_.empty()) {
      return "(end of text)";
    }
    const auto end = rest_.find('\n');
    const std::string_view line = rest_.substr(0, end);
    rest_ = end == std::string_view::npos ? std::string_view{} : rest_.substr(end + 1);
    return line.size() > line_bytes_max ? harness::shown(line) : std::string(line);
  }

  [[nodiscard]] bool at_end() const { return rest_.empty(); }

 private:
  static constexpr std::size_t line_bytes_max = 500;
  std::string_view rest_;
};

std::string first_difference(const std::filesystem::path& file, std::string_view golden, std::string_view text) {
  Lines golden_lines(golden);
  Lines text_lines(text);
  for (std::size_t line = 1;; ++line) {
    const bool both_end = golden_lines.at_end() && text_lines.at_end();
    const std::string expected = golden_lines.next();
    const std::string actual = text_lines.next();
    if (expected != actual || both_end) {
      return fmt::format("{}:{}: the text differs from the golden file\n  golden: {}\n  now:    {}\n{}=1 accepts it\n",
                         file.string(), line, expected, both_end ? "the last line ends otherwise" : actual,
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
