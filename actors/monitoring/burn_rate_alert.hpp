#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "actors/circuit_breaker/outcome_window.hpp"
#include "libsim/time.hpp"

namespace sim::policies {

/// Alerts when a service spends its error budget too fast, judged over a long and a short window at once.
///
/// The burn rate of a window is its share of errors over the share that the objective allows; at rate 1 the budget is
/// spent exactly at the end of its period. A rule fires while the rates of both its windows are above its threshold:
/// the long window keeps single errors quiet, the short one ends the alert soon after the errors end. A window without
/// requests has rate 0. A window consists of `buckets_per_window` buckets that leave it whole: it reaches back between
/// (n - 1) / n of its length and all of it. Time never goes back (asserted).
/// Source: The Site Reliability Workbook (2018), chapter 5, "Multiwindow, Multi-Burn-Rate Alerts".
class BurnRateAlert {
 public:
  enum class Severity { page, ticket };

  struct Rule {
    Duration long_window = 1h;
    Duration short_window = 5min;
    double burn_rate = 14.4;  ///< strictly above: fires
    Severity severity = Severity::page;

    friend bool operator==(const Rule&, const Rule&) = default;
  };

  struct Config {
    double objective = 0.999;  ///< share of good requests; above 0 and below 1
    /// For a period of 30 days: 2 % of the budget in 1 h, 5 % in 6 h, 10 % in 3 d.
    std::vector<Rule> rules = {
        {1h, 5min, 14.4, Severity::page}, {6h, 30min, 6, Severity::page}, {72h, 6h, 1, Severity::ticket}};
    std::uint32_t buckets_per_window = 60;

    friend bool operator==(const Config&, const Config&) = default;
  };

  struct Change {
    std::uint32_t rule = 0;  ///< its place in `Config::rules`
    bool is_firing = false;  ///< otherwise resolved

    friend bool operator==(const Change&, const Change&) = default;
  };

  struct Statistics {
    std::uint64_t good_count = 0;
    std::uint64_t error_count = 0;
    std::uint64_t fired_count = 0;
    std::uint64_t resolved_count = 0;

    friend bool operator==(const Statistics&, const Statistics&) = default;
  };

  explicit BurnRateAlert(Config config, Time start = Time{});

  void record(Time now, bool is_error);

  /// Judges all rules, as one does at regular intervals. The result is valid until the next call.
  std::span<const Change> evaluate(Time now);

  [[nodiscard]] bool is_firing(std::uint32_t rule) const { return watches_[rule].is_firing; }
  /// As of the latest time given.
  [[nodiscard]] double long_burn_rate(std::uint32_t rule) const { return burn_rate(watches_[rule].long_window); }
  [[nodiscard]] double short_burn_rate(std::uint32_t rule) const { return burn_rate(watches_[rule].short_window); }
  [[nodiscard]] const Statistics& statistics() const { return statistics_; }
  [[nodiscard]] const Config& config() const { return config_; }

  /// The share of the whole budget of `period` that is spent in `window` at this burn rate.
  [[nodiscard]] static double budget_spent(double burn_rate, Duration window, Duration period);

 private:
  struct Watch {
    OutcomeWindow long_window;
    OutcomeWindow short_window;
    bool is_firing = false;
  };

  [[nodiscard]] double burn_rate(const OutcomeWindow& window) const;

  Config config_;
  Time now_;
  std::vector<Watch> watches_;
  std::vector<Change> changes_;
  Statistics statistics_;
};

}  // namespace sim::policies
