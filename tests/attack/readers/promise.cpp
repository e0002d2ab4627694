#include "tests/attack/readers/promise.hpp"

#include <fmt/format.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdlib>
#include <iostream>

#include "tests/attack/printable.hpp"

namespace attack {

void require(bool holds, std::string_view promise, std::string_view found) {
  if (!holds) {
    std::cerr << "broken promise: " << promise << "; found: " << bytes_around(found, 0) << std::endl;
    std::abort();
  }
}

void require_one_line(const sim::Error& error) {
  constexpr std::size_t bytes_max = 4'000;
  const std::string& message = error.message;
  require(!message.empty() && message.size() <= bytes_max, "an error is a line of at most 4,000 bytes", message);
  const auto unprintable = first_unprintable(message);
  require(!unprintable, "an error is one printable line", bytes_around(message, unprintable.value_or(0)));
}

std::vector<std::string> lines_of(std::string_view input, std::size_t count) {
  std::vector<std::string> lines;
  while (!input.empty() && lines.size() + 1 < count) {
    const auto end = input.find('\n');
    lines.emplace_back(input.substr(0, end));
    input = end == std::string_view::npos ? std::string_view{} : input.substr(end + 1);
  }
  if (!input.empty()) {
    lines.emplace_back(input);
  }
  return lines;
}

std::string quoted_csv(const std::vector<std::vector<std::string>>& rows) {
  std::string text;
  for (const auto& row : rows) {
    for (std::size_t column = 0; column < row.size(); ++column) {
      text += column == 0 ? "\"" : ",\"";
      for (const char letter : row[column]) {
        text += letter == '"' ? std::string("\"\"") : std::string(1, letter);
      }
      text += '"';
    }
    text += '\n';
  }
  return text;
}

MemoryFile::MemoryFile(std::string_view content) : descriptor_(::memfd_create("input", MFD_CLOEXEC)) {
  if (descriptor_ < 0 || ::write(descriptor_, content.data(), content.size()) != static_cast<ssize_t>(content.size())) {
    std::cerr << "no file in memory" << std::endl;
    std::exit(EXIT_FAILURE);
  }
}

MemoryFile::~MemoryFile() { ::close(descriptor_); }

std::string MemoryFile::path() const { return fmt::format("/proc/self/fd/{}", descriptor_); }

}  // namespace attack
