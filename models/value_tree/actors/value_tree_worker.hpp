#pragma once

#include "libsim/sim.hpp"
#include "models/value_tree/actors/value_tree_calculation.hpp"
#include "models/value_tree/actors/value_tree_messages.hpp"

namespace sim::actors {

/// Calculates on trees, one after the other. The results are real; their time is a cost for each node that the
/// calculation visited, and for each question to the memo.
class ValueTreeWorker {
 public:
  struct Config {
    policies::ValueTreeCalculator::Config calculator;
    Distribution time_per_node = lognormal_p50_p99(55us, 350us);
    Distribution time_per_lookup = lognormal_p50_p99(2us, 10us);

    friend bool operator==(const Config&, const Config&) = default;
  };
  using Inbox = sim::Inbox<CalculateBranch>;

  ValueTreeWorker(Context& ctx, Config config);
  Process on(CalculateBranch request, ReplyTo<TreeCalculated> reply_to);

 private:
  [[nodiscard]] Duration time_of(const policies::TreeEffort& effort);

  Context& ctx_;
  Config config_;
  policies::ValueTreeCalculator calculator_;
  RandomStream& visit_rng_;
  RandomStream& lookup_rng_;
  Counter& visited_;
  Counter& known_;
  Tally& calculation_;
  Time free_at_{};
};

}  // namespace sim::actors
