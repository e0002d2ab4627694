#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "libsim/expected.hpp"

namespace sim::harness {

/// A 64-bit hash of bytes, the same on every machine, to notice damage and to name files; not against forgery.
/// Source: XXH64 of Y. Collet's xxHash specification. Another `seed` gives an independent hash.
[[nodiscard]] std::uint64_t content_hash(std::string_view bytes, std::uint64_t seed = 0);

/// The same of a file, which is read in blocks. The error is one line that begins with the path.
[[nodiscard]] Expected<std::uint64_t> file_hash(const std::filesystem::path& path);

/// The hash of an executable file, as 16 hexadecimal digits: two programs with the same one compute the same.
[[nodiscard]] Expected<std::string> program_hash(const std::filesystem::path& program);

}  // namespace sim::harness
