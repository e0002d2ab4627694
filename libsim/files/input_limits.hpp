#pragma once

#include <cstddef>
#include <cstdint>

namespace sim {

/// Longest text of one value of a flag or a key, in bytes; longer ones are refused before anything reads them.
inline constexpr std::size_t value_bytes_max = 65'536;

/// Largest file of settings that is read (`--config`, `--targets`), in bytes.
inline constexpr std::uintmax_t settings_bytes_max = 16'000'000;

/// Largest file of data that is read (`--arrivals`, samples of an empirical distribution), in bytes.
inline constexpr std::uintmax_t data_bytes_max = 1'000'000'000;

}  // namespace sim
