// Texts that a user writes as the value of a flag, and texts that the project writes into its messages.

#include <algorithm>
#include <string>

#include "libsim/harness/cli/list_parameter.hpp"
#include "libsim/harness/experiment/sample_files.hpp"
#include "libsim/random/distribution.hpp"
#include "libsim/random/stream.hpp"
#include "libsim/study/decimal.hpp"
#include "libsim/text/nearest_name.hpp"
#include "libsim/text/number_text.hpp"
#include "libsim/text/quoting.hpp"
#include "libsim/text/time_stamp.hpp"
#include "libsim/time.hpp"
#include "tests/attack/printable.hpp"
#include "tests/attack/readers/promise.hpp"
#include "tests/attack/readers/reader.hpp"

namespace attack {

namespace {

void read_duration(std::string_view input) {
  const auto duration = sim::parse_duration(input);
  if (!was_read(duration)) {
    return;
  }
  require(*duration >= sim::Duration::zero(), "a duration is not negative", input);
  const std::string text = sim::to_text(*duration);
  require(sim::parse_duration(text) == duration, "a duration prints as what reads back", text);
}

void read_time_stamp(std::string_view input) {
  if (!sim::parse_time_stamp(input)) {
    require(!first_unprintable(sim::expected_time(input)), "what was expected is printable", input);
  }
  if (const auto seconds = sim::parse_seconds(input)) {
    const std::string text = sim::to_text(sim::Time(*seconds));
    require(*seconds >= sim::Duration::zero(), "seconds are not negative", input);
    require(sim::parse_seconds(text) == seconds, "seconds print as what reads back", text);
    require(sim::parse_span(input) == seconds, "seconds are a span", input);
  }
  if (const auto span = sim::parse_span(input)) {
    require(sim::parse_span(sim::to_text(*span)) == span, "a span prints as what reads back", input);
  }
}

void require_draws(const sim::Distribution& distribution, std::string_view input) {
  sim::RandomStream random({.seed = 1, .actor = "attack", .purpose = "draws"});
  for (int draw = 0; draw < 16; ++draw) {
    require(distribution.sample(random) >= sim::Duration::zero(), "a draw is not negative", input);
  }
  require(!(distribution.mean_s() < 0.0), "a mean is not negative", input);
  require(!(distribution.variance_s2() < 0.0), "a variance is not negative", input);
  double before = 0.0;
  for (const double p : {0.0, 0.01, 0.5, 0.99, 1.0}) {
    const sim::Duration quantile = distribution.quantile(p);
    require(sim::to_seconds(quantile) >= before, "quantiles do not fall", input);
    before = sim::to_seconds(quantile);
    const double share = distribution.cdf(quantile);
    require(share >= 0.0 && share <= 1.0, "a probability lies in 0 to 1", input);
  }
}

void read_distribution(std::string_view input) {
  const auto distribution = sim::parse_distribution(input);
  if (!was_read(distribution)) {
    return;
  }
  const std::string text = sim::to_text(*distribution);
  const auto again = sim::parse_distribution(text);
  require(again && *again == *distribution, "a distribution prints as what reads back", text);
  require_draws(*distribution, input);
}

void read_number(std::string_view input) {
  if (const auto number = sim::parse_number(input)) {
    require(sim::parse_number(sim::exact_text(*number)) == number, "a number prints as it reads back", input);
    require(!first_unprintable(sim::short_text(*number)), "a number is printable", input);
  }
  if (const auto number = sim::parse_whole_number<std::int64_t>(input)) {
    require(sim::parse_whole_number<std::int64_t>(std::to_string(*number)) == number,
            "a whole number prints as it reads back", input);
  }
  static_cast<void>(sim::study::parse_number(input));
  if (const auto decimal = sim::study::parse_decimal(input)) {
    require(sim::study::parse_decimal(sim::study::to_text(*decimal)) == decimal, "a decimal prints as it reads back",
            input);
    if (const auto wide = sim::study::widened(*decimal, 18)) {
      require(wide->value() == decimal->value(), "a wider decimal is the same number", input);
    }
  }
}

void read_list(std::string_view input) {
  std::vector<std::string> values;
  sim::harness::ListParameter parameter("list", values);
  sim::harness::SampleFiles files;
  for (const auto& line : lines_of(input)) {
    const std::size_t before = values.size();
    if (was_read(parameter.set(line, files))) {
      require(values.size() == before + 1 && values.back() == line, "a list keeps each value as it is", line);
    } else {
      require(values.size() == before, "a refused value leaves the list as it was", line);
    }
  }
}

void require_printable(std::string_view text, std::size_t bytes_max, std::string_view promise) {
  const auto unprintable = first_unprintable(text);
  require(!unprintable && text.size() <= bytes_max, promise, bytes_around(text, unprintable.value_or(0)));
}

/// Bytes as three octal digits each: `$'...'` of bash.
std::string octal_digits_read(std::string_view quoted) {
  std::string word;
  for (std::size_t at = 0; at < quoted.size(); ++at) {
    if (quoted[at] == '\\') {
      word += static_cast<char>(std::stoi(std::string(quoted.substr(at + 1, 3)), nullptr, 8));
      at += 3;
    } else {
      word += quoted[at];
    }
  }
  return word;
}

/// What a shell makes of a word.
std::string unquoted_by_shell(std::string_view line) {
  if (line.starts_with("$'")) {
    return octal_digits_read(line.substr(2, line.size() - 3));
  }
  std::string word;
  bool quoted = false;
  for (std::size_t at = 0; at < line.size(); ++at) {
    if (line[at] == '\'') {
      quoted = !quoted;
    } else if (line[at] == '\\' && !quoted) {
      word += line[++at];
    } else {
      word += line[at];
    }
  }
  return word;
}

void quote(std::string_view input) {
  // A byte may take four letters, and the length stands behind.
  constexpr std::size_t per_byte = 8;
  require_printable(sim::shown(input), per_byte * sim::shown_bytes_max + 40, "a shown value is one printable line");
  require_printable(sim::shown_path(input), per_byte * sim::shown_path_bytes_max + 40,
                    "a shown path is one printable line");
  require_printable(sim::one_line(input), per_byte * sim::one_line_bytes_max + 40, "one line is one printable line");
  if (input.find('\0') == std::string_view::npos) {
    require(unquoted_by_shell(sim::shell_quoted(input)) == input, "a shell reads a quoted word as it was", input);
  }
}

void name(std::string_view input) {
  const auto lines = lines_of(input, 200);
  if (lines.empty()) {
    return;
  }
  const std::vector<std::string> known(lines.begin() + 1, lines.end());
  const std::string nearest = sim::nearest_name(lines.front(), known);
  require(nearest.empty() || std::find(known.begin(), known.end(), nearest) != known.end(),
          "the nearest name is one of the known", nearest);
  static_cast<void>(sim::did_you_mean(lines.front(), known, "--"));
}

}  // namespace

std::vector<Reader> text_readers() {
  return {{"duration", read_duration},
          {"time_stamp", read_time_stamp},
          {"distribution", read_distribution},
          {"number", read_number},
          {"list", read_list},
          {"quoting", quote},
          {"nearest_name", name}};
}

}  // namespace attack
