#include "libsim/harness/input_file.hpp"

#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>

#include "libsim/harness/quoting.hpp"

namespace sim::harness {

Expected<void> check_input_file(const std::filesystem::path& path, std::uintmax_t bytes_max) {
  std::error_code error;
  const auto status = std::filesystem::status(path, error);
  if (error || !std::filesystem::exists(status)) {
    const std::string reason = error ? error.message() : "No such file or directory";
    return unexpected(fmt::format("{}: cannot be read: {}", shown_path(path.string()), reason));
  }
  if (std::filesystem::is_directory(status)) {
    return unexpected(fmt::format("{}: is a folder: expected a file", shown_path(path.string())));
  }
  if (std::filesystem::is_regular_file(status) && std::filesystem::file_size(path, error) > bytes_max && !error) {
    return unexpected(too_large(path, bytes_max));
  }
  return {};
}

Expected<std::string> read_settings_file(const std::filesystem::path& path) {
  if (auto checked = check_input_file(path, settings_bytes_max); !checked) {
    return tl::unexpected(std::move(checked.error()));
  }
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  std::string content;
  std::array<char, 65536> block;
  while (file) {
    file.read(block.data(), block.size());
    content.append(block.data(), static_cast<std::size_t>(file.gcount()));
    if (content.size() > settings_bytes_max) {
      return unexpected(too_large(path, settings_bytes_max));
    }
  }
  if (!file.eof() || file.bad()) {
    return unexpected(fmt::format("{}: cannot be read: {}", shown_path(path.string()), std::strerror(errno)));
  }
  return content;
}

std::string too_large(const std::filesystem::path& path, std::uintmax_t bytes_max) {
  return fmt::format("{}: is too large: expected at most {} MB", shown_path(path.string()), bytes_max / 1'000'000);
}

}  // namespace sim::harness
