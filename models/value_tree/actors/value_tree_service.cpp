#include "models/value_tree/actors/value_tree_service.hpp"

#include <algorithm>
#include <utility>

namespace sim::actors {

ValueTreeService::ValueTreeService(Context& ctx, Config config, Ports ports)
    : ctx_(ctx),
      config_(std::move(config)),
      ports_(std::move(ports)),
      overhead_rng_(ctx.random("overhead")),
      dispatch_rng_(ctx.random("dispatch")),
      root_rng_(ctx.random("root")),
      questions_(ctx.now()),
      gatherings_(ctx) {}

Process ValueTreeService::on(OpenTree, ReplyTo<TreeOpened> reply_to) {
  auto outline = co_await ctx_.ask(ports_.outline, ReadOutline{});
  check(outline.has_value(), "a store answers");
  outline_ = *std::move(outline);
  nodes_.assign(outline_.nodes_count, {});
  is_page_loaded_.assign((outline_.nodes_count + config_.page_nodes - 1) / config_.page_nodes, false);
  tree_.reset();
  if (!config_.lazy_loading) {
    co_await load(0, outline_.nodes_count);
  }
  ctx_.reply(reply_to, TreeOpened{outline_.nodes_count, static_cast<std::uint32_t>(outline_.branches.size())});
}

Process ValueTreeService::on(CalculateTree request, ReplyTo<TreeCalculated> reply_to) {
  questions_.add(ctx_.now(), 1);
  co_await ctx_.sleep(config_.overhead.sample(overhead_rng_));
  const std::uint32_t first = request.branch ? outline_.branches.at(*request.branch) : 0;
  const std::uint32_t end = request.branch ? end_of(*request.branch) : outline_.nodes_count;
  co_await load(first, end - first);
  CalculateBranch work{request.operation, tree_of(request.branch)};
  if (config_.parallel_branches && work.tree.size() > 1) {
    auto calculated = co_await calculate_in_parallel(std::move(work));
    questions_.add(ctx_.now(), -1);
    ctx_.reply(reply_to, std::move(calculated));
  } else {
    auto calculated = co_await calculate_alone(std::move(work));
    questions_.add(ctx_.now(), -1);
    ctx_.reply(reply_to, std::move(calculated));
  }
}

Process ValueTreeService::on(ChangeNodeValue request, ReplyTo<NodeValueChanged> reply_to) {
  const auto changed = co_await ctx_.ask(ports_.change, request);
  check(changed.has_value(), "a store answers");
  nodes_[request.node].value_cents = request.value_cents;
  if (tree_) {
    tree_->set_value(request.node, request.value_cents);
  }
  ctx_.reply(reply_to, NodeValueChanged{});
}

/// Reads the missing ones among these nodes: all in one go, or page by page.
Task<> ValueTreeService::load(std::uint32_t first, std::uint32_t count) {
  const std::uint32_t step = config_.lazy_loading ? config_.page_nodes : outline_.nodes_count;
  for (std::uint32_t at = first / step * step; at < first + count; at += step) {
    if (is_page_loaded_[at / config_.page_nodes]) {
      continue;
    }
    const ReadNodes request{at, std::min(step, outline_.nodes_count - at)};
    const auto read = co_await ctx_.ask(ports_.nodes, request);
    check(read.has_value(), "a store answers");
    std::copy(read->nodes.begin(), read->nodes.end(), nodes_.begin() + at);
    for (std::uint32_t node = at; node < at + request.count; node += config_.page_nodes) {
      is_page_loaded_[node / config_.page_nodes] = true;
    }
  }
}

policies::ValueTree ValueTreeService::tree_of(std::optional<std::uint32_t> branch) {
  if (!branch) {
    if (!tree_) {
      tree_.emplace(nodes_);
    }
    return *tree_;
  }
  std::vector<policies::ValueNode> nodes(nodes_.begin() + outline_.branches[*branch], nodes_.begin() + end_of(*branch));
  for (policies::ValueNode& node : nodes) {
    --node.level;  // a branch begins one level below the root
  }
  return policies::ValueTree(std::move(nodes));
}

std::uint32_t ValueTreeService::end_of(std::uint32_t branch) const {
  return branch + 1 < outline_.branches.size() ? outline_.branches[branch + 1] : outline_.nodes_count;
}

Task<TreeCalculated> ValueTreeService::calculate_alone(CalculateBranch request) {
  auto calculated = co_await ctx_.ask(ports_.workers.front(), request);
  check(calculated.has_value(), "a worker answers");
  co_return *std::move(calculated);
}

Task<TreeCalculated> ValueTreeService::calculate_in_parallel(CalculateBranch request) {
  const std::vector<policies::ValueTree::Index> firsts = request.tree.children(0);
  Gathering gathering{gatherings_.open(), std::vector<policies::BranchResult>(firsts.size()), {}, firsts.size()};
  for (std::size_t position = 0; position < firsts.size(); ++position) {
    co_await ctx_.sleep(config_.dispatch_time.sample(dispatch_rng_));
    gathering.results[position].first = firsts[position];
    CalculateBranch branch{request.operation, request.tree.branch(firsts[position])};
    ctx_.start(calculate_branch(gathering, position, std::move(branch)));
  }
  const auto done = co_await ctx_.ask(ctx_.ref(*this), AwaitBranches{gathering.number});
  check(done.has_value(), "all branches come back");
  co_await ctx_.sleep(config_.root_time.sample(root_rng_));
  gathering.effort += {.visited_count = 1};
  co_return TreeCalculated{policies::combine(request.operation, request.tree.node(0), gathering.results),
                           gathering.effort};
}

Process ValueTreeService::calculate_branch(Gathering& gathering, std::size_t position, CalculateBranch request) {
  auto calculated = co_await ctx_.ask(ports_.workers[position % ports_.workers.size()], request);
  check(calculated.has_value(), "a worker answers");
  gathering.results[position].result = std::move(calculated->result);
  gathering.effort += calculated->effort;
  if (--gathering.missing == 0) {
    gatherings_.resolve(gathering.number, BranchesDone{});
  }
}

}  // namespace sim::actors
