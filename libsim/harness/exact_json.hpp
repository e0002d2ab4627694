#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace sim::harness::exact_json {

// JSON from which every value comes back as it was, which plain JSON cannot promise: it knows no NaN, no infinity and
// no bytes that are not UTF-8. The readers throw a `std::runtime_error` for what the writers never write.

using Json = nlohmann::ordered_json;

/// A string; where the bytes are not UTF-8, an object `{"bytes": "…"}` with two hexadecimal digits for each.
[[nodiscard]] Json text(std::string_view value);

/// A number with as many digits as give the same bits again; NaN and ±infinity are a string of their 64 bits in 16
/// hexadecimal digits.
[[nodiscard]] Json number(double value);

[[nodiscard]] std::string read_text(const Json& json);
[[nodiscard]] double read_number(const Json& json);
[[nodiscard]] std::uint64_t read_unsigned(const Json& json);
[[nodiscard]] std::int64_t read_signed(const Json& json);

/// Throws unless this is an array of exactly so many elements.
void check_row(const Json& json, std::size_t elements);

/// Throws unless this is an array, of any length.
void check_list(const Json& json);

}  // namespace sim::harness::exact_json
