#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "libsim/files/content_hash.hpp"

namespace sim::harness {

/// The line of a replication in a store, with its line break: an object with `checksum`, `replication` (the number) and
/// `result` (JSON on one line). The checksum covers all that stands behind it; `salt` makes lines of different files
/// differ.
[[nodiscard]] std::string replication_line(std::uint64_t number, std::string_view result, const ContentHash& salt);

/// The result in such a line, given without its line break; none when any byte differs from what was written, or when
/// it has another number or salt.
[[nodiscard]] std::optional<std::string_view> result_of_line(std::string_view line, std::uint64_t number,
                                                             const ContentHash& salt);

}  // namespace sim::harness
