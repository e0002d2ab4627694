#include "models/value_tree/actors/value_tree.hpp"

#include <bit>
#include <boost/container_hash/hash.hpp>
#include <limits>

#include "libsim/failure.hpp"

namespace sim::policies {

ValueTree::ValueTree(std::vector<ValueNode> nodes) : nodes_(std::move(nodes)) {
  check(!nodes_.empty() && nodes_.front().level == 0, "a value tree begins with its root");
  branch_sizes_.resize(nodes_.size());
  hashes_.resize(nodes_.size());
  // who still waits for the end of its branch, from the root down
  std::vector<Index> open;
  for (Index index = 0; index < size(); ++index) {
    check(nodes_[index].level <= open.size() && (index == 0 || nodes_[index].level > 0),
          "a node of a value tree lies below the one before it, or beside one above that");
    check(nodes_[index].weight >= 0 && nodes_[index].weight <= 1, "a weight is between 0 and 1");
    while (open.size() > nodes_[index].level) {
      branch_sizes_[open.back()] = index - open.back();
      open.pop_back();
    }
    open.push_back(index);
  }
  for (const Index index : open) {
    branch_sizes_[index] = size() - index;
  }
  for (Index index = size(); index-- > 0;) {
    hashes_[index] = hash_of(index);
  }
}

std::vector<ValueTree::Index> ValueTree::children(Index index) const {
  std::vector<Index> children;
  for_each_child(index, [&](Index child) { children.push_back(child); });
  return children;
}

ValueTree ValueTree::branch(Index index) const {
  std::vector<ValueNode> nodes(nodes_.begin() + index, nodes_.begin() + index + branch_sizes_[index]);
  const std::uint32_t level = nodes.front().level;
  for (ValueNode& node : nodes) {
    node.level -= level;
  }
  return ValueTree(std::move(nodes));
}

void ValueTree::set_value(Index index, std::int64_t value_cents) {
  nodes_[index].value_cents = value_cents;
  // the way to the root: those before the node whose branch reaches beyond it, the nearest first
  for (Index above = index + 1; above-- > 0;) {
    if (above + branch_sizes_[above] > index) {
      hashes_[above] = hash_of(above);
    }
  }
}

std::uint64_t ValueTree::hash_of(Index index) const {
  const ValueNode& node = nodes_[index];
  std::size_t hash = static_cast<std::size_t>(node.category);
  boost::hash_combine(hash, node.value_cents);
  boost::hash_combine(hash, std::bit_cast<std::uint64_t>(node.weight));
  for_each_child(index, [&](Index child) { boost::hash_combine(hash, hashes_[child]); });
  return hash;
}

std::uint64_t regular_tree_size(std::uint32_t children, std::uint32_t levels) {
  std::uint64_t nodes = 0;
  std::uint64_t in_level = 1;
  for (std::uint32_t level = 0; level < levels; ++level) {
    nodes += in_level;
    if (in_level > std::numeric_limits<std::uint32_t>::max()) {
      return std::numeric_limits<std::uint64_t>::max();
    }
    in_level *= children;
  }
  return nodes;
}

}  // namespace sim::policies
