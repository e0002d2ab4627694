#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "actors/cache/cache.hpp"
#include "libsim/time.hpp"
#include "models/value_tree/actors/value_tree.hpp"

namespace sim::policies {

enum class TreeOperation : std::uint8_t { total, weighted, critical_path, distribution, roi };

inline constexpr std::array<TreeOperation, 5> all_tree_operations = {TreeOperation::total, TreeOperation::weighted,
                                                                     TreeOperation::critical_path,
                                                                     TreeOperation::distribution, TreeOperation::roi};

[[nodiscard]] std::string_view to_text(TreeOperation operation);

/// The way from the root to a leaf along which the values add up to most; of equal ones the first.
struct CriticalPath {
  std::int64_t value_cents = 0;
  std::vector<ValueTree::Index> nodes;

  friend bool operator==(const CriticalPath&, const CriticalPath&) = default;
};

/// The sum of the values of each category, and its nodes.
struct ValueDistribution {
  struct Category {
    std::int64_t value_cents = 0;
    std::uint32_t nodes_count = 0;

    friend bool operator==(const Category&, const Category&) = default;
  };
  std::array<Category, all_value_categories.size()> categories{};

  friend bool operator==(const ValueDistribution&, const ValueDistribution&) = default;
};

/// What an operation gives: `total` cents, `weighted` cents, `critical_path`, `distribution`; for `roi` the weighted
/// cents, from which `return_on_investment` follows.
using TreeResult = std::variant<std::int64_t, double, CriticalPath, ValueDistribution>;

/// What a calculation did.
struct TreeEffort {
  std::uint64_t visited_count = 0;  ///< nodes whose value was calculated
  std::uint64_t lookups_count = 0;  ///< questions to the memo
  std::uint64_t known_count = 0;    ///< branches that the memo knew

  TreeEffort& operator+=(const TreeEffort& other) {
    visited_count += other.visited_count;
    lookups_count += other.lookups_count;
    known_count += other.known_count;
    return *this;
  }
  friend bool operator==(const TreeEffort&, const TreeEffort&) = default;
};

/// The five operations on value trees: each is a fold from the leaves to the root.
///
/// With a memo it remembers the result of each branch by the content of the branch: what is known is not visited again,
/// in a tree that has changed elsewhere as in another tree. The results are the same to the last bit.
class ValueTreeCalculator {
 public:
  struct Config {
    std::optional<CacheConfig> memo = {};  ///< nothing: every calculation visits all nodes

    friend bool operator==(const Config&, const Config&) = default;
  };

  struct Outcome {
    TreeResult result;
    TreeEffort effort;
  };

  ValueTreeCalculator() : ValueTreeCalculator(Config{}) {}
  explicit ValueTreeCalculator(Config config);

  /// `now` is the age of what the memo learns; it never goes back.
  [[nodiscard]] Outcome calculate(TreeOperation operation, const ValueTree& tree, Time now = {});

  /// Entries in the memo.
  [[nodiscard]] std::size_t remembered() const { return memo_ ? memo_->size() : 0; }

 private:
  using Known = std::variant<std::int64_t, double, ValueDistribution>;
  using Key = std::pair<std::uint64_t, std::uint8_t>;  // content, kind of fold

  template <class Rule>
  struct Folded;
  template <class Rule>
  void fold(const ValueTree& tree, ValueTree::Index root, Folded<Rule>& folded, Time now);
  template <class Rule>
  [[nodiscard]] Folded<Rule> fold(const ValueTree& tree, Time now);
  [[nodiscard]] CriticalPath critical_path(const ValueTree& tree, Time now);

  std::optional<Cache<Key, Known>> memo_;
  TreeEffort effort_;
};

/// The result of a tree from its root and those of its branches, each with the index of its first node, in order.
struct BranchResult {
  ValueTree::Index first = 0;
  TreeResult result;
};
[[nodiscard]] TreeResult combine(TreeOperation operation, const ValueNode& root,
                                 std::span<const BranchResult> branches);

/// In percent: what is counted on, less the cost, over the cost. The cost is above 0 (asserted).
[[nodiscard]] double return_on_investment_percent(double weighted_cents, std::int64_t cost_cents);

}  // namespace sim::policies
