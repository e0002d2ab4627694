#include "models/value_tree/actors/analyst.hpp"

#include <utility>

namespace sim::models::value_tree {

Analyst::Analyst(Context& ctx, Config config, Ports ports)
    : ctx_(ctx),
      config_(config),
      ports_(ports),
      change_rng_(ctx.random("change")),
      answer_time_(ctx.tally("answer_time_s")) {}

Process Analyst::run() {
  using policies::TreeOperation;
  const Time began_at = ctx_.now();
  const auto opened = co_await ctx_.ask(ports_.open, actors::OpenTree{});
  check(opened.has_value(), "a tree can be opened");
  opening_time_ = ctx_.now() - began_at;
  if (opened->branches_count > 0) {
    co_await ask(Round::branch, TreeOperation::total, 0);
  }
  co_await ask_all(Round::first);
  co_await ask_all(Round::repeated);
  const actors::ChangeNodeValue change{
      .node = static_cast<policies::ValueTree::Index>(change_rng_.below(opened->nodes_count)),
      .value_cents = static_cast<std::int64_t>(change_rng_.below(2'000'000))};
  const auto changed = co_await ctx_.ask(ports_.change, change);
  check(changed.has_value(), "a value can be changed");
  co_await ask_all(Round::changed);
  is_done_ = true;
}

Task<> Analyst::ask_all(Round round) {
  for (const policies::TreeOperation operation : policies::all_tree_operations) {
    co_await ask(round, operation, std::nullopt);
  }
}

Task<> Analyst::ask(Round round, policies::TreeOperation operation, std::optional<std::uint32_t> branch) {
  const Time asked_at = ctx_.now();
  const actors::CalculateTree question{operation, branch};
  ++questions_count_;
  auto answer = co_await ctx_.ask(ports_.calculate, question, config_.timeout);
  Record record{.round = round, .operation = operation, .time = ctx_.now() - asked_at, .answer = {}};
  if (answer) {
    record.answer = *std::move(answer);
    answer_time_.add(to_seconds(record.time));
  }
  records_.push_back(std::move(record));
}

}  // namespace sim::models::value_tree
