#include <rapidcheck.h>
#include <catch2/catch.hpp>

#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "libsim/expected.hpp"
#include "libsim/text/page.hpp"
#include "libsim/text/printable.hpp"
#include "libsim/text/quoting.hpp"
#include "tests/hostile_text.hpp"

using namespace std::string_literals;

TEST_CASE("what a terminal would not show is escaped, all else stays", "[text]") {
  const std::vector<std::pair<std::string, std::string>> table{
      {"", ""},
      {"plain text, 5 %", "plain text, 5 %"},
      {"é ✓ 漢字 🙂 עברית ± μ*", "é ✓ 漢字 🙂 עברית ± μ*"},
      {"a\nb\r\tc", "a\\nb\\r\\tc"},
      {"\x1b[31mred\x7f", "\\x1b[31mred\\x7f"},
      {"a\0b"s, "a\\x00b"},
      {"\xc2\x9b"
       "31m",
       "\\u009b31m"},
      {"\x9b"
       "31m",
       "\\x9b31m"},
      {"\xe0\x80\x9b", "\\xe0\\x80\\x9b"},
      {"\xf0\x80\x82\x9b", "\\xf0\\x80\\x82\\x9b"},
      {"\xed\xa0\x80", "\\xed\\xa0\\x80"},
      {"\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80"},
      {"\xe2\x82", "\\xe2\\x82"},
      {"\xff\xc3\xa9", "\\xffé"},
      {"\xe2\x80\xae"
       "abc",
       "\\u202eabc"},
      {"\xd8\x9c", "\\u061c"},
      {"\xe2\x80\xa8", "\\u2028"},
      {"\xf3\xa0\x81\x81", "\\U000e0041"},
      {"\xf0\x9f\xbf\xbf", "\\U0001ffff"},
      {"\\x1b", "\\x1b"},
  };
  for (const auto& [text, expected] : table) {
    CHECK(sim::printable(text) == expected);
  }
}

TEST_CASE("no hostile text survives, and what is printable stays as it is", "[text]") {
  for (const auto& [what, bytes] : hostile::texts()) {
    INFO(what);
    CHECK(hostile::harm_in(std::string(bytes)) != "");
    CHECK(hostile::harm_in(sim::printable(bytes)) == "");
    CHECK(sim::printable(sim::printable(bytes)) == sim::printable(bytes));
  }
}

TEST_CASE("any bytes become printable text that stays as it is", "[text]") {
  CHECK(rc::check([](const std::string& bytes) {
    const auto text = sim::printable(bytes);
    RC_ASSERT(hostile::harm_in(text).empty());
    RC_ASSERT(text.find('\n') == std::string::npos);
    RC_ASSERT(sim::printable(text) == text);
  }));
}

TEST_CASE("every code point is shown or escaped whole", "[text]") {
  for (std::uint32_t code = 0x80; code <= 0x10FFFF; ++code) {
    std::string text;
    if (code < 0x800) {
      text = {static_cast<char>(0xC0 | (code >> 6))};
    } else if (code < 0x10000) {
      text = {static_cast<char>(0xE0 | (code >> 12)), static_cast<char>(0x80 | ((code >> 6) & 0x3F))};
    } else {
      text = {static_cast<char>(0xF0 | (code >> 18)), static_cast<char>(0x80 | ((code >> 12) & 0x3F)),
              static_cast<char>(0x80 | ((code >> 6) & 0x3F))};
    }
    text += static_cast<char>(0x80 | (code & 0x3F));
    const auto shown = sim::printable(text);
    if (shown != text && !shown.starts_with("\\")) {
      FAIL("code point " << code << " becomes " << shown);
    }
    if (hostile::is_harmful(code) && shown == text) {
      FAIL("code point " << code << " is shown");
    }
  }
}

TEST_CASE("a message of an error is one printable line whatever it is made of", "[text]") {
  const sim::Error error{"a\nb\x1b[2J\xe2\x80\xae"};
  CHECK(error.message == "a\\nb\\x1b[2J\\u202e");
  const sim::Expected<int> refused = sim::unexpected("--x \xc2\x9b");
  CHECK(refused.error().message.text() == "--x \\u009b");
}

TEST_CASE("parts of a page are escaped, its own line ends and colours are not", "[text]") {
  const std::string name = "a\nb\x1b[0m";
  CHECK(sim::Page("{}: {}\n", name, 5).text() == "a\\nb\\x1b[0m: 5\n");
  CHECK(sim::Page("{:>4}|{}", "é", sim::Page("x\n")).text() == "   é|x\n");
  CHECK(sim::Page::coloured(name, sim::Page::Colour::red).text() == "\x1b[31ma\\nb\\x1b[0m\x1b[0m");
  CHECK(sim::Page::of_lines("one\x07\ntwo\xff").text() == "one\\x07\ntwo\\xff");
  CHECK(sim::joined({"a\n", "b"}, ", ").text() == "a\\n, b");
  static_assert(!std::is_convertible_v<std::string, sim::Page>, "raw text is no page");
}

TEST_CASE("a word for a shell is printable and still the same word", "[text]") {
  CHECK(sim::shell_quoted("plain") == "plain");
  CHECK(sim::shell_quoted("it's") == "'it'\\''s'");
  CHECK(sim::shell_quoted("é ✓") == "'é ✓'");
  CHECK(sim::shell_quoted("a\x1b'\n\\") == "$'a\\033\\047\\012\\134'");
  CHECK(sim::shell_quoted("\xff"
                          "5") == "$'\\3775'");
}
