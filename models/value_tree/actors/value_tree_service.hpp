#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "actors/containers/rendezvous.hpp"
#include "libsim/sim.hpp"
#include "libsim/statistics/time_weighted.hpp"
#include "models/value_tree/actors/value_tree_messages.hpp"

namespace sim::actors {

/// Answers questions about the value tree of a store: loads what is needed of it and lets workers calculate.
///
/// With `lazy_loading` opening a tree reads its outline only, and each question the pages that it needs and nobody has
/// read; without, opening reads all of it. With `parallel_branches` the branches below the root go to the workers in
/// turn, always the same branch to the same worker, which remembers it; without, the first worker calculates alone.
/// Handing a branch over takes `dispatch_time`; the root itself is calculated here.
class ValueTreeService {
 public:
  struct Config {
    bool lazy_loading = false;
    std::uint32_t page_nodes = 100;
    bool parallel_branches = false;
    Distribution overhead = lognormal_p50_p99(500us, 2500us);    ///< of a question: parse it, write the answer
    Distribution dispatch_time = lognormal_p50_p99(200us, 1ms);  ///< to hand a branch to a worker and take the result
    Distribution root_time = lognormal_p50_p99(55us, 350us);     ///< to calculate the root from the branches

    friend bool operator==(const Config&, const Config&) = default;
  };
  struct Ports {
    Port<ReadOutline> outline;
    Port<ReadNodes> nodes;
    Port<ChangeNodeValue> change;
    std::vector<Port<CalculateBranch>> workers;
  };
  struct BranchesDone {
    friend bool operator==(const BranchesDone&, const BranchesDone&) = default;
  };
  struct AwaitBranches {
    using Reply = BranchesDone;
    std::uint64_t number = 0;
    friend bool operator==(const AwaitBranches&, const AwaitBranches&) = default;
  };
  using Inbox = sim::Inbox<OpenTree, CalculateTree, ChangeNodeValue, AwaitBranches>;

  ValueTreeService(Context& ctx, Config config, Ports ports);
  Process on(OpenTree request, ReplyTo<TreeOpened> reply_to);
  Process on(CalculateTree request, ReplyTo<TreeCalculated> reply_to);
  Process on(ChangeNodeValue request, ReplyTo<NodeValueChanged> reply_to);
  void on(const AwaitBranches& request, ReplyTo<BranchesDone> reply_to) { gatherings_.await(request.number, reply_to); }

  /// Area under the number of questions that it works on, in questions × seconds.
  [[nodiscard]] double questions_integral() const { return questions_.integral(ctx_.now()); }

 private:
  /// Branches that workers calculate at this moment.
  struct Gathering {
    std::uint64_t number = 0;
    std::vector<policies::BranchResult> results;
    policies::TreeEffort effort;
    std::size_t missing = 0;
  };

  [[nodiscard]] Task<> load(std::uint32_t first, std::uint32_t count);
  [[nodiscard]] policies::ValueTree tree_of(std::optional<std::uint32_t> branch);
  [[nodiscard]] std::uint32_t end_of(std::uint32_t branch) const;
  [[nodiscard]] Task<TreeCalculated> calculate_alone(CalculateBranch request);
  [[nodiscard]] Task<TreeCalculated> calculate_in_parallel(CalculateBranch request);
  Process calculate_branch(Gathering& gathering, std::size_t position, CalculateBranch request);

  Context& ctx_;
  Config config_;
  Ports ports_;
  RandomStream& overhead_rng_;
  RandomStream& dispatch_rng_;
  RandomStream& root_rng_;
  TimeWeighted questions_;
  Rendezvous<BranchesDone> gatherings_;
  TreeOutline outline_;
  std::vector<policies::ValueNode> nodes_;
  std::vector<bool> is_page_loaded_;
  std::optional<policies::ValueTree> tree_;  ///< once every node is here and somebody has asked for all
};

}  // namespace sim::actors
