#include "libsim/harness/exact_json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <boost/algorithm/hex.hpp>
#include <charconv>
#include <cmath>
#include <iterator>
#include <limits>
#include <stdexcept>

namespace sim::harness::exact_json {

namespace {

constexpr std::size_t digits_of_64_bits = 16;

[[noreturn]] void refuse(const char* expected) { throw std::runtime_error(fmt::format("expected {}", expected)); }

bool is_ascii(std::string_view value) {
  return std::all_of(value.begin(), value.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

bool is_utf8(std::string_view value) {
  if (is_ascii(value)) {
    return true;
  }
  try {
    static_cast<void>(Json(value).dump());
    return true;
  } catch (const Json::type_error&) {
    return false;
  }
}

std::string bytes_of(const Json& json) {
  const auto bytes = json.find("bytes");
  if (json.size() != 1 || bytes == json.end() || !bytes->is_string()) {
    refuse("a text");
  }
  const auto& digits = bytes->get_ref<const std::string&>();
  std::string value;
  boost::algorithm::unhex(digits, std::back_inserter(value));
  return value;
}

double from_bits(const std::string& digits) {
  std::uint64_t bits = 0;
  constexpr int hexadecimal = 16;
  const char* const end = digits.data() + digits.size();
  const auto [rest, error] = std::from_chars(digits.data(), end, bits, hexadecimal);
  if (digits.size() != digits_of_64_bits || error != std::errc{} || rest != end) {
    refuse("16 hexadecimal digits");
  }
  return std::bit_cast<double>(bits);
}

}  // namespace

Json text(std::string_view value) {
  if (is_utf8(value)) {
    return value;
  }
  std::string digits;
  boost::algorithm::hex_lower(value, std::back_inserter(digits));
  Json json = Json::object();
  json["bytes"] = std::move(digits);
  return json;
}

Json number(double value) {
  return std::isfinite(value) ? Json(value) : Json(fmt::format("{:016x}", std::bit_cast<std::uint64_t>(value)));
}

std::string read_text(const Json& json) {
  if (json.is_string()) {
    return json.get_ref<const std::string&>();
  }
  if (!json.is_object()) {
    refuse("a text");
  }
  return bytes_of(json);
}

double read_number(const Json& json) {
  if (json.is_string()) {
    return from_bits(json.get_ref<const std::string&>());
  }
  if (!json.is_number_float()) {
    refuse("a number");
  }
  return json.get<double>();
}

std::uint64_t read_unsigned(const Json& json) {
  if (!json.is_number_unsigned()) {
    refuse("a whole number of at least 0");
  }
  return json.get<std::uint64_t>();
}

std::int64_t read_signed(const Json& json) {
  constexpr auto largest = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  const bool fits = !json.is_number_unsigned() || json.get<std::uint64_t>() <= largest;
  if (!json.is_number_integer() || !fits) {
    refuse("a whole number of 64 bits");
  }
  return json.get<std::int64_t>();
}

void check_row(const Json& json, std::size_t elements) {
  if (!json.is_array() || json.size() != elements) {
    refuse("a row with an element for each column");
  }
}

void check_list(const Json& json) {
  if (!json.is_array()) {
    refuse("a list");
  }
}

}  // namespace sim::harness::exact_json
