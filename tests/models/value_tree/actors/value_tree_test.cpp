#include "models/value_tree/actors/value_tree.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "libsim/failure.hpp"
#include "libsim/random/stream.hpp"
#include "models/value_tree/actors/value_tree_calculation.hpp"

using namespace sim;
using namespace sim::policies;

namespace {

using Index = ValueTree::Index;

ValueNode random_node(RandomStream& random, std::uint32_t level) {
  ValueNode node;
  node.value_cents = static_cast<std::int64_t>(random.below(2'000)) - 500;
  node.weight = random.uniform01();
  node.category = all_value_categories[random.below(4)];
  node.level = level;
  return node;
}

/// Up to 60 nodes, from a chain to a bush.
ValueTree random_tree(RandomStream& random) {
  std::vector<ValueNode> nodes = {random_node(random, 0)};
  const std::uint64_t size = 1 + random.below(60);
  while (nodes.size() < size) {
    const std::uint32_t above = nodes.back().level;
    nodes.push_back(random_node(random, 1 + static_cast<std::uint32_t>(random.below(above + 1))));
  }
  return ValueTree(std::move(nodes));
}

/// The five operations once more, straight from their definitions: over nodes and their ways up to the root.
class Naive {
 public:
  explicit Naive(const ValueTree& tree) : nodes_(tree.nodes()) {
    std::map<std::uint32_t, Index> last_of_level;
    for (Index index = 0; index < nodes_.size(); ++index) {
      last_of_level[nodes_[index].level] = index;
      parents_.push_back(index == 0 ? std::nullopt : std::optional(last_of_level[nodes_[index].level - 1]));
    }
  }

  [[nodiscard]] std::int64_t total() const {
    std::int64_t sum = 0;
    for (const ValueNode& node : nodes_) {
      sum += node.value_cents;
    }
    return sum;
  }
  [[nodiscard]] double weighted() const {
    double sum = 0;
    for (Index index = 0; index < nodes_.size(); ++index) {
      double share = 1;
      for (const Index above : way_from_root(index)) {
        share *= nodes_[above].weight;
      }
      sum += share * static_cast<double>(nodes_[index].value_cents);
    }
    return sum;
  }
  [[nodiscard]] CriticalPath critical_path() const {
    std::optional<CriticalPath> best;
    for (Index index = 0; index < nodes_.size(); ++index) {
      if (std::find(parents_.begin(), parents_.end(), std::optional(index)) != parents_.end()) {
        continue;  // not a leaf
      }
      CriticalPath path{0, way_from_root(index)};
      for (const Index above : path.nodes) {
        path.value_cents += nodes_[above].value_cents;
      }
      best = !best || path.value_cents > best->value_cents ? path : *best;
    }
    return *best;
  }
  [[nodiscard]] ValueDistribution distribution() const {
    ValueDistribution distribution;
    for (std::size_t category = 0; category < 4; ++category) {
      for (const ValueNode& node : nodes_) {
        if (node.category == all_value_categories[category]) {
          distribution.categories[category].value_cents += node.value_cents;
          distribution.categories[category].nodes_count += 1;
        }
      }
    }
    return distribution;
  }

 private:
  [[nodiscard]] std::vector<Index> way_from_root(Index index) const {
    std::vector<Index> way;
    for (std::optional<Index> at = index; at; at = parents_[*at]) {
      way.insert(way.begin(), *at);
    }
    return way;
  }

  std::vector<ValueNode> nodes_;
  std::vector<std::optional<Index>> parents_;
};

void check_against_naive(ValueTreeCalculator& calculator, const ValueTree& tree) {
  const Naive naive(tree);
  const auto result = [&](TreeOperation operation) { return calculator.calculate(operation, tree).result; };
  CHECK(std::get<std::int64_t>(result(TreeOperation::total)) == naive.total());
  CHECK(std::get<double>(result(TreeOperation::weighted)) == Approx(naive.weighted()).epsilon(1e-9).margin(1e-6));
  CHECK(std::get<CriticalPath>(result(TreeOperation::critical_path)) == naive.critical_path());
  CHECK(std::get<ValueDistribution>(result(TreeOperation::distribution)) == naive.distribution());
  CHECK(std::get<double>(result(TreeOperation::roi)) == std::get<double>(result(TreeOperation::weighted)));
}

ValueTreeCalculator with_memo(std::size_t entries_max) {
  return ValueTreeCalculator({.memo = CacheConfig{.entries_max = entries_max, .ttl = forever}});
}

ValueNode node(std::uint32_t level, std::int64_t value_cents, double weight = 1) {
  return {.value_cents = value_cents, .weight = weight, .category = ValueCategory::saving, .level = level};
}

/// A root with two branches; the second has two leaves.
ValueTree example() {
  return ValueTree({node(0, 100), node(1, 60, 0.5), node(1, 20, 0.5), node(2, 30, 0.5), node(2, 50, 0.2)});
}

}  // namespace

TEST_CASE("the five operations on a small tree are what one calculates by hand", "[value_tree]") {
  ValueTreeCalculator calculator;
  const ValueTree tree = example();
  CHECK(std::get<std::int64_t>(calculator.calculate(TreeOperation::total, tree).result) == 260);
  // 100 + 0.5 * 60 + 0.5 * (20 + 0.5 * 30 + 0.2 * 50)
  CHECK(std::get<double>(calculator.calculate(TreeOperation::weighted, tree).result) == Approx(152.5));
  CHECK(std::get<CriticalPath>(calculator.calculate(TreeOperation::critical_path, tree).result) ==
        CriticalPath{170, {0, 2, 4}});
  const auto distribution = std::get<ValueDistribution>(calculator.calculate(TreeOperation::distribution, tree).result);
  CHECK(distribution.categories[static_cast<std::size_t>(ValueCategory::saving)] ==
        ValueDistribution::Category{260, 5});
  CHECK(return_on_investment_percent(152.5, 100) == Approx(52.5));
}

TEST_CASE("on random trees the operations agree with a second implementation", "[value_tree]") {
  RandomStream random(StreamKey{.seed = 1, .actor = "test", .purpose = "trees"});
  ValueTreeCalculator plain;
  ValueTreeCalculator remembering = with_memo(10'000);
  ValueTreeCalculator forgetful = with_memo(7);
  for (int tree_number = 0; tree_number < 200; ++tree_number) {
    const ValueTree tree = random_tree(random);
    check_against_naive(plain, tree);
    check_against_naive(remembering, tree);
    check_against_naive(forgetful, tree);
  }
}

TEST_CASE("with a memo, of whatever size, results are the same to the last bit after any changes", "[value_tree]") {
  RandomStream random(StreamKey{.seed = 2, .actor = "test", .purpose = "trees"});
  for (const std::size_t entries_max : {1, 5, 40, 1'000, 10'000, 10'000, 10'000, 10'000}) {
    ValueTreeCalculator plain;
    ValueTreeCalculator remembering = with_memo(entries_max);
    ValueTree tree = random_tree(random);
    for (int change = 0; change < 30; ++change) {
      tree.set_value(static_cast<Index>(random.below(tree.size())), static_cast<std::int64_t>(random.below(1'000)));
      CHECK(tree.content_hash(0) == ValueTree(tree.nodes()).content_hash(0));
      for (const TreeOperation operation : all_tree_operations) {
        CHECK(remembering.calculate(operation, tree).result == plain.calculate(operation, tree).result);
      }
    }
  }
}

TEST_CASE("the results of the branches and the root give the result of the tree", "[value_tree]") {
  RandomStream random(StreamKey{.seed = 3, .actor = "test", .purpose = "trees"});
  ValueTreeCalculator calculator;
  for (int tree_number = 0; tree_number < 100; ++tree_number) {
    const ValueTree tree = random_tree(random);
    for (const TreeOperation operation : all_tree_operations) {
      std::vector<BranchResult> branches;
      for (const Index first : tree.children(0)) {
        branches.push_back({first, calculator.calculate(operation, tree.branch(first)).result});
      }
      CHECK(combine(operation, tree.node(0), branches) == calculator.calculate(operation, tree).result);
    }
  }
}

TEST_CASE("without a memo every node is visited, with one only what is new", "[value_tree]") {
  ValueTreeCalculator plain;
  ValueTreeCalculator remembering = with_memo(100);
  ValueTree tree = example();
  for (int time = 0; time < 2; ++time) {
    CHECK(plain.calculate(TreeOperation::total, tree).effort == TreeEffort{.visited_count = 5});
  }
  CHECK(remembering.calculate(TreeOperation::total, tree).effort ==
        TreeEffort{.visited_count = 5, .lookups_count = 5, .known_count = 0});
  CHECK(remembering.calculate(TreeOperation::total, tree).effort ==
        TreeEffort{.visited_count = 0, .lookups_count = 1, .known_count = 1});
  CHECK(remembering.calculate(TreeOperation::weighted, tree).effort.visited_count == 5);
  CHECK(remembering.calculate(TreeOperation::roi, tree).effort.visited_count == 0);  // from the weighted value
  tree.set_value(3, 31);
  // the changed leaf, its parent and the root; the other leaf and the other branch are known
  CHECK(remembering.calculate(TreeOperation::total, tree).effort ==
        TreeEffort{.visited_count = 3, .lookups_count = 5, .known_count = 2});
}

TEST_CASE("equal branches are calculated once, wherever they are, until the memo finds them too old", "[value_tree]") {
  ValueTreeCalculator remembering({.memo = CacheConfig{.entries_max = 100, .ttl = 1min}});
  const ValueTree one({node(0, 1), node(1, 7), node(2, 8)});
  const ValueTree other({node(0, 2), node(1, 3), node(2, 7), node(3, 8)});
  CHECK(remembering.calculate(TreeOperation::total, one, Time{}).effort.visited_count == 3);
  CHECK(remembering.calculate(TreeOperation::total, other, Time{}).effort.visited_count == 2);
  CHECK(remembering.calculate(TreeOperation::total, other, Time{2min}).effort.visited_count == 4);
}

TEST_CASE("a critical path ends at a leaf, also when what lies below costs more than it brings", "[value_tree]") {
  ValueTreeCalculator calculator;
  const ValueTree tree({node(0, 5), node(1, -9), node(1, -3), node(2, -1)});
  CHECK(std::get<CriticalPath>(calculator.calculate(TreeOperation::critical_path, tree).result) ==
        CriticalPath{1, {0, 2, 3}});
}

TEST_CASE("regular trees have the nodes that their shape says", "[value_tree]") {
  const auto plain_node = [](std::uint32_t) { return ValueNode{}; };
  CHECK(regular_tree_size(3, 4) == 40);
  CHECK(regular_tree_size(4, 5) == 341);
  CHECK(regular_tree_size(5, 6) == 3906);
  CHECK(ValueTree::regular(3, 4, plain_node).size() == 40);
  CHECK(ValueTree::regular(5, 6, plain_node).size() == 3906);
  const ValueTree tree = ValueTree::regular(2, 3, plain_node);
  CHECK(tree.children(0) == std::vector<Index>{1, 4});
  CHECK(tree.branch(4).size() == 3);
  CHECK(tree.branch(4).node(1).level == 1);
  CHECK(regular_tree_size(100, 20) > 1'000'000'000'000);
}

TEST_CASE("what is not one tree is refused", "[value_tree]") {
  CHECK_THROWS_AS(ValueTree({}), AssertionFailure);
  CHECK_THROWS_AS(ValueTree({node(1, 1)}), AssertionFailure);
  CHECK_THROWS_AS(ValueTree({node(0, 1), node(0, 1)}), AssertionFailure);
  CHECK_THROWS_AS(ValueTree({node(0, 1), node(2, 1)}), AssertionFailure);
  CHECK_THROWS_AS(ValueTree({node(0, 1, 1.5)}), AssertionFailure);
}
