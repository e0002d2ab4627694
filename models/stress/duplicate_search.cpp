#include "models/stress/duplicate_search.hpp"

#include <set>
#include <unordered_set>

#include "actors/cache/cache.hpp"

namespace sim::models::stress {

namespace {

class HashSetSearch final : public DuplicateFinder {
 public:
  std::uint64_t visit(const std::vector<std::uint32_t>& values, std::size_t position) override {
    if (!seen_.insert(values[position]).second) {
      duplicates_.insert(values[position]);
    }
    return 1;
  }
  [[nodiscard]] std::uint64_t duplicates() const override { return duplicates_.size(); }

 private:
  std::unordered_set<std::uint32_t> seen_;  // never iterated
  std::unordered_set<std::uint32_t> duplicates_;
};

/// Remembers in bounded memory, and so finds only what comes again soon enough.
class RecentSetSearch final : public DuplicateFinder {
 public:
  explicit RecentSetSearch(std::uint32_t remembered_max) : seen_({.entries_max = remembered_max, .ttl = forever}) {}

  std::uint64_t visit(const std::vector<std::uint32_t>& values, std::size_t position) override {
    if (seen_.get(values[position], Time{})) {
      duplicates_.insert(values[position]);
    }
    seen_.set(values[position], true, Time{});
    return 1;
  }
  [[nodiscard]] std::uint64_t duplicates() const override { return duplicates_.size(); }

 private:
  policies::Cache<std::uint32_t, bool> seen_;
  std::unordered_set<std::uint32_t> duplicates_;
};

/// Compares every value with all that follow.
class PairwiseSearch final : public DuplicateFinder {
 public:
  std::uint64_t visit(const std::vector<std::uint32_t>& values, std::size_t position) override {
    for (std::size_t other = position + 1; other < values.size(); ++other) {
      if (values[other] == values[position]) {
        duplicates_.insert(values[position]);
      }
    }
    return values.size() - position - 1;
  }
  [[nodiscard]] std::uint64_t duplicates() const override { return duplicates_.size(); }

 private:
  std::set<std::uint32_t> duplicates_;
};

}  // namespace

std::unique_ptr<DuplicateFinder> make_finder(DuplicateSearch search, std::uint32_t remembered_max) {
  switch (search) {
    case DuplicateSearch::recent_set:
      return std::make_unique<RecentSetSearch>(remembered_max);
    case DuplicateSearch::all_against_all:
      return std::make_unique<PairwiseSearch>();
    case DuplicateSearch::hash_set:
      break;
  }
  return std::make_unique<HashSetSearch>();
}

}  // namespace sim::models::stress
