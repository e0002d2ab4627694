#pragma once

#include <array>
#include <cstdint>
#include <utility>
#include <vector>

namespace sim::policies {

/// What kind of benefit a node of a business case stands for.
enum class ValueCategory : std::uint8_t { revenue, saving, productivity, risk };

inline constexpr std::array<ValueCategory, 4> all_value_categories = {ValueCategory::revenue, ValueCategory::saving,
                                                                      ValueCategory::productivity, ValueCategory::risk};

struct ValueNode {
  std::int64_t value_cents = 0;  ///< of its own, without what lies below; costs are negative
  double weight = 1;             ///< the share of it, and of all below, that one counts on: 0 to 1
  ValueCategory category = ValueCategory::revenue;
  std::uint32_t level = 0;  ///< 0: the root

  friend bool operator==(const ValueNode&, const ValueNode&) = default;
};

/// The tree of a business case, in preorder: each node is followed by everything below it, so that a branch is a range.
///
/// Each branch has a content hash of 64 bits: equal branches have equal ones, and a change shows in the hashes from the
/// node up to the root. That several branches share a hash without being equal is not looked for.
class ValueTree {
 public:
  using Index = std::uint32_t;

  /// Nodes in preorder, at least the root; the levels say who is below whom (asserted to make one tree).
  explicit ValueTree(std::vector<ValueNode> nodes);

  /// The tree in which every node above the last level has so many children; `make_node(level)` makes each of them, in
  /// preorder.
  template <class MakeNode>
  [[nodiscard]] static ValueTree regular(std::uint32_t children, std::uint32_t levels, MakeNode make_node) {
    std::vector<ValueNode> nodes;
    std::vector<std::uint32_t> levels_to_come = {0};
    while (!levels_to_come.empty()) {
      const std::uint32_t level = levels_to_come.back();
      levels_to_come.pop_back();
      ValueNode node = make_node(level);
      node.level = level;
      nodes.push_back(node);
      if (level + 1 < levels) {
        levels_to_come.insert(levels_to_come.end(), children, level + 1);
      }
    }
    return ValueTree(std::move(nodes));
  }

  [[nodiscard]] Index size() const { return static_cast<Index>(nodes_.size()); }
  [[nodiscard]] const std::vector<ValueNode>& nodes() const { return nodes_; }
  [[nodiscard]] const ValueNode& node(Index index) const { return nodes_[index]; }
  /// The nodes of the branch that begins at a node, itself included.
  [[nodiscard]] Index branch_size(Index index) const { return branch_sizes_[index]; }
  [[nodiscard]] std::uint64_t content_hash(Index index) const { return hashes_[index]; }

  /// Calls `visit(child)` for each child, in order.
  template <class Visit>
  void for_each_child(Index index, Visit visit) const {
    const Index end = index + branch_sizes_[index];
    for (Index child = index + 1; child < end; child += branch_sizes_[child]) {
      visit(child);
    }
  }

  [[nodiscard]] std::vector<Index> children(Index index) const;

  /// The branch as a tree of its own.
  [[nodiscard]] ValueTree branch(Index index) const;

  void set_value(Index index, std::int64_t value_cents);

  friend bool operator==(const ValueTree& left, const ValueTree& right) { return left.nodes_ == right.nodes_; }

 private:
  [[nodiscard]] std::uint64_t hash_of(Index index) const;

  std::vector<ValueNode> nodes_;
  std::vector<Index> branch_sizes_;
  std::vector<std::uint64_t> hashes_;
};

/// The nodes of `ValueTree::regular`; the largest number there is when they are more than that.
[[nodiscard]] std::uint64_t regular_tree_size(std::uint32_t children, std::uint32_t levels);

}  // namespace sim::policies
