#include <fmt/format.h>

#include <array>

#include "actors/cache/cache.hpp"
#include "models/replay/component.hpp"

namespace sim::models::replay {

namespace {

using Cache = policies::Cache<std::string, char>;

constexpr std::array<std::string_view, 2> operations = {"get", "put"};

class CacheReplay final : public Component {
 public:
  CacheReplay() {
    parameters_.add("entries_max", config_.entries_max)
        .unit("entries")
        .range(1, 1'000'000'000)
        .meaning("entries that the cache has room for")
        .source("assumed");
    parameters_.add("ttl", config_.ttl)
        .range(1ns, 876'000h)
        .zero_is_forever()
        .meaning("an older entry has expired")
        .source("assumed; 0 as in npm lru-cache: no time to live");
    parameters_
        .add("eviction", config_.eviction,
             {{"lru", policies::CacheConfig::Eviction::least_recently_used},
              {"fifo", policies::CacheConfig::Eviction::first_in_first_out}})
        .meaning("which entry goes when the cache is full")
        .source("the usual choice");
    parameters_.add("ttl_renewed_on_read", config_.ttl_renewed_on_read)
        .meaning("a hit makes the entry young again")
        .source("npm lru-cache: updateAgeOnGet, off");
    parameters_.add("expired_at_ttl", config_.expired_at_ttl)
        .meaning("whether an age of exactly ttl is too old")
        .source("npm lru-cache: off; Guava: on");
    parameters_.add("fill_on_miss", fill_on_miss_)
        .meaning("a missed get stores its key, as a reader does that fetches it; also written --fill-on-miss")
        .source("off: the trace tells all puts");
  }

  [[nodiscard]] std::vector<Column> columns() const override { return {{"time_s", false}, {"op", false}, {"key"}}; }
  [[nodiscard]] Expected<void> read(const CsvFile& file, const std::vector<int>& places, Trace& trace,
                                    TraceRow& row) const override {
    row.key = trace.keep(file.field(static_cast<std::size_t>(places[2])));
    const auto word = places[1] >= 0 ? read_word(file, places[1], operations) : operations.front();
    return word.map([&](std::string_view one) { row.word = one; });
  }
  [[nodiscard]] std::vector<std::string> header() const override {
    return {"time_s", "op", "key", "hit", "evicted_key"};
  }
  [[nodiscard]] Expected<void> validate() const override { return {}; }

  [[nodiscard]] Summary replay(const Trace& trace, const RowWriter& write) const override {
    Cache cache(config_);
    std::uint64_t gets = 0;
    for (const TraceRow& row : trace.rows) {
      const std::string key(row.key);
      const bool is_get = row.word == "get";
      const bool hit = is_get && cache.get(key, row.at).has_value();
      const auto evicted = !is_get || (fill_on_miss_ && !hit) ? cache.set(key, 0, row.at) : std::nullopt;
      gets += is_get ? 1 : 0;
      write({std::string(row.time_text), std::string(row.word), key, is_get ? bool_text(hit) : "",
             evicted.value_or(std::string{})});
    }
    const auto& counts = cache.statistics();
    return {{"gets", fmt::to_string(gets)},
            {"puts", fmt::to_string(trace.rows.size() - gets)},
            {"hits", fmt::to_string(counts.hits_count)},
            {"misses", fmt::to_string(counts.misses_count)},
            {"hit ratio", percent_text(counts.hits_count, gets)},
            {"expirations", fmt::to_string(counts.expirations_count)},
            {"evictions", fmt::to_string(counts.evictions_count)},
            {"entries at the end", fmt::to_string(cache.size())}};
  }

 private:
  policies::CacheConfig config_;
  bool fill_on_miss_ = false;
};

}  // namespace

std::unique_ptr<Component> make_cache(std::string_view /*preset*/) { return std::make_unique<CacheReplay>(); }

}  // namespace sim::models::replay
