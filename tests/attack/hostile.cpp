#include "tests/attack/hostile.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

namespace attack {

namespace {

std::string without_cell(const std::string& content, std::size_t place) {
  const auto begin = content.find(',', place);
  const auto end = content.find_first_of(",\n", begin == std::string::npos ? begin : begin + 1);
  return end == std::string::npos ? content : content.substr(0, begin) + content.substr(end);
}

std::string replaced_cell(const std::string& content, std::size_t place, const std::string& cell) {
  const auto begin = content.find_first_of(",\n", place);
  if (begin == std::string::npos) {
    return content + cell;
  }
  const auto end = std::min(content.find_first_of(",\n", begin + 1), content.size());
  return content.substr(0, begin + 1) + cell + content.substr(end);
}

std::string doubled_line(const std::string& content, std::size_t place) {
  const auto begin = content.rfind('\n', place);
  const auto end = content.find('\n', place);
  const std::size_t from = begin == std::string::npos ? 0 : begin + 1;
  const std::string line = content.substr(from, end == std::string::npos ? end : end - from);
  return content.substr(0, from) + line + "\n" + content.substr(from);
}

std::string with_line_ends(const std::string& content, std::string_view end) {
  std::string changed;
  for (const char letter : content) {
    changed += letter == '\n' ? std::string(end) : std::string(1, letter);
  }
  return changed;
}

std::string with_columns(const std::string& content, std::size_t count) {
  std::string changed;
  for (std::size_t begin = 0; begin < content.size() && changed.size() < 8'000'000;) {
    const auto end = std::min(content.find('\n', begin), content.size());
    changed += content.substr(begin, end - begin);
    for (std::size_t column = 0; column < count; ++column) {
      changed += begin == 0 ? fmt::format(",c{}", column) : ",1";
    }
    changed += '\n';
    begin = end + 1;
  }
  return changed;
}

/// A number of the file gets other digits: what is read stays well-formed and means something else.
std::string with_other_number(std::string content, std::size_t place, sim::RandomStream& random) {
  static const std::vector<std::string> numbers{"0",
                                                "-1",
                                                "1e9",
                                                "99999999999999999999",
                                                "0.30000000000000004",
                                                "1e-5",
                                                "106751",
                                                "nan",
                                                "1e308",
                                                "9000000000",
                                                "0x10",
                                                "1,5",
                                                "0.1s",
                                                "106751d"};
  const auto begin = content.find_first_of("0123456789", place);
  if (begin == std::string::npos) {
    return content;
  }
  const auto end = content.find_first_not_of("0123456789.", begin);
  return content.replace(begin, std::min(end, content.size()) - begin, one_of(numbers, random));
}

std::string changed_once(std::string content, sim::RandomStream& random) {
  const std::size_t place = content.empty() ? 0 : random.below(content.size());
  switch (random.below(14)) {
    case 0:
      return content.substr(0, place);
    case 1:
      return content.substr(0, place) + std::string(1, static_cast<char>(random.below(256))) + content.substr(place);
    case 2:
      return without_cell(content, place);
    case 3:
    case 4:
      return replaced_cell(content, place, hostile_text(random));
    case 5:
      return doubled_line(content, place);
    case 6:
      return with_line_ends(content, random.chance(0.5) ? "\r" : "\r\n");
    case 7:
      std::replace(content.begin(), content.end(), ',', ';');
      return content;
    case 8:
      return content.substr(0, content.find('\n') + 1);
    case 9:
      return content.substr(std::min(content.size(), content.find('\n') + 1));
    case 10:
      return with_columns(content, random.chance(0.2) ? 200'000 : 200);
    case 11:
      return "\xEF\xBB\xBF" + content;
    default:
      return with_other_number(std::move(content), place, random);
  }
}

}  // namespace

std::string hostile_text(sim::RandomStream& random) {
  static const std::vector<std::string> texts{"",
                                              " ",
                                              "-",
                                              "--",
                                              "-1",
                                              "0",
                                              "0s",
                                              "1ns",
                                              "106751d",
                                              "1e400",
                                              "nan",
                                              "inf",
                                              "5x",
                                              "18446744073709551616",
                                              "9223372036854775807",
                                              "\xC2\x9B"
                                              "31mred",
                                              "\x1B[2J",
                                              "a\nb",
                                              "a\rb",
                                              "\xC0\x9B",
                                              "\xED\xA0\x80",
                                              "\xF4\x90\x80\x80",
                                              "\xE2\x80\xAE"
                                              "txt.exe",
                                              "\xE2\x81\xA6",
                                              "\xFF",
                                              std::string(formula),
                                              "+1+1",
                                              "@SUM(A1)",
                                              "../../etc/passwd",
                                              "/dev/null",
                                              "/dev/full",
                                              ".",
                                              "/",
                                              "no/such/file.csv",
                                              "pareto(shape=0.5, minimum=1s)",
                                              "exponential(106751d)",
                                              "empirical(in/data.csv, value)",
                                              "mixture(1: mixture(1: mixture(1: 5s)))",
                                              "uniform(5s, 1s)",
                                              "targets",
                                              "all",
                                              "on",
                                              "lhs:7",
                                              "x=1:3",
                                              "x=\xC2\x9B,\xC2\x9B",
                                              "%s%n",
                                              "${HOME}",
                                              "a=b=c",
                                              std::string(300, 'x'),
                                              std::string(70'000, '9')};
  return one_of(texts, random);
}

std::string mutated_file(std::string content, sim::RandomStream& random) {
  for (std::uint64_t change = 0, changes = 1 + random.below(3); change < changes; ++change) {
    content = changed_once(std::move(content), random);
  }
  return content;
}

}  // namespace attack
