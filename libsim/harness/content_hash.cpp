#include "libsim/harness/content_hash.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <limits>
#include <vector>

#include "libsim/harness/input_file.hpp"
#include "libsim/harness/quoting.hpp"

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace sim::harness {

std::uint64_t content_hash(std::string_view bytes, std::uint64_t seed) {
  return XXH64(bytes.data(), bytes.size(), seed);
}

Expected<std::uint64_t> file_hash(const std::filesystem::path& path) {
  if (auto checked = check_input_file(path, std::numeric_limits<std::uintmax_t>::max()); !checked) {
    return tl::unexpected(std::move(checked.error()));
  }
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  constexpr std::size_t block_bytes = 1 << 16;
  std::vector<char> block(block_bytes);
  XXH64_state_t state;
  XXH64_reset(&state, 0);
  while (file) {
    file.read(block.data(), static_cast<std::streamsize>(block.size()));
    XXH64_update(&state, block.data(), static_cast<std::size_t>(file.gcount()));
  }
  if (!file.eof() || file.bad()) {
    return unexpected(fmt::format("{}: cannot be read: {}", shown_path(path.string()), std::strerror(errno)));
  }
  return XXH64_digest(&state);
}

Expected<std::string> program_hash(const std::filesystem::path& program) {
  return file_hash(program).map([](std::uint64_t hash) { return fmt::format("{:016x}", hash); });
}

}  // namespace sim::harness
