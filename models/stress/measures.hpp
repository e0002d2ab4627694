#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "libsim/harness/scenario_run.hpp"
#include "libsim/sim.hpp"
#include "libsim/statistics/sample_summary.hpp"  // IWYU pragma: export

namespace sim::models::stress {

/// An actor that asks one question and keeps the answer: how a scenario looks at a mechanism when all is over.
template <class M>
class Inquiry {
 public:
  using Inbox = sim::Inbox<>;

  Inquiry(Context& ctx, Port<M> port, M question) : ctx_(ctx), port_(port), question_(question) {}

  Process run() {
    const auto answer = co_await ctx_.ask(port_, question_);
    check(answer.has_value(), "whoever is asked when all is over answers");
    answer_ = *answer;
  }

  [[nodiscard]] const typename M::Reply& answer() const { return *answer_; }

 private:
  Context& ctx_;
  Port<M> port_;
  M question_;
  std::optional<typename M::Reply> answer_;
};

/// Asks `port` in a simulation that has come to rest.
template <class M>
[[nodiscard]] typename M::Reply inquire(Simulation& simulation, Port<M> port, std::type_identity_t<M> question = {}) {
  const auto inquiry = simulation.spawn<Inquiry<M>>("inquiry", port, question);
  simulation.run();
  const typename M::Reply answer = simulation.get(inquiry).answer();
  simulation.kill(inquiry);
  simulation.run();
  return answer;
}

/// Reports a number of things counted.
void report_count(harness::ScenarioRun& run, std::string_view metric, std::uint64_t count, std::uint64_t samples = 1);

/// Reports whether something was observed.
void report_bool(harness::ScenarioRun& run, std::string_view metric, bool observed, std::uint64_t samples = 1);

/// Reports a duration in milliseconds.
void report_ms(harness::ScenarioRun& run, std::string_view metric, Duration duration, std::uint64_t samples = 1);

/// Reports a share in percent; not a number when there is nothing to share.
void report_percent(harness::ScenarioRun& run, std::string_view metric, std::uint64_t part, std::uint64_t whole);

/// The sum of times in milliseconds, in seconds.
[[nodiscard]] double sum_s(const std::vector<double>& times_ms);

[[nodiscard]] constexpr double to_milliseconds(Duration duration) { return to_seconds(duration) * 1e3; }

}  // namespace sim::models::stress
