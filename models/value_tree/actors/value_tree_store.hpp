#pragma once

#include <cstdint>

#include "libsim/sim.hpp"
#include "models/value_tree/actors/value_tree_messages.hpp"

namespace sim::actors {

/// Keeps the value tree of one business case, made of random nodes, and hands out parts of it. Each read costs the
/// latency of the store, and a time for each node.
class ValueTreeStore {
 public:
  struct Config {
    std::uint32_t children = 5;  ///< of each node above the last level
    std::uint32_t levels = 6;
    double node_value_mean = 10'000;  ///< exponentially distributed; in USD
    double cost_share = 0.2;          ///< of the nodes, whose value is negative
    double weight_min = 0.6;          ///< weights are uniform from there to 1
    Distribution latency = lognormal_p50_p99(4ms, 20ms);
    Distribution time_per_node = lognormal_p50_p99(15us, 60us);

    friend bool operator==(const Config&, const Config&) = default;
  };
  using Inbox = sim::Inbox<ReadOutline, ReadNodes, ChangeNodeValue>;

  ValueTreeStore(Context& ctx, Config config);
  Process on(ReadOutline request, ReplyTo<TreeOutline> reply_to);
  Process on(ReadNodes request, ReplyTo<TreeNodes> reply_to);
  Process on(ChangeNodeValue request, ReplyTo<NodeValueChanged> reply_to);

  [[nodiscard]] const policies::ValueTree& tree() const { return tree_; }

 private:
  Context& ctx_;
  Config config_;
  RandomStream& latency_rng_;
  RandomStream& transfer_rng_;
  policies::ValueTree tree_;
  Counter& nodes_read_;
};

}  // namespace sim::actors
