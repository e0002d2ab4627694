#include "models/queueing/theory_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "libsim/statistics/interval.hpp"
#include "libsim/statistics/quantiles.hpp"
#include "libsim/text/number_text.hpp"
#include "libsim/text/text_table.hpp"
#include "models/queueing/matching_formula.hpp"

namespace sim::models::queueing {

namespace {

using harness::Estimate;
using harness::ScenarioResult;

constexpr std::size_t indent = 2;

Theory theory_of(const ScenarioResult& result, const Config& config) {
  if (result.scenario == "station") {
    return theory_of_station(config);
  }
  return result.scenario == "closed" ? theory_of_closed(config.files.closed_network, config)
                                     : theory_of_network(config.files.network);
}

std::string z_text(const Estimate& estimate, double theory) {
  if (const auto z = z_score_of(estimate, theory)) {
    return fmt::format("{:+.2f}", *z);
  }
  if (!estimate.half_width) {
    return "";
  }
  return estimate.mean == theory ? "exact" : "wrong";
}

std::string table_of(const ScenarioResult& result, const Theory& theory) {
  using enum TextTable::Align;
  TextTable table(
      {{"metric", left}, {"simulated", right}, {"±", right}, {"theory", right}, {"unit", left}, {"z", right}});
  for (const auto& [metric, expected] : theory.values) {
    const Estimate* estimate = result.find(metric);
    if (estimate == nullptr) {
      continue;
    }
    table.add({metric, short_text(estimate->mean),
               estimate->half_width ? fmt::format("{:.2g}", *estimate->half_width) : "", short_text(expected),
               estimate->unit, z_text(*estimate, expected)});
  }
  return table.text(indent).text();
}

/// As many digits behind the point as in `published`.
std::string rounded_like(double value, const std::string& published) {
  const std::size_t point = published.find('.');
  return fmt::format("{:.{}f}", value, point == std::string::npos ? 0 : published.size() - point - 1);
}

std::string table_of_trace(const ScenarioResult& result, const Config& config) {
  const Trace exact = trace_of(config);
  if (exact.published.empty()) {
    return "theory: none, a trace is one run and its numbers are exact\n";
  }
  using enum TextTable::Align;
  TextTable table({{"metric", left}, {"simulated", right}, {"published", right}, {"unit", left}, {"agrees", left}});
  for (const auto& [metric, published] : exact.published) {
    const Estimate* estimate = result.find(metric);
    if (estimate != nullptr) {
      table.add({metric, short_text(estimate->mean), published, estimate->unit,
                 rounded_like(estimate->mean, published) == published ? "yes" : "no"});
    }
  }
  return fmt::format("published: {}\n{}", exact.source, table.text(indent).text());
}

}  // namespace

std::optional<double> z_score_of(const Estimate& estimate, double theory) {
  if (!(estimate.standard_error > 0.0)) {
    return std::nullopt;
  }
  return z_score(estimate.mean, estimate.standard_error, theory);
}

std::string theory_table(const ScenarioResult& result, const Config& config) {
  if (result.scenario == "trace") {
    return table_of_trace(result, config);
  }
  const Theory theory = theory_of(result, config);
  if (theory.formula.empty()) {
    return fmt::format("theory: none applies: {}\n", theory.reason);
  }
  std::string text = fmt::format("theory: {}\n{}", theory.formula, table_of(result, theory));
  if (result.replications < 2) {
    text +=
        "  one run: intervals are those of its batches, where they are independent; --replications 20 gives others\n";
  }
  return text;
}

}  // namespace sim::models::queueing
