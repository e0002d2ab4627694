#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "libsim/metrics/counter.hpp"
#include "libsim/metrics/gauge.hpp"
#include "libsim/metrics/metric_row.hpp"
#include "libsim/metrics/series.hpp"
#include "libsim/metrics/tally.hpp"

namespace sim {

/// The four kinds of metric. A name has one kind throughout a run.
enum class MetricKind { tally, counter, gauge, series };

[[nodiscard]] std::string_view to_text(MetricKind kind);

/// Gauges of one name over all actors. An actor that came later than others counts only from then on.
struct GaugeAggregate {
  std::uint64_t instances = 0;
  std::uint64_t changes = 0;  ///< how often any of them was set
  double mean = 0.0;          ///< mean level of one instance: all areas / all observed times
  double mean_sum = 0.0;      ///< mean of the sum of all levels: all areas / the longest observed time
  double min = 0.0;           ///< lowest level of any instance
  double max = 0.0;           ///< highest level of any instance

  friend bool operator==(const GaugeAggregate&, const GaugeAggregate&) = default;
};

/// All metrics of one run: one instance per (metric name, actor name), made when first asked for. A reference stays
/// valid as long as the registry. An actor that is restarted under its old name continues its metrics.
///
/// Everything is ordered by metric name, then actor name, never by creation. A name that is empty, or asked for as two
/// kinds, is a bug (asserted).
class Metrics {
 public:
  template <class Metric>
  using Instances = std::map<std::string, Metric, std::less<>>;  ///< by actor

  /// The clock outlives the registry.
  explicit Metrics(const Time& clock) : clock_(&clock) {}
  Metrics(const Metrics&) = delete;
  Metrics& operator=(const Metrics&) = delete;

  Tally& tally(std::string_view name, std::string_view actor);
  Counter& counter(std::string_view name, std::string_view actor);
  Gauge& gauge(std::string_view name, std::string_view actor);
  Series& series(std::string_view name, std::string_view actor);

  /// All names in order.
  [[nodiscard]] std::vector<std::string> names() const;

  /// Nothing when no actor has a metric of this name.
  [[nodiscard]] std::optional<MetricKind> kind(std::string_view name) const;

  /// The instances of a name; none when no actor has such a metric. Asserts that it has this kind.
  [[nodiscard]] const Instances<Tally>& tallies(std::string_view name) const;
  [[nodiscard]] const Instances<Counter>& counters(std::string_view name) const;
  [[nodiscard]] const Instances<Gauge>& gauges(std::string_view name) const;
  [[nodiscard]] const Instances<Series>& all_series(std::string_view name) const;

  /// All observations of a name as one tally; nothing when no actor has such a tally.
  [[nodiscard]] std::optional<Tally> merged_tally(std::string_view name) const;

  /// Sum over all actors; 0 when none has such a counter (`kind` tells the difference).
  [[nodiscard]] std::uint64_t counter_total(std::string_view name) const;

  /// Nothing when no actor has such a gauge.
  [[nodiscard]] std::optional<GaugeAggregate> gauge_aggregate(std::string_view name) const;

  /// All names as rows, each over all actors, ordered by name. A counter gives its total; a tally count, mean,
  /// standard_deviation, min, max, p50, p90, p95, p99; a gauge mean and max; a series nothing. What too few
  /// observations leave undefined has no row.
  [[nodiscard]] std::vector<MetricRow> summarize() const;

  /// Ends the warm-up: tallies and counters start anew, gauges keep their level and forget its past. Series keep their
  /// points, from which the length of a warm-up is judged.
  void reset_statistics();

 private:
  using Family = std::variant<Instances<Tally>, Instances<Counter>, Instances<Gauge>, Instances<Series>>;

  template <class Metric, class... Arguments>
  Metric& instance(std::string_view name, std::string_view actor, const Arguments&... arguments);
  template <class Metric>
  const Instances<Metric>& instances(std::string_view name) const;

  const Time* clock_;
  std::map<std::string, Family, std::less<>> families_;
};

}  // namespace sim
