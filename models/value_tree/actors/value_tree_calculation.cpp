#include "models/value_tree/actors/value_tree_calculation.hpp"

#include <algorithm>
#include <limits>
#include <type_traits>

#include "libsim/failure.hpp"

namespace sim::policies {

namespace {

using Index = ValueTree::Index;

/// Each rule says how the value of a branch comes about: begin with its root, add each child, finish.
struct TotalRule {
  using Value = std::int64_t;
  static constexpr std::uint8_t kind = 0;
  static Value begin(const ValueNode& node) { return node.value_cents; }
  static void add(Value& value, const Value& child) { value += child; }
  static void finish(Value&, const ValueNode&) {}
};

struct WeightedRule {
  using Value = double;
  static constexpr std::uint8_t kind = 1;
  static Value begin(const ValueNode& node) { return static_cast<double>(node.value_cents); }
  static void add(Value& value, const Value& child) { value += child; }
  static void finish(Value& value, const ValueNode& node) { value *= node.weight; }
};

/// The most that a way down to a leaf adds up to. A way ends at a leaf, also when what lies below costs more than it
/// brings.
struct PathRule {
  using Value = std::int64_t;
  static constexpr std::uint8_t kind = 2;
  static constexpr Value no_child = std::numeric_limits<Value>::min();
  static Value begin(const ValueNode&) { return no_child; }
  static void add(Value& value, const Value& child) { value = std::max(value, child); }
  static void finish(Value& value, const ValueNode& node) {
    value = (value == no_child ? 0 : value) + node.value_cents;
  }
};

struct DistributionRule {
  using Value = ValueDistribution;
  static constexpr std::uint8_t kind = 3;
  static Value begin(const ValueNode& node) {
    Value value;
    value.categories[static_cast<std::size_t>(node.category)] = {node.value_cents, 1};
    return value;
  }
  static void add(Value& value, const Value& child) {
    for (std::size_t category = 0; category < value.categories.size(); ++category) {
      value.categories[category].value_cents += child.categories[category].value_cents;
      value.categories[category].nodes_count += child.categories[category].nodes_count;
    }
  }
  static void finish(Value&, const ValueNode&) {}
};

template <class Rule>
TreeResult combine_by(const ValueNode& root, std::span<const BranchResult> branches) {
  typename Rule::Value value = Rule::begin(root);
  for (const BranchResult& branch : branches) {
    Rule::add(value, std::get<typename Rule::Value>(branch.result));
  }
  Rule::finish(value, root);
  return value;
}

TreeResult combine_paths(const ValueNode& root, std::span<const BranchResult> branches) {
  const auto brings_less = [](const BranchResult& one, const BranchResult& other) {
    return std::get<CriticalPath>(one.result).value_cents < std::get<CriticalPath>(other.result).value_cents;
  };
  CriticalPath path{root.value_cents, {0}};
  if (const auto best = std::max_element(branches.begin(), branches.end(), brings_less); best != branches.end()) {
    const auto& below = std::get<CriticalPath>(best->result);
    path.value_cents += below.value_cents;
    for (const Index node : below.nodes) {
      path.nodes.push_back(best->first + node);
    }
  }
  return path;
}

}  // namespace

std::string_view to_text(TreeOperation operation) {
  constexpr std::array<std::string_view, 5> texts = {"total", "weighted", "critical_path", "distribution", "roi"};
  return texts[static_cast<std::size_t>(operation)];
}

/// The values of branches by their first node, as far as they are known: what lies in a remembered branch is not.
template <class Rule>
struct ValueTreeCalculator::Folded {
  explicit Folded(Index size) : values(size), is_known(size) {}

  std::vector<typename Rule::Value> values;
  std::vector<char> is_known;
};

ValueTreeCalculator::ValueTreeCalculator(Config config) {
  if (config.memo) {
    memo_.emplace(*config.memo);
  }
}

ValueTreeCalculator::Outcome ValueTreeCalculator::calculate(TreeOperation operation, const ValueTree& tree, Time now) {
  effort_ = {};
  Outcome outcome;
  switch (operation) {
    case TreeOperation::total:
      outcome.result = fold<TotalRule>(tree, now).values.front();
      break;
    case TreeOperation::weighted:
    case TreeOperation::roi:
      outcome.result = fold<WeightedRule>(tree, now).values.front();
      break;
    case TreeOperation::critical_path:
      outcome.result = critical_path(tree, now);
      break;
    case TreeOperation::distribution:
      outcome.result = fold<DistributionRule>(tree, now).values.front();
      break;
  }
  outcome.effort = effort_;
  return outcome;
}

template <class Rule>
ValueTreeCalculator::Folded<Rule> ValueTreeCalculator::fold(const ValueTree& tree, Time now) {
  Folded<Rule> folded(tree.size());
  fold(tree, 0, folded, now);
  return folded;
}

template <class Rule>
void ValueTreeCalculator::fold(const ValueTree& tree, Index root, Folded<Rule>& folded, Time now) {
  std::vector<Index> to_visit;
  to_visit.reserve(tree.branch_size(root));
  for (Index index = root, end = root + tree.branch_size(root); index < end;) {
    effort_.lookups_count += memo_ ? 1 : 0;
    const auto remembered = memo_ ? memo_->get({tree.content_hash(index), Rule::kind}, now) : std::nullopt;
    if (remembered) {
      folded.values[index] = std::get<typename Rule::Value>(*remembered);
      folded.is_known[index] = 1;
      ++effort_.known_count;
      index += tree.branch_size(index);
    } else {
      to_visit.push_back(index++);
    }
  }
  std::for_each(to_visit.rbegin(), to_visit.rend(), [&](Index index) {
    typename Rule::Value value = Rule::begin(tree.node(index));
    tree.for_each_child(index, [&](Index child) { Rule::add(value, folded.values[child]); });
    Rule::finish(value, tree.node(index));
    if (memo_) {
      memo_->set({tree.content_hash(index), Rule::kind}, value, now);
    }
    folded.values[index] = std::move(value);
    folded.is_known[index] = 1;
  });
  effort_.visited_count += to_visit.size();
}

/// From the root always on to the child that brings most.
CriticalPath ValueTreeCalculator::critical_path(const ValueTree& tree, Time now) {
  Folded<PathRule> folded = fold<PathRule>(tree, now);
  CriticalPath path{folded.values.front(), {0}};
  while (tree.branch_size(path.nodes.back()) > 1) {
    std::optional<Index> best;
    tree.for_each_child(path.nodes.back(), [&](Index child) {
      if (!folded.is_known[child]) {
        fold(tree, child, folded, now);
      }
      best = !best || folded.values[child] > folded.values[*best] ? child : *best;
    });
    path.nodes.push_back(*best);
  }
  return path;
}

TreeResult combine(TreeOperation operation, const ValueNode& root, std::span<const BranchResult> branches) {
  switch (operation) {
    case TreeOperation::total:
      return combine_by<TotalRule>(root, branches);
    case TreeOperation::weighted:
    case TreeOperation::roi:
      return combine_by<WeightedRule>(root, branches);
    case TreeOperation::critical_path:
      return combine_paths(root, branches);
    case TreeOperation::distribution:
      return combine_by<DistributionRule>(root, branches);
  }
  fail_check("an operation on a value tree is one of five", SourceLine::current());
}

double return_on_investment_percent(double weighted_cents, std::int64_t cost_cents) {
  check(cost_cents > 0, "an investment costs something");
  return 100 * (weighted_cents - static_cast<double>(cost_cents)) / static_cast<double>(cost_cents);
}

}  // namespace sim::policies
