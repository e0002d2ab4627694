#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "models/queueing/config.hpp"

namespace sim::models::queueing {

/// What theory says about a run: the values of a formula in the units of the metrics, or why no formula applies.
struct Theory {
  std::string formula;                                 ///< its name; empty: none applies
  std::string reason;                                  ///< why none applies, one line
  std::vector<std::pair<std::string, double>> values;  ///< by metric, in the order of the formula

  /// Nothing when theory is silent about the metric.
  [[nodiscard]] std::optional<double> value(std::string_view metric) const;
};

/// Decides by the laws of arrival and service, servers, capacity, discipline, patience and sources which formula
/// applies to the station, and asks it.
[[nodiscard]] Theory theory_of_station(const Config& config);

/// Jackson's theorem, when all arrivals and services are exponential.
[[nodiscard]] Theory theory_of_network(const Network& network);

/// Mean value analysis.
[[nodiscard]] Theory theory_of_closed(const Network& network, const Config& config);

}  // namespace sim::models::queueing
