#include "libsim/metrics/metrics.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "libsim/failure.hpp"
#include "libsim/metrics/unit.hpp"

namespace sim {

namespace {

constexpr std::array reported_percentiles{std::pair{"p50", 50.0}, std::pair{"p90", 90.0}, std::pair{"p95", 95.0},
                                          std::pair{"p99", 99.0}};

Tally merge_all(const Metrics::Instances<Tally>& tallies) {
  Tally all;
  for (const auto& [actor, tally] : tallies) {
    all.merge(tally);
  }
  return all;
}

std::uint64_t total_of(const Metrics::Instances<Counter>& counters) {
  std::uint64_t total = 0;
  for (const auto& [actor, counter] : counters) {
    total += counter.value();
  }
  return total;
}

/// While no time has passed, the levels of the moment stand for the means.
GaugeAggregate aggregate(const Metrics::Instances<Gauge>& gauges) {
  const Gauge& first = gauges.begin()->second;
  GaugeAggregate all{.min = first.min(), .max = first.max()};
  Duration observed_longest{};
  double observed_s = 0.0;
  double area = 0.0;
  double levels = 0.0;
  for (const auto& [actor, gauge] : gauges) {
    ++all.instances;
    all.changes += gauge.changes();
    all.min = std::min(all.min, gauge.min());
    all.max = std::max(all.max, gauge.max());
    observed_longest = std::max(observed_longest, gauge.observed());
    observed_s += to_seconds(gauge.observed());
    area += gauge.integral();
    levels += gauge.value();
  }
  const bool time_has_passed = observed_longest > Duration::zero();
  all.mean = time_has_passed ? area / observed_s : levels / static_cast<double>(all.instances);
  all.mean_sum = time_has_passed ? area / to_seconds(observed_longest) : levels;
  return all;
}

/// Appends the rows of one metric name.
class RowWriter {
 public:
  RowWriter(std::string name, std::vector<MetricRow>& rows)
      : name_(std::move(name)), unit_(unit_of(name_)), rows_(rows) {}

  void operator()(const Metrics::Instances<Counter>& counters) {
    const std::uint64_t total = total_of(counters);
    add("total", static_cast<double>(total), total);
  }

  void operator()(const Metrics::Instances<Gauge>& gauges) {
    const GaugeAggregate all = aggregate(gauges);
    add("mean", all.mean, all.changes);
    add("max", all.max, all.changes);
  }

  void operator()(const Metrics::Instances<Tally>& tallies) {
    const Tally all = merge_all(tallies);
    const std::uint64_t count = all.count();
    rows_.push_back({name_, "count", "count", static_cast<double>(count), count});
    if (all.empty()) {
      return;
    }
    add("mean", all.mean(), count);
    if (count > 1) {
      add("standard_deviation", all.standard_deviation(), count);
    }
    add("min", all.min(), count);
    add("max", all.max(), count);
    for (const auto& [statistic, percent] : reported_percentiles) {
      add(statistic, all.percentile(percent), count);
    }
  }

  void operator()(const Metrics::Instances<Series>&) {}

 private:
  void add(const char* statistic, double value, std::uint64_t samples) {
    rows_.push_back({name_, unit_, statistic, value, samples});
  }

  std::string name_;
  std::string unit_;
  std::vector<MetricRow>& rows_;
};

/// Of `Metrics::Family`, whose alternatives stand in the order of the kinds.
template <class Family>
MetricKind kind_of(const Family& family) {
  return static_cast<MetricKind>(family.index());
}

/// The alternative of a family that was asked for by name.
template <class Instances, class Family>
auto& of_kind(Family& family, std::string_view name) {
  auto* instances = std::get_if<Instances>(&family);
  if (instances == nullptr) {
    check(false, fmt::format("a metric name stands for one kind throughout a run, and {} is a {}", name,
                             to_text(kind_of(family))));
  }
  return *instances;
}

/// Series keep their points.
struct StatisticsReset {
  template <class Metric>
  void operator()(Metrics::Instances<Metric>& instances) const {
    for (auto& [actor, metric] : instances) {
      metric.reset_statistics();
    }
  }
  void operator()(Metrics::Instances<Series>&) const {}
};

}  // namespace

std::string_view to_text(MetricKind kind) {
  constexpr std::array<std::string_view, 4> names{"tally", "counter", "gauge", "series"};
  return names.at(static_cast<std::size_t>(kind));
}

template <class Metric, class... Arguments>
Metric& Metrics::instance(std::string_view name, std::string_view actor, const Arguments&... arguments) {
  check(!name.empty(), "a metric has a name");
  auto family = families_.find(name);
  if (family == families_.end()) {
    family = families_.emplace(std::string(name), Instances<Metric>{}).first;
  }
  auto& instances = of_kind<Instances<Metric>>(family->second, name);
  const auto found = instances.find(actor);
  return found != instances.end() ? found->second
                                  : instances.try_emplace(std::string(actor), arguments...).first->second;
}

Tally& Metrics::tally(std::string_view name, std::string_view actor) { return instance<Tally>(name, actor); }
Counter& Metrics::counter(std::string_view name, std::string_view actor) { return instance<Counter>(name, actor); }
Gauge& Metrics::gauge(std::string_view name, std::string_view actor) { return instance<Gauge>(name, actor, clock_); }
Series& Metrics::series(std::string_view name, std::string_view actor) { return instance<Series>(name, actor, clock_); }

std::vector<std::string> Metrics::names() const {
  std::vector<std::string> names;
  names.reserve(families_.size());
  for (const auto& [name, family] : families_) {
    names.push_back(name);
  }
  return names;
}

std::optional<MetricKind> Metrics::kind(std::string_view name) const {
  const auto family = families_.find(name);
  if (family == families_.end()) {
    return std::nullopt;
  }
  return kind_of(family->second);
}

template <class Metric>
const Metrics::Instances<Metric>& Metrics::instances(std::string_view name) const {
  static const Instances<Metric> none;
  const auto family = families_.find(name);
  if (family == families_.end()) {
    return none;
  }
  return of_kind<Instances<Metric>>(family->second, name);
}

const Metrics::Instances<Tally>& Metrics::tallies(std::string_view name) const { return instances<Tally>(name); }
const Metrics::Instances<Counter>& Metrics::counters(std::string_view name) const { return instances<Counter>(name); }
const Metrics::Instances<Gauge>& Metrics::gauges(std::string_view name) const { return instances<Gauge>(name); }
const Metrics::Instances<Series>& Metrics::all_series(std::string_view name) const { return instances<Series>(name); }

std::optional<Tally> Metrics::merged_tally(std::string_view name) const {
  const auto& all = tallies(name);
  return all.empty() ? std::nullopt : std::optional(merge_all(all));
}

std::uint64_t Metrics::counter_total(std::string_view name) const { return total_of(counters(name)); }

std::optional<GaugeAggregate> Metrics::gauge_aggregate(std::string_view name) const {
  const auto& all = gauges(name);
  return all.empty() ? std::nullopt : std::optional(aggregate(all));
}

std::vector<MetricRow> Metrics::summarize() const {
  std::vector<MetricRow> rows;
  for (const auto& [name, family] : families_) {
    std::visit(RowWriter(name, rows), family);
  }
  return rows;
}

void Metrics::reset_statistics() {
  for (auto& [name, family] : families_) {
    std::visit(StatisticsReset{}, family);
  }
}

}  // namespace sim
