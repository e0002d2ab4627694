#pragma once

#include <functional>
#include <optional>
#include <string>

#include "libsim/expected.hpp"

/// Exact formulas of queueing theory, to be shown beside what a simulation measured. All functions are pure; times are
/// in seconds, rates per second. What no steady state exists for is an error, never a number.
namespace sim::queueing_theory {

/// The value that a time stays at or below with this probability; absent unless 0 <= probability < 1.
using QuantileFunction = std::function<std::optional<double>(double probability)>;

/// Steady state of a station. What has no closed form, or no finite value, is absent.
///
/// Means and probabilities of waits and sojourns are over the jobs that enter: a job that is blocked at its arrival has
/// neither. A job that enters and then gives up has both: its wait, which is its sojourn too, ends when it leaves.
/// Hence Little's law for any station: in_system_mean = entering rate * sojourn_mean_s, and
/// queue_length_mean = entering rate * wait_mean_s, where the entering rate is that of all arrivals times
/// (1 - loss_probability).
struct SteadyState {
  std::optional<double> utilisation;       ///< mean busy servers / servers
  std::optional<double> throughput_per_s;  ///< of served jobs
  /// In the queue, of jobs that enter, those that need not wait and those that give up included. Where service can be
  /// interrupted: the sojourn less the service.
  std::optional<double> wait_mean_s;
  std::optional<double> sojourn_mean_s;  ///< from arrival until the job leaves, of jobs that enter
  std::optional<double> queue_length_mean;
  std::optional<double> in_system_mean;
  std::optional<double> wait_probability;         ///< P(wait > 0), of jobs that enter
  std::optional<double> loss_probability;         ///< blocked at arrival, of all arrivals
  std::optional<double> abandonment_probability;  ///< gave up in the queue, of jobs that enter
  QuantileFunction wait_quantile_s;               ///< of wait_mean_s's jobs; an empty function when unknown
  QuantileFunction sojourn_quantile_s;            ///< of sojourn_mean_s's jobs; an empty function when unknown
  std::string formula;                            ///< its name, such as "Erlang C"
};

/// The same station when it takes waiting jobs in another order that looks at no service times and interrupts none:
/// last come first served, or in random order. All means and probabilities stay, the quantiles are no longer known.
/// Source: Kleinrock, Queueing Systems 1 (1975), section 3.4 (conservation of the queue length).
[[nodiscard]] SteadyState in_any_order(SteadyState first_come_first_served);

}  // namespace sim::queueing_theory
