#include "models/value_tree/actors/value_tree_worker.hpp"

#include <algorithm>
#include <utility>

namespace sim::actors {

ValueTreeWorker::ValueTreeWorker(Context& ctx, Config config)
    : ctx_(ctx),
      config_(std::move(config)),
      calculator_(config_.calculator),
      visit_rng_(ctx.random("visit")),
      lookup_rng_(ctx.random("lookup")),
      visited_(ctx.counter("nodes_visited_count")),
      known_(ctx.counter("branches_known_count")),
      calculation_(ctx.tally("calculation_s")) {}

Process ValueTreeWorker::on(CalculateBranch request, ReplyTo<TreeCalculated> reply_to) {
  auto [result, effort] = calculator_.calculate(request.operation, request.tree, ctx_.now());
  const Duration time = time_of(effort);
  free_at_ = std::max(free_at_, ctx_.now()) + time;
  visited_.add(effort.visited_count);
  known_.add(effort.known_count);
  calculation_.add(to_seconds(time));
  TreeCalculated calculated{std::move(result), effort};
  co_await ctx_.sleep(free_at_ - ctx_.now());
  ctx_.reply(reply_to, std::move(calculated));
}

Duration ValueTreeWorker::time_of(const policies::TreeEffort& effort) {
  Duration time{};
  for (std::uint64_t node = 0; node < effort.visited_count; ++node) {
    time += config_.time_per_node.sample(visit_rng_);
  }
  for (std::uint64_t lookup = 0; lookup < effort.lookups_count; ++lookup) {
    time += config_.time_per_lookup.sample(lookup_rng_);
  }
  return time;
}

}  // namespace sim::actors
