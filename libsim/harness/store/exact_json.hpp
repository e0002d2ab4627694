#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sim::harness::exact_json {

// JSON from which every value comes back as it was, which plain JSON cannot promise: it knows no NaN, no infinity and
// no bytes that are not UTF-8. Written and read in one go without a tree of values, which takes several times as long.

/// Writes JSON on one line, without blanks. What begins must end; a key is followed by its value.
class Writer {
 public:
  void begin_object() { begin('{'); }
  void end_object() { end('}'); }
  void begin_list() { begin('['); }
  void end_list() { end(']'); }

  /// A plain name: it stands in the text as it is.
  void key(std::string_view name);

  /// A string; where the bytes are not UTF-8, an object `{"bytes":"…"}` with two hexadecimal digits for each.
  void text(std::string_view value);

  /// A number with a point or an exponent, with as many digits as give the same bits again; NaN and ±infinity are a
  /// string of their 64 bits in 16 hexadecimal digits.
  void number(double value);

  void whole_number(std::uint64_t value);
  void whole_number(std::int64_t value);

  [[nodiscard]] const std::string& json() const { return json_; }

 private:
  void begin(char bracket);
  void end(char bracket);
  void before_value();

  std::string json_;
  bool follows_value_ = false;
};

/// Reads back what a `Writer` wrote, by calls in the same order. All functions throw a `std::exception` for what is no
/// JSON or is not what was asked for.
class Reader {
 public:
  explicit Reader(std::string_view json);

  void begin_object();
  void end_object();
  void begin_list();

  /// Whether the list has no more elements; its end is then read.
  [[nodiscard]] bool at_end_of_list();

  /// The end of a list that has no more elements.
  void end_list();

  /// The next key, which has this name.
  void key(std::string_view name);

  [[nodiscard]] std::string text();
  [[nodiscard]] double number();
  [[nodiscard]] std::uint64_t unsigned_number();
  [[nodiscard]] std::int64_t signed_number();

 private:
  enum class Kind {
    begin_object,
    end_object,
    begin_list,
    end_list,
    key,
    text,
    real,
    unsigned_number,
    negative_number,
    other
  };

  struct Token {
    Kind kind = Kind::other;
    std::uint64_t bits = 0;  // of a number
    std::string text = {};   // of a key or a text
  };

  struct Collector;

  Token& take(Kind kind, const char* expected);

  std::vector<Token> tokens_;
  std::size_t next_ = 0;
};

}  // namespace sim::harness::exact_json
