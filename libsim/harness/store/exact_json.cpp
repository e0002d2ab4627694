#include "libsim/harness/store/exact_json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <boost/algorithm/hex.hpp>
#include <charconv>
#include <cmath>
#include <iterator>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <stdexcept>

namespace sim::harness::exact_json {

namespace {

using nlohmann::json;

[[noreturn]] void refuse(const char* expected) { throw std::runtime_error(fmt::format("expected {}", expected)); }

/// Whether JSON shows a byte as itself, without looking at its neighbours.
bool is_plain(char c) { return c >= ' ' && c <= '~' && c != '"' && c != '\\'; }

/// A string of JSON; none when the bytes are not UTF-8.
std::optional<std::string> quoted_utf8(std::string_view value) {
  try {
    return json(value).dump();
  } catch (const json::type_error&) {
    return std::nullopt;
  }
}

double from_bits(const std::string& digits) {
  std::uint64_t bits = 0;
  constexpr int hexadecimal = 16;
  constexpr std::size_t digits_of_64_bits = 16;
  const char* const end = digits.data() + digits.size();
  const auto [rest, error] = std::from_chars(digits.data(), end, bits, hexadecimal);
  if (digits.size() != digits_of_64_bits || error != std::errc{} || rest != end) {
    refuse("16 hexadecimal digits");
  }
  return std::bit_cast<double>(bits);
}

}  // namespace

void Writer::before_value() {
  if (follows_value_) {
    json_ += ',';
  }
  follows_value_ = true;
}

void Writer::begin(char bracket) {
  before_value();
  json_ += bracket;
  follows_value_ = false;
}

void Writer::end(char bracket) {
  json_ += bracket;
  follows_value_ = true;
}

void Writer::key(std::string_view name) {
  before_value();
  fmt::format_to(std::back_inserter(json_), "\"{}\":", name);
  follows_value_ = false;
}

void Writer::text(std::string_view value) {
  before_value();
  if (std::all_of(value.begin(), value.end(), is_plain)) {
    ((json_ += '"') += value) += '"';
  } else if (const auto quoted = quoted_utf8(value)) {
    json_ += *quoted;
  } else {
    json_ += R"({"bytes":")";
    boost::algorithm::hex_lower(value, std::back_inserter(json_));
    json_ += "\"}";
  }
}

void Writer::number(double value) {
  before_value();
  if (!std::isfinite(value)) {
    fmt::format_to(std::back_inserter(json_), "\"{:016x}\"", std::bit_cast<std::uint64_t>(value));
    return;
  }
  const std::size_t begin = json_.size();
  fmt::format_to(std::back_inserter(json_), "{}", value);
  if (json_.find_first_of(".e", begin) == std::string::npos) {
    json_ += ".0";
  }
}

void Writer::whole_number(std::uint64_t value) {
  before_value();
  fmt::format_to(std::back_inserter(json_), "{}", value);
}

void Writer::whole_number(std::int64_t value) {
  before_value();
  fmt::format_to(std::back_inserter(json_), "{}", value);
}

/// What the parser calls for each part of the JSON, by the names that it asks for.
struct Reader::Collector {
  std::vector<Token>& tokens;

  bool add(Kind kind, std::uint64_t bits = 0) {
    tokens.push_back({kind, bits});
    return true;
  }
  bool add_text(Kind kind, const std::string& value) {
    tokens.push_back({kind, 0, value});
    return true;
  }

  bool null() { return add(Kind::other); }
  bool boolean(bool /*value*/) { return add(Kind::other); }
  bool number_integer(std::int64_t value) { return add(Kind::negative_number, std::bit_cast<std::uint64_t>(value)); }
  bool number_unsigned(std::uint64_t value) { return add(Kind::unsigned_number, value); }
  bool number_float(double value, const std::string& /*digits*/) {
    return add(Kind::real, std::bit_cast<std::uint64_t>(value));
  }
  bool string(const std::string& value) { return add_text(Kind::text, value); }
  bool binary(const json::binary_t& /*value*/) { return add(Kind::other); }
  bool start_object(std::size_t /*size*/) { return add(Kind::begin_object); }
  bool key(const std::string& value) { return add_text(Kind::key, value); }
  bool end_object() { return add(Kind::end_object); }
  bool start_array(std::size_t /*size*/) { return add(Kind::begin_list); }
  bool end_array() { return add(Kind::end_list); }
  static bool parse_error(std::size_t /*position*/, const std::string& /*token*/, const json::exception& error) {
    throw std::runtime_error(error.what());
  }
};

Reader::Reader(std::string_view json) {
  Collector collector{tokens_};
  nlohmann::json::sax_parse(json.begin(), json.end(), &collector);
}

Reader::Token& Reader::take(Kind kind, const char* expected) {
  if (next_ == tokens_.size() || tokens_[next_].kind != kind) {
    refuse(expected);
  }
  return tokens_[next_++];
}

void Reader::begin_object() { take(Kind::begin_object, "an object"); }

void Reader::end_object() { take(Kind::end_object, "the end of an object"); }

void Reader::begin_list() { take(Kind::begin_list, "a list"); }

void Reader::end_list() { take(Kind::end_list, "the end of a list"); }

bool Reader::at_end_of_list() {
  const bool ends = next_ < tokens_.size() && tokens_[next_].kind == Kind::end_list;
  next_ += ends ? 1 : 0;
  return ends;
}

void Reader::key(std::string_view name) {
  if (take(Kind::key, "a key").text != name) {
    refuse("another key");
  }
}

std::string Reader::text() {
  if (next_ == tokens_.size() || tokens_[next_].kind != Kind::begin_object) {
    return std::move(take(Kind::text, "a text").text);
  }
  begin_object();
  key("bytes");
  std::string value;
  boost::algorithm::unhex(take(Kind::text, "bytes").text, std::back_inserter(value));
  end_object();
  return value;
}

double Reader::number() {
  if (next_ < tokens_.size() && tokens_[next_].kind == Kind::text) {
    return from_bits(tokens_[next_++].text);
  }
  return std::bit_cast<double>(take(Kind::real, "a number with a point or an exponent").bits);
}

std::uint64_t Reader::unsigned_number() { return take(Kind::unsigned_number, "a whole number of at least 0").bits; }

std::int64_t Reader::signed_number() {
  if (next_ < tokens_.size() && tokens_[next_].kind == Kind::negative_number) {
    return std::bit_cast<std::int64_t>(tokens_[next_++].bits);
  }
  const std::uint64_t value = take(Kind::unsigned_number, "a whole number").bits;
  if (value > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
    refuse("a whole number of 63 bits and a sign");
  }
  return static_cast<std::int64_t>(value);
}

}  // namespace sim::harness::exact_json
