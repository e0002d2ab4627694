#include "models/value_tree/actors/value_tree_store.hpp"

#include <cmath>
#include <utility>
#include <vector>

namespace sim::actors {

namespace {

policies::ValueTree make_tree(const ValueTreeStore::Config& config, RandomStream& random) {
  return policies::ValueTree::regular(config.children, config.levels, [&](std::uint32_t) {
    const double value_cents = 100 * config.node_value_mean * random.standard_exponential();
    const bool is_cost = random.chance(config.cost_share);
    policies::ValueNode node;
    node.value_cents = std::llround(is_cost ? -value_cents : value_cents);
    node.weight = config.weight_min + (1 - config.weight_min) * random.uniform01();
    node.category = policies::all_value_categories[random.below(policies::all_value_categories.size())];
    return node;
  });
}

}  // namespace

ValueTreeStore::ValueTreeStore(Context& ctx, Config config)
    : ctx_(ctx),
      config_(std::move(config)),
      latency_rng_(ctx.random("latency")),
      transfer_rng_(ctx.random("transfer")),
      tree_(make_tree(config_, ctx.random("tree"))),
      nodes_read_(ctx.counter("nodes_read_count")) {}

Process ValueTreeStore::on(ReadOutline, ReplyTo<TreeOutline> reply_to) {
  co_await ctx_.sleep(config_.latency.sample(latency_rng_));
  ctx_.reply(reply_to, TreeOutline{tree_.size(), tree_.children(0)});
}

Process ValueTreeStore::on(ReadNodes request, ReplyTo<TreeNodes> reply_to) {
  Duration time = config_.latency.sample(latency_rng_);
  for (std::uint32_t node = 0; node < request.count; ++node) {
    time += config_.time_per_node.sample(transfer_rng_);
  }
  co_await ctx_.sleep(time);
  nodes_read_.add(request.count);
  const auto first = tree_.nodes().begin() + request.first;
  ctx_.reply(reply_to, TreeNodes{std::vector<policies::ValueNode>(first, first + request.count)});
}

Process ValueTreeStore::on(ChangeNodeValue request, ReplyTo<NodeValueChanged> reply_to) {
  co_await ctx_.sleep(config_.latency.sample(latency_rng_));
  tree_.set_value(request.node, request.value_cents);
  ctx_.reply(reply_to, NodeValueChanged{});
}

}  // namespace sim::actors
