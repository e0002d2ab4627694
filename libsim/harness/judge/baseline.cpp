#include "libsim/harness/judge/baseline.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <optional>

#include "libsim/files/input_limits.hpp"
#include "libsim/statistics/comparison.hpp"
#include "libsim/statistics/multiple_comparisons.hpp"
#include "libsim/statistics/paired_comparison.hpp"
#include "libsim/text/csv_file.hpp"
#include "libsim/text/number_text.hpp"
#include "libsim/text/quoting.hpp"
#include "libsim/text/text_table.hpp"

namespace sim::harness {

namespace {

namespace fs = std::filesystem;

/// One value per replication for each metric, by its name and unit.
using MetricValues = std::map<std::pair<std::string, std::string>, std::vector<double>>;

/// A metric of both runs.
struct Change {
  std::string scenario;
  std::string metric;
  std::string unit;
  double before = 0.0;
  double now = 0.0;
  double half_width = 0.0;  ///< of now - before
  double p_value = 1.0;
  bool is_regression = false;  ///< if it is no chance

  [[nodiscard]] double difference() const { return now - before; }
};

constexpr const char* values_file = "replications.csv";

/// `load-seed7-1a2b3c4d` without what comes after the seed.
std::string scenario_and_seed(const fs::path& folder) {
  const std::string name = folder.filename().string();
  return name.substr(0, name.rfind('-'));
}

/// Folders of results are named after their scenario.
bool is_folder_of(const fs::path& folder, const std::string& scenario) {
  const fs::path absolute = fs::absolute(folder).lexically_normal();
  const fs::path named = absolute.has_filename() ? absolute : absolute.parent_path();
  return named.filename().string().starts_with(scenario + "-seed");
}

std::vector<fs::path> results_of(const fs::path& folder, const std::string& scenario) {
  std::vector<fs::path> found;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    if (is_folder_of(entry.path(), scenario) && fs::exists(entry.path() / values_file, error)) {
      found.push_back(entry.path());
    }
  }
  std::sort(found.begin(), found.end());
  return found;
}

/// The stored results of a scenario: those of the same seed and configuration, or else the only ones.
Expected<fs::path> stored_results(const fs::path& folder, const ScenarioPlace& place) {
  std::error_code error;
  const std::string& scenario = place.scenario;
  if (fs::exists(folder / values_file, error) && is_folder_of(folder, scenario)) {
    return folder;
  }
  std::vector<fs::path> found = results_of(folder, scenario);
  const auto below = results_of(folder / place.experiment, scenario);
  found.insert(found.end(), below.begin(), below.end());
  for (const auto& path : found) {
    if (path.filename() == place.folder.filename()) {
      return path;
    }
  }
  if (found.size() == 1) {
    return found.front();
  }
  if (found.empty()) {
    return unexpected(fmt::format(
        "--baseline {}: has no results of scenario {} over several replications: expected a folder that --out and "
        "--replications wrote",
        shown_path(folder.string()), scenario));
  }
  return unexpected(fmt::format(
      "--baseline {}: has {} results of scenario {}, as {} and {}: expected the folder of one",
      shown_path(folder.string()), found.size(), scenario, found[0].filename().string(), found[1].filename().string()));
}

Expected<MetricValues> read_values(InputFiles& files, const fs::path& file) {
  auto csv = CsvFile::open(files, file, data_bytes_max);
  if (!csv) {
    return tl::unexpected(csv.error());
  }
  const auto columns = csv->columns_named<3>({"metric", "unit", "value"});
  if (!columns) {
    return tl::unexpected(columns.error());
  }
  const std::size_t metric = (*columns)[0];
  const std::size_t unit = (*columns)[1];
  const std::size_t value = (*columns)[2];
  MetricValues values;
  const auto read_row = [&]() -> Expected<void> {
    double number = std::numeric_limits<double>::quiet_NaN();
    if (csv->field(value) != exact_text(number)) {
      const auto read = csv->number(value);
      if (!read) {
        return tl::unexpected(read.error());
      }
      number = *read;
    }
    values[{std::string(csv->field(metric)), std::string(csv->field(unit))}].push_back(number);
    return {};
  };
  return csv->each_row(read_row).map([&] { return std::move(values); });
}

SampleSummary summary_of_values(const std::vector<double>& values) {
  Moments moments;
  for (const double value : values) {
    moments.add(value);
  }
  return summary_of(moments);
}

/// Whether some target of the metric says that a change is for the worse.
bool is_worse(const ScenarioOutcome& outcome, const std::string& metric, double before, double now) {
  return std::any_of(outcome.targets.begin(), outcome.targets.end(), [&](const JudgedTarget& judged) {
    if (judged.target.metric != metric) {
      return false;
    }
    switch (judged.target.relation) {
      case study::Relation::less:
      case study::Relation::less_or_equal:
        return now > before;
      case study::Relation::greater:
      case study::Relation::greater_or_equal:
        return now < before;
      case study::Relation::equal:
        break;
    }
    return std::abs(now - judged.target.target) > std::abs(before - judged.target.target);
  });
}

/// Neither sample varies, but they differ: of all ways to deal the values out to two samples of these sizes, two have
/// all of the greater ones on one side (the permutation test).
double chance_of_separation(std::uint64_t first, std::uint64_t second) {
  double ways = 1.0;
  for (std::uint64_t dealt = 1; dealt <= std::min(first, second); ++dealt) {
    ways *= static_cast<double>(first + second + 1 - dealt) / static_cast<double>(dealt);
  }
  return std::min(1.0, 2.0 / ways);
}

/// Equal values, or too few of them, are no change.
std::optional<Change> change_of(const Estimate& estimate, const std::vector<double>& stored, bool same_seed,
                                double confidence) {
  const auto is_number = [](double value) { return std::isfinite(value); };
  if (estimate.values.size() < 2 || stored.size() < 2 ||
      !std::all_of(estimate.values.begin(), estimate.values.end(), is_number) ||
      !std::all_of(stored.begin(), stored.end(), is_number)) {
    return std::nullopt;
  }
  Change change{.scenario = {}, .metric = estimate.metric, .unit = estimate.unit};
  if (same_seed) {
    const std::size_t pairs = std::min(estimate.values.size(), stored.size());
    const auto pair =
        compare_pairs(std::span(estimate.values).first(pairs), std::span(stored).first(pairs), confidence);
    if (!pair) {
      return std::nullopt;
    }
    change.before = pair->second.mean;
    change.now = pair->first.mean;
    change.half_width = pair->difference.half_width;
    change.p_value = pair->p_value;
    return change;
  }
  const auto now = summary_of_values(estimate.values);
  const auto before = summary_of_values(stored);
  change.before = before.mean;
  change.now = now.mean;
  if (const auto compared = compare_means(now, before)) {
    change.half_width = compared->half_width(confidence);
    change.p_value = compared->p_two_sided;
  } else {
    change.p_value = change.now == change.before ? 1.0 : chance_of_separation(now.samples, before.samples);
  }
  return change;
}

/// The metrics of both runs, and the names of those that one of them lacks or could not measure.
struct Comparable {
  std::vector<Change> changes;
  std::vector<std::string> left_out;
};

Comparable changes_of(MetricValues stored, bool same_seed, const ScenarioOutcome& outcome, double confidence) {
  const std::string& scenario = outcome.result.scenario;
  Comparable found;
  for (const auto& estimate : outcome.result.metrics) {
    const auto values = stored.extract(std::pair(estimate.metric, estimate.unit));
    auto change = values ? change_of(estimate, values.mapped(), same_seed, confidence) : std::nullopt;
    if (!change) {
      found.left_out.push_back(fmt::format("{} {} ({})", scenario, estimate.metric, estimate.unit));
      continue;
    }
    change->scenario = scenario;
    change->is_regression = is_worse(outcome, estimate.metric, change->before, change->now);
    found.changes.push_back(std::move(*change));
  }
  for (const auto& entry : stored) {
    found.left_out.push_back(fmt::format("{} {} ({})", scenario, entry.first.first, entry.first.second));
  }
  return found;
}

std::vector<Change> significant(const std::vector<Change>& changes, double confidence) {
  std::vector<double> p_values;
  for (const auto& change : changes) {
    p_values.push_back(change.p_value);
  }
  const auto adjusted = holm_adjusted(p_values);
  std::vector<Change> kept;
  for (std::size_t index = 0; adjusted && index < changes.size(); ++index) {
    if ((*adjusted)[index] <= 1 - confidence) {
      kept.push_back(changes[index]);
    }
  }
  return kept;
}

Page table_of(const std::vector<Change>& changes) {
  using Align = TextTable::Align;
  TextTable table({{"scenario"},
                   {"metric"},
                   {"baseline", Align::right},
                   {"now", Align::right},
                   {"unit"},
                   {"change", Align::right},
                   {""},
                   {"verdict"}});
  for (const auto& change : changes) {
    table.add({change.scenario, change.metric, short_text(change.before), short_text(change.now), change.unit,
               short_text(change.difference()), fmt::format("± {}", short_text(change.half_width)),
               change.is_regression ? "regression" : "changed"});
  }
  return table.text(2);
}

}  // namespace

Expected<Baseline> Baseline::read(InputFiles& files, const fs::path& folder, const std::vector<ScenarioPlace>& places) {
  Baseline baseline;
  baseline.folder_ = folder;
  for (const auto& place : places) {
    const auto results = stored_results(folder, place);
    if (!results) {
      return tl::unexpected(results.error());
    }
    auto values = read_values(files, *results / values_file);
    if (!values) {
      return tl::unexpected(values.error());
    }
    const bool same_seed = scenario_and_seed(*results) == scenario_and_seed(place.folder);
    baseline.by_scenario_[place.scenario] = {same_seed, std::move(*values)};
  }
  return baseline;
}

Expected<void> Baseline::check_metrics(const std::vector<ScenarioReports>& scenarios) const {
  for (const auto& [scenario, reports] : scenarios) {
    const auto& stored = by_scenario_.at(scenario).values;
    const bool has_any = std::any_of(reports.begin(), reports.end(), [&](const Report& report) {
      const auto found = stored.find({report.metric, report.unit});
      return found != stored.end() && found->second.size() > 1;
    });
    if (!has_any) {
      return unexpected(fmt::format("--baseline {}: has no metric of scenario {} that both runs measured",
                                    shown_path(folder_.string()), scenario));
    }
  }
  return {};
}

BaselineReport Baseline::compare(const std::vector<ScenarioOutcome>& outcomes, double confidence) const {
  Comparable all;
  for (const auto& outcome : outcomes) {
    const auto& [same_seed, values] = by_scenario_.at(outcome.result.scenario);
    const auto of_scenario = changes_of(values, same_seed, outcome, confidence);
    all.changes.insert(all.changes.end(), of_scenario.changes.begin(), of_scenario.changes.end());
    all.left_out.insert(all.left_out.end(), of_scenario.left_out.begin(), of_scenario.left_out.end());
  }
  const auto found = significant(all.changes, confidence);
  const auto regressions =
      std::count_if(found.begin(), found.end(), [](const Change& change) { return change.is_regression; });
  BaselineReport report{.text = Page("compared with {}: {} metrics, {} changed significantly, {} for the worse\n",
                                     shown_path(folder_.string()), all.changes.size(), found.size(), regressions),
                        .regressed = regressions > 0,
                        .compared = !all.changes.empty()};
  if (!found.empty()) {
    report.text += table_of(found);
  }
  if (!all.left_out.empty()) {
    report.text += Page("  not compared, as not measured in both: {}\n", joined(all.left_out, ", "));
  }
  return report;
}

}  // namespace sim::harness
