#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "models/value_tree/actors/value_tree_calculation.hpp"

/// What those who keep value trees, calculate on them and ask for it say to each other.
namespace sim::actors {

/// Where the branches below the root lie.
struct TreeOutline {
  std::uint32_t nodes_count = 0;
  std::vector<policies::ValueTree::Index> branches;  ///< first nodes of the branches, in order

  friend bool operator==(const TreeOutline&, const TreeOutline&) = default;
};

/// Asks the store for the outline of the tree.
struct ReadOutline {
  using Reply = TreeOutline;
  friend bool operator==(const ReadOutline&, const ReadOutline&) = default;
};

struct TreeNodes {
  std::vector<policies::ValueNode> nodes;

  friend bool operator==(const TreeNodes&, const TreeNodes&) = default;
};

/// Asks the store for nodes in preorder.
struct ReadNodes {
  using Reply = TreeNodes;
  policies::ValueTree::Index first = 0;
  std::uint32_t count = 0;

  friend bool operator==(const ReadNodes&, const ReadNodes&) = default;
};

struct NodeValueChanged {
  friend bool operator==(const NodeValueChanged&, const NodeValueChanged&) = default;
};

/// Gives a node another value, at the calculator, which tells the store.
struct ChangeNodeValue {
  using Reply = NodeValueChanged;
  policies::ValueTree::Index node = 0;
  std::int64_t value_cents = 0;

  friend bool operator==(const ChangeNodeValue&, const ChangeNodeValue&) = default;
};

struct TreeOpened {
  std::uint32_t nodes_count = 0;
  std::uint32_t branches_count = 0;

  friend bool operator==(const TreeOpened&, const TreeOpened&) = default;
};

/// Makes the calculator get ready for the tree of its store.
struct OpenTree {
  using Reply = TreeOpened;
  friend bool operator==(const OpenTree&, const OpenTree&) = default;
};

struct TreeCalculated {
  policies::TreeResult result;
  policies::TreeEffort effort;
};

/// Asks the calculator for one operation, on the whole tree or on one branch below the root.
struct CalculateTree {
  using Reply = TreeCalculated;
  policies::TreeOperation operation{};
  std::optional<std::uint32_t> branch = {};

  friend bool operator==(const CalculateTree&, const CalculateTree&) = default;
};

/// Asks a worker for one operation on a tree that it is handed, a branch mostly.
struct CalculateBranch {
  using Reply = TreeCalculated;
  policies::TreeOperation operation{};
  policies::ValueTree tree;

  friend bool operator==(const CalculateBranch&, const CalculateBranch&) = default;
};

}  // namespace sim::actors
