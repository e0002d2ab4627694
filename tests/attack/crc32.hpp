#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace attack {

/// CRC-32 as in zip files.
[[nodiscard]] std::uint32_t crc32_of(std::string_view text);

/// A word of letters that, between `before` and `after`, gives the text this checksum: a weak hash of a file is no
/// proof of its content, and forging one takes a system of 32 linear equations.
[[nodiscard]] std::string forged_word(std::string_view before, std::string_view after, std::uint32_t wanted);

}  // namespace attack
