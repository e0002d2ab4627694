#include "libsim/testing/reference.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <iterator>
#include <memory>
#include <sstream>
#include <vector>

#include "libsim/harness/report/scenario_outcome.hpp"
#include "libsim/harness/run/event_sink.hpp"
#include "libsim/kernel/simulation.hpp"
#include "libsim/testing/golden.hpp"
#include "libsim/text/number_text.hpp"

namespace sim::testing {

namespace {

constexpr std::size_t digits_max = 4096;
constexpr std::size_t digits_per_line = 64;
constexpr std::uint64_t events_shown = 24;
constexpr std::string_view digits_mark = "events per digit ";

using Lines = std::vector<std::string>;

Lines lines_of(const std::string& text) {
  Lines lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) {
    lines.push_back(std::move(line));
  }
  return lines;
}

/// One digit per event: four bits of the fingerprint of its simulation.
class EventDigits final : public harness::EventSink {
 public:
  [[nodiscard]] std::unique_ptr<EventObserver> observer_for(const harness::EventOrigin&,
                                                            const Simulation& simulation) override {
    return std::make_unique<Observer>(digits_, simulation);
  }

  /// So many events stand behind a digit that there are at most `digits_max` of them: the last one of each counts.
  [[nodiscard]] std::string text() const {
    const std::size_t per_digit = std::max<std::size_t>(1, (digits_.size() + digits_max - 1) / digits_max);
    std::string text = fmt::format("{}{}", digits_mark, per_digit);
    for (std::size_t group = 0; group * per_digit < digits_.size(); ++group) {
      text += group % digits_per_line == 0 ? "\n" : "";
      text += digits_[std::min((group + 1) * per_digit, digits_.size()) - 1];
    }
    return text + "\n";
  }

 private:
  class Observer final : public EventObserver {
   public:
    Observer(std::string& digits, const Simulation& simulation) : digits_(digits), simulation_(simulation) {}
    void on_event(const EventRecord&) override {
      constexpr std::uint64_t golden_ratio = 0x9e3779b97f4a7c15;
      digits_ += "0123456789abcdef"[(simulation_.fingerprint() * golden_ratio) >> 60];
    }

   private:
    std::string& digits_;
    const Simulation& simulation_;
  };

  std::string digits_;
};

/// The two parts of a reference: facts, one per line, and the digits of all events.
struct Facts {
  Lines lines;
  std::uint64_t events_per_digit = 1;
  std::string digits;

  explicit Facts(const std::string& text) {
    bool in_digits = false;
    for (const std::string& line : lines_of(text)) {
      if (in_digits) {
        digits += line;
      } else if (line.starts_with(digits_mark)) {
        in_digits = true;
        events_per_digit = parse_whole_number<std::uint64_t>(line.substr(digits_mark.size())).value_or(1);
      } else {
        lines.push_back(line);
      }
    }
  }
};

/// The first metric that differs is the place to look first; totals differ with any event.
std::string first_fact(const Facts& reference, const Facts& now) {
  const auto is_metric = [](const std::string& line) { return line.starts_with("metric "); };
  for (const bool metrics : {true, false}) {
    for (std::size_t line = 0; line < std::max(reference.lines.size(), now.lines.size()); ++line) {
      const std::string before = line < reference.lines.size() ? reference.lines[line] : "(nothing)";
      const std::string after = line < now.lines.size() ? now.lines[line] : "(nothing)";
      if (before != after && (is_metric(before) || is_metric(after)) == metrics) {
        return fmt::format("  reference: {}\n  now:       {}\n", before, after);
      }
    }
  }
  return {};
}

/// The events of this run around the first digit that differs.
std::string first_event(const Facts& reference, const Facts& now, const harness::Experiment& experiment,
                        std::string_view scenario, const RunOptions& options) {
  if (reference.events_per_digit != now.events_per_digit) {
    return fmt::format("  the numbers of events are too far apart to find the first that differs\n");
  }
  const auto [before, after] =
      std::mismatch(reference.digits.begin(), reference.digits.end(), now.digits.begin(), now.digits.end());
  if (before == reference.digits.end() && after == now.digits.end()) {
    return "  every event is as it was\n";
  }
  const auto group = static_cast<std::uint64_t>(std::distance(now.digits.begin(), after));
  const std::uint64_t first = group * now.events_per_digit + 1;
  const std::uint64_t last = (group + 1) * now.events_per_digit;
  std::string text = now.events_per_digit == 1
                         ? fmt::format("  the first event that differs is number {}", first)
                         : fmt::format("  the first event that differs is one of numbers {} to {}", first, last);
  if (after == now.digits.end()) {
    return text + ", which this run has no more\n";
  }
  text += "; now:\n";
  Lines events = lines_of(trace_scenario(experiment, scenario, last, options));
  const std::uint64_t wanted = std::min<std::uint64_t>(now.events_per_digit + 1, events_shown);
  const std::size_t shown = std::min<std::size_t>(events.size(), wanted);
  for (std::size_t line = events.size() - shown; line < events.size(); ++line) {
    text += fmt::format("    {}\n", events[line]);
  }
  return text;
}

}  // namespace

std::string reference_text(const harness::Experiment& experiment, std::string_view scenario,
                           const RunOptions& options) {
  EventDigits digits;
  const ScenarioResult result = run_scenario(experiment, scenario, options, digits);
  std::string text = fmt::format("{} {} seed {}\nfingerprint {}\nevents {}\nvirtual_time {}\n", result.experiment,
                                 result.scenario, result.seed, harness::fingerprint_text(result.totals.fingerprint),
                                 result.totals.events, to_text(result.totals.virtual_time.nearest()));
  for (const auto& metric : result.metrics) {
    text += fmt::format("metric {} {} {} samples {}\n", metric.metric, exact_text(metric.mean), metric.unit,
                        metric.samples);
  }
  return text + digits.text();
}

std::string compare_with_reference(const std::filesystem::path& file, const harness::Experiment& experiment,
                                   std::string_view scenario, const RunOptions& options) {
  const std::string now = reference_text(experiment, scenario, options);
  const std::string difference = compare_with_golden(file, now);
  std::ifstream in(file, std::ios::binary);
  if (difference.empty() || !in) {
    return difference;
  }
  const Facts reference(std::string{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()});
  return fmt::format("{}: the scenario {} of {} is no longer as it was\n{}{}{}=1 accepts it\n", file.string(), scenario,
                     experiment.name(), first_fact(reference, Facts(now)),
                     first_event(reference, Facts(now), experiment, scenario, options), update_golden_variable);
}

}  // namespace sim::testing
