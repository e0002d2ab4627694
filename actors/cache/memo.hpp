#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <utility>

#include "actors/cache/cache.hpp"
#include "libsim/time.hpp"

namespace sim::policies {

struct MemoConfig {
  std::size_t entries_max = 100;
  CacheConfig::Eviction eviction = CacheConfig::Eviction::least_recently_used;

  friend bool operator==(const MemoConfig&, const MemoConfig&) = default;
};

/// Remembers the results of a pure function, as many as there is room for.
///
/// The function is passed with every call and must be the same one each time; `misses_count` is how often it ran. It
/// may call the memo again, as a recursive function does. Nothing is remembered when it throws. Several arguments are
/// one key of type `std::pair` or `std::tuple`.
template <class Argument, class Result, class Hash = boost::hash<Argument>>
class Memo {
 public:
  using Config = MemoConfig;
  using Statistics = CacheStatistics;

  explicit Memo(Config config = {})
      : results_({.entries_max = config.entries_max, .ttl = forever, .eviction = config.eviction}) {}

  /// `function(argument)`, computed only when it is not remembered.
  template <class Function>
  Result operator()(const Argument& argument, Function&& function) {
    if (auto known = results_.get(argument, Time{})) {
      return *std::move(known);
    }
    Result result = std::invoke(std::forward<Function>(function), argument);
    results_.set(argument, result, Time{});
    return result;
  }

  void clear() { results_.clear(); }

  [[nodiscard]] std::size_t size() const { return results_.size(); }
  [[nodiscard]] const Statistics& statistics() const { return results_.statistics(); }

 private:
  Cache<Argument, Result, Hash> results_;
};

}  // namespace sim::policies
