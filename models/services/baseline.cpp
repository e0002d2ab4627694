#include "models/services/baseline.hpp"

#include <fmt/format.h>

#include <optional>

#include "libsim/random/portable_math.hpp"
#include "libsim/text/number_text.hpp"

namespace sim::models::services {

namespace {

/// Takes `key=value` from the front of a text whose parts are separated by one space.
std::optional<std::string_view> take_value(std::string_view& text, std::string_view key) {
  const std::string_view part = text.substr(0, text.find(' '));
  if (part.size() <= key.size() || part.substr(0, key.size()) != key || part[key.size()] != '=') {
    return std::nullopt;
  }
  text.remove_prefix(part.size() < text.size() ? part.size() + 1 : part.size());
  return part.substr(key.size() + 1);
}

std::optional<double> take_number(std::string_view& text, std::string_view key, double above) {
  const auto value = take_value(text, key);
  const auto number = value ? parse_number(*value) : std::nullopt;
  return number && *number > above && *number < 1e6 ? number : std::nullopt;
}

}  // namespace

Expected<SampleSummary> parse_baseline(std::string_view text) {
  const auto calls = take_value(text, "calls");
  const auto samples = calls ? parse_whole_number<std::uint64_t>(*calls) : std::nullopt;
  const auto typical = take_number(text, "typical", 0);
  const auto spread = take_number(text, "spread", 1);
  if (!samples || *samples < 2 || !typical || !spread || !text.empty()) {
    return unexpected("expected calls=N typical=SECONDS spread=FACTOR, such as calls=5000 typical=0.25 spread=1.96");
  }
  return SampleSummary{*samples, portable_log(*typical), portable_log(*spread)};
}

std::string baseline_text(const SampleSummary& log_times) {
  return fmt::format("calls={} typical={:.5g} spread={:.5g}", log_times.samples, portable_exp(log_times.mean),
                     portable_exp(log_times.standard_deviation));
}

}  // namespace sim::models::services
