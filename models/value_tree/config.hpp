#pragma once

#include <cstdint>

#include "actors/cache/cache.hpp"
#include "libsim/harness/experiment/parameters.hpp"
#include "models/value_tree/actors/value_tree_service.hpp"
#include "models/value_tree/actors/value_tree_store.hpp"
#include "models/value_tree/actors/value_tree_worker.hpp"

namespace sim::models::value_tree {

/// Everything that can be set about the calculations on value trees.
struct Config {
  /// A regular tree: every node above the last level has as many children.
  struct Shape {
    std::uint32_t children = 0;
    std::uint32_t levels = 0;
  };
  Shape small = {3, 4};
  Shape medium = {4, 5};
  Shape large = {5, 6};

  bool memoisation = false;
  policies::CacheConfig memo = {.entries_max = 20'000, .ttl = 5min};
  std::uint32_t workers_count = 4;  ///< that calculate branches in parallel

  actors::ValueTreeStore::Config store = {};
  actors::ValueTreeService::Config service = {};
  actors::ValueTreeWorker::Config worker = {};

  double investment_per_node = 1'000;  ///< in USD
  Duration client_timeout = 30s;
};

/// The trees that fit into what a run should take.
inline constexpr std::uint64_t nodes_max = 500'000;

[[nodiscard]] Expected<void> validate(const Config& config);

/// Declares every parameter, bound to the members of `config`.
void describe(harness::Parameters& parameters, Config& config);

}  // namespace sim::models::value_tree
