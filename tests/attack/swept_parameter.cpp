#include "tests/attack/swept_parameter.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <utility>

#include "libsim/text/number_text.hpp"
#include "libsim/time.hpp"

namespace attack {

namespace {

using Texts = std::vector<std::string>;
using sim::exact_text;
using sim::parse_number;
using sim::to_text;

constexpr std::string_view between_bounds = " … ";
constexpr std::string_view longest = "106751d";  // whole days that a duration can hold

/// `1` and `100` of `1 … 100`; what a range without an upper bound has in its place is `most`. Words behind a comma, as
/// in `1s … 1h, 0 or forever`, are no ends.
std::pair<std::string, std::string> ends_of(std::string range, std::string_view most) {
  range.resize(std::min(range.find(", "), range.size()));
  const auto at = range.find(between_bounds);
  if (at != std::string::npos) {
    return {range.substr(0, at), range.substr(at + between_bounds.size())};
  }
  const auto open = range.find(" …");
  return {range.substr(0, open), std::string(most)};
}

/// `a`, `b` and `c` of `a, b or c`.
Texts names_in(std::string range) {
  if (const auto last = range.rfind(" or "); last != std::string::npos) {
    range.replace(last, 4, ", ");
  }
  Texts names;
  for (std::size_t begin = 0; begin <= range.size();) {
    const auto end = std::min(range.find(", ", begin), range.size());
    names.push_back(range.substr(begin, end - begin));
    begin = end + 2;
  }
  return names;
}

bool has_names(const SweptParameter& parameter) { return parameter.kind == "switch" || parameter.kind == "choice"; }

/// From `least` to `most`, the logarithm of the distance from `least` being uniform, in steps of at least `step`.
double draw_between(double least, double most, double step, sim::RandomStream& random) {
  const double decades = std::log(std::max(1.0, (most - least) / step));
  return std::min(most, least + step * std::exp(decades * random.uniform01()) - (random.chance(0.1) ? step : 0.0));
}

std::string random_integer(const SweptParameter& parameter, sim::RandomStream& random) {
  const auto [least, most] = ends_of(parameter.range, "");
  const double value = draw_between(std::stod(least), std::stod(most), 1.0, random);
  return fmt::format("{:.0f}", std::clamp(std::floor(value), std::stod(least), std::stod(most)));
}

std::string random_number(const SweptParameter& parameter, sim::RandomStream& random) {
  const auto ends = ends_of(parameter.range, "");
  const double least = std::stod(ends.first);
  const double most = std::stod(ends.second);
  const double value = random.chance(0.5) ? least + (most - least) * random.uniform01()
                                          : draw_between(least, most, (most - least) * 1e-9, random);
  return exact_text(std::clamp(value, least, most));
}

sim::Duration random_duration(sim::Duration least, sim::Duration most, sim::RandomStream& random) {
  const double ns = draw_between(static_cast<double>(least.count()), static_cast<double>(most.count()), 1.0, random);
  const auto most_ns = static_cast<double>(most.count());
  return ns >= most_ns ? most : std::clamp(sim::Duration(std::llround(ns)), least, most);
}

std::string random_duration(const SweptParameter& parameter, sim::RandomStream& random) {
  const auto [least, most] = ends_of(parameter.range, longest);
  return to_text(random_duration(sim::parse_duration(least).value(), sim::parse_duration(most).value(), random));
}

std::string random_distribution(sim::RandomStream& random) {
  using namespace std::chrono_literals;
  const auto time = [&] { return random_duration(1ns, 24h, random); };
  const auto shorter = time();
  const auto longer = shorter + time();
  switch (random.below(8)) {
    case 0:
      return fmt::format("constant({})", to_text(shorter));
    case 1:
      return fmt::format("exponential({})", to_text(shorter));
    case 2:
      return fmt::format("uniform({}, {})", to_text(shorter), to_text(longer));
    case 3:
      return fmt::format("lognormal(p50={}, p99={})", to_text(shorter), to_text(longer));
    case 4:
      return fmt::format("pareto(shape={}, minimum={})", exact_text(0.5 + 3 * random.uniform01()), to_text(shorter));
    case 5:
      return fmt::format("erlang(k={}, mean={})", 1 + random.below(50), to_text(shorter));
    case 6:
      return fmt::format("hyperexponential(0.9:{}, 0.1:{})", to_text(shorter), to_text(longer));
    default:
      return fmt::format("mixture(0.99:constant({}), 0.01:exponential({}))", to_text(shorter), to_text(longer));
  }
}

/// The kind of a parameter that is listed without one.
std::string kind_of(const std::string& range) {
  if (range == "on, off") {
    return "switch";
  }
  if (range.find("…") == std::string::npos) {
    return range.empty() ? "text" : "choice";
  }
  const auto [least, most] = ends_of(range, longest);
  if (!parse_number(least)) {
    return "duration";
  }
  // A number is refused where a whole one is wanted, and the other way round all are tried.
  return "integer";
}

}  // namespace

Texts bounds_of(const SweptParameter& parameter) {
  if (has_names(parameter)) {
    return names_in(parameter.range);
  }
  if (parameter.kind == "distribution") {
    return {"constant(0s)", fmt::format("constant({})", longest)};
  }
  if (parameter.kind == "text") {
    return {""};
  }
  const auto [least, most] = ends_of(parameter.range, longest);
  Texts bounds = {least, most};
  if (const auto words = parameter.range.find(", "); words != std::string::npos) {
    const Texts more = names_in(parameter.range.substr(words + 2));
    bounds.insert(bounds.end(), more.begin(), more.end());
  }
  return bounds;
}

Texts special_values_of(const SweptParameter& parameter) {
  const auto tried = [&](const Texts& values) {
    const auto [least, most] = ends_of(parameter.range, longest);
    Texts inside;
    for (const std::string& value : values) {
      const auto at = sim::parse_duration(value).value();
      if (sim::parse_duration(least).value() < at && at < sim::parse_duration(most).value()) {
        inside.push_back(value);
      }
    }
    return inside;
  };
  if (parameter.kind == "duration") {
    return tried({"1ns", "1us", "1ms", "999999999ns", "3s", "45s", "1h", "1d"});
  }
  if (parameter.kind == "distribution") {
    return {"constant(1ns)",
            "exponential(1us)",
            "constant(1s)",
            "exponential(1h)",
            "uniform(0s, 1min)",
            "lognormal(mean=1s, cv=20)",
            "pareto(shape=1.1, minimum=100ms)",
            "pareto(shape=0.5, minimum=1s)",
            "exponential(100000d)",
            "lognormal(p50=1s, p99=100000d)",
            "weibull(shape=0.05, scale=1s)",
            "mixture(0.9:constant(1ms), 0.1:constant(106751d))",
            "mixture(0.999:constant(0s), 0.001:constant(1d))"};
  }
  if (parameter.kind == "text") {
    return {"0", "-1", "nan", "x", "1e308", "a b; c"};
  }
  if (parameter.kind == "number") {
    const auto [least, most] = ends_of(parameter.range, "");
    return {exact_text(std::nextafter(std::stod(least), std::stod(most))),
            exact_text(std::nextafter(std::stod(most), std::stod(least)))};
  }
  return {};
}

std::string random_value_of(const SweptParameter& parameter, sim::RandomStream& random) {
  if (parameter.kind == "integer") {
    return random_integer(parameter, random);
  }
  if (parameter.kind == "number") {
    return random_number(parameter, random);
  }
  if (parameter.kind == "duration") {
    return random_duration(parameter, random);
  }
  if (parameter.kind == "distribution") {
    return random_distribution(random);
  }
  const Texts values = has_names(parameter) ? bounds_of(parameter) : special_values_of(parameter);
  return values.at(random.below(values.size()));
}

std::vector<SweptParameter> parameters_in_json(const std::string& listing) {
  std::vector<SweptParameter> parameters;
  for (const auto& one : nlohmann::json::parse(listing)) {
    parameters.push_back({one.at("name"), one.at("kind"), one.at("range")});
  }
  return parameters;
}

// Columns are apart by two blanks or more: `  --limit  100 permits (1 … 1000)  permits per window`.
std::vector<SweptParameter> parameters_in_help(const std::string& help) {
  std::vector<SweptParameter> parameters;
  std::istringstream lines(help);
  for (std::string line; std::getline(lines, line);) {
    const auto name_end = line.find(' ', 4);
    const auto value = line.find_first_not_of(' ', name_end);
    if (!line.starts_with("  --") || name_end == std::string::npos || value - name_end < 2) {
      continue;  // `--preset NAME`
    }
    const std::string cell = line.substr(value, line.find("  ", value) - value);
    const auto open = cell.find(" (");
    const std::string range = open == std::string::npos ? "" : cell.substr(open + 2, cell.rfind(')') - open - 2);
    parameters.push_back({line.substr(4, name_end - 4), kind_of(range), range});
  }
  if (parameters.empty()) {
    throw std::runtime_error("no parameters in: " + help);
  }
  return parameters;
}

}  // namespace attack
