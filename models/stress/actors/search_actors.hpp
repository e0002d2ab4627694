#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <vector>

#include "libsim/sim.hpp"
#include "models/stress/duplicate_search.hpp"

namespace sim::models::stress {

struct DuplicatesFound {
  std::uint64_t duplicates = 0;
  std::uint64_t visited = 0;  ///< values looked at, all looks counted
  std::uint64_t slices = 0;
  Duration longest_slice{};  ///< for as long nobody else has the thread

  friend bool operator==(const DuplicatesFound&, const DuplicatesFound&) = default;
};

/// Asks for the duplicates among 0 … `modulus` - 1, over and over until there are `values_count` values.
struct FindDuplicates {
  using Reply = DuplicatesFound;
  std::uint32_t values_count = 0;
  std::uint32_t modulus = 1;

  friend bool operator==(const FindDuplicates&, const FindDuplicates&) = default;
};

/// Searches for duplicates in slices of so many values. The search is real; how long a slice takes is what it looked at
/// times a cost that is drawn for each slice.
class DuplicateWorker {
 public:
  struct Config {
    DuplicateSearch search = DuplicateSearch::hash_set;
    std::uint32_t remembered_max = 50;
    std::uint32_t slice = 1'000;
    Distribution cost_per_visit = lognormal_p50_p99(100ns, 200ns);
  };
  using Inbox = sim::Inbox<FindDuplicates>;

  DuplicateWorker(Context& ctx, Config config) : ctx_(ctx), config_(config), cost_rng_(ctx.random("cost")) {}

  Process on(FindDuplicates request, ReplyTo<DuplicatesFound> reply_to) {
    const std::vector<std::uint32_t> values = made(request);
    const auto finder = make_finder(config_.search, config_.remembered_max);
    DuplicatesFound found;
    for (std::size_t begin = 0; begin < values.size(); begin += config_.slice) {
      const std::size_t end = std::min<std::size_t>(begin + config_.slice, values.size());
      std::uint64_t visited = 0;
      for (std::size_t position = begin; position < end; ++position) {
        visited += finder->visit(values, position);
      }
      const Duration cost = config_.cost_per_visit.sample(cost_rng_) * static_cast<std::int64_t>(visited);
      co_await ctx_.sleep(cost);
      found.visited += visited;
      found.longest_slice = std::max(found.longest_slice, cost);
      ++found.slices;
    }
    found.duplicates = finder->duplicates();
    ctx_.reply(reply_to, found);
  }

 private:
  static std::vector<std::uint32_t> made(const FindDuplicates& request) {
    std::vector<std::uint32_t> values(request.values_count);
    for (std::uint32_t number = 0; number < request.values_count; ++number) {
      values[number] = number % request.modulus;
    }
    return values;
  }

  Context& ctx_;
  Config config_;
  RandomStream& cost_rng_;
};

/// Asks once, and looks at its clock.
class SearchClient {
 public:
  struct Config {
    std::uint32_t values_count = 10'000;
    std::uint32_t modulus = 100;
  };
  using Inbox = sim::Inbox<>;

  SearchClient(Context& ctx, Config config, Port<FindDuplicates> searcher)
      : ctx_(ctx), config_(config), searcher_(searcher) {}

  Process run() {
    const Time began_at = ctx_.now();
    const auto found = co_await ctx_.ask(searcher_, FindDuplicates{config_.values_count, config_.modulus});
    check(found.has_value(), "a search ends");
    found_ = *found;
    duration_ = ctx_.now() - began_at;
  }

  [[nodiscard]] const DuplicatesFound& found() const { return found_; }
  [[nodiscard]] Duration duration() const { return duration_; }

 private:
  Context& ctx_;
  Config config_;
  Port<FindDuplicates> searcher_;
  DuplicatesFound found_;
  Duration duration_{};
};

}  // namespace sim::models::stress
