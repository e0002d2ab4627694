#include "libsim/queueing_theory/reneging.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/math/quadrature/gauss.hpp>
#include <cmath>

#include "libsim/queueing_theory/birth_death.hpp"
#include "libsim/queueing_theory/markovian.hpp"
#include "libsim/queueing_theory/quantile_search.hpp"
#include "libsim/queueing_theory/validation.hpp"

namespace sim::queueing_theory {

namespace {

struct ImpatientStation {
  double arrivals_per_s;
  double services_per_s;
  std::uint32_t servers;
  double give_ups_per_s;
  std::uint64_t capacity;
};

StateProbabilities states_of_impatient(const ImpatientStation& station) {
  const auto leaving = [station](std::uint64_t n) {
    const std::uint64_t busy = std::min<std::uint64_t>(n, station.servers);
    return station.services_per_s * static_cast<double>(busy) + station.give_ups_per_s * static_cast<double>(n - busy);
  };
  return stationary({.up = [station](std::uint64_t) { return station.arrivals_per_s; },
                     .down = leaving,
                     .state_max = station.capacity});
}

/// Quantiles of the wait in M/M/c+M, which lasts until service or until the job gives up. The offered wait V has a
/// density proportional to exp(lambda (1 - exp(-theta x)) / theta - c mu x), so that
/// P(wait > t) = exp(-theta t) P(V > 0) * (integral from t) / (integral from 0). Source: Baccelli & Hébuterne (1981).
class ImpatientWait {
 public:
  ImpatientWait(const ImpatientStation& station, double wait_probability)
      : station_(station), wait_probability_(wait_probability) {
    top_s_ = std::max(0.0, std::log(station_.arrivals_per_s / departures_per_s()) / station_.give_ups_per_s);
    end_s_ = top_s_ + distance_to_negligible(1.0);
    begin_s_ = std::max(0.0, top_s_ - distance_to_negligible(-1.0));
    from_start_ = density_integral(0.0);
  }

  /// P(wait > t).
  [[nodiscard]] double beyond(double t_s) const {
    return t_s >= end_s_
               ? 0.0
               : wait_probability_ * std::exp(-station_.give_ups_per_s * t_s) * density_integral(t_s) / from_start_;
  }

 private:
  static constexpr double negligible_density = 1e-18;
  static constexpr int panels = 64;

  [[nodiscard]] double departures_per_s() const {
    return static_cast<double>(station_.servers) * station_.services_per_s;
  }

  /// Relative to its largest value, at `top_s_`.
  [[nodiscard]] double density(double x_s) const {
    // lambda (1 - exp(-theta x)) / theta, less that of the top.
    const double theta = station_.give_ups_per_s;
    const double rise =
        station_.arrivals_per_s / theta * std::exp(-theta * top_s_) * -std::expm1(-theta * (x_s - top_s_));
    return std::exp(rise - departures_per_s() * (x_s - top_s_));
  }

  /// How far from the top, in this direction, the density counts.
  [[nodiscard]] double distance_to_negligible(double direction) const {
    double distance_s = 1.0 / departures_per_s();
    while (top_s_ + direction * distance_s > 0.0 && density(top_s_ + direction * distance_s) > negligible_density) {
      distance_s *= 2.0;
    }
    return distance_s;
  }

  [[nodiscard]] double density_integral(double from_s) const {
    const double start_s = std::max(from_s, begin_s_);
    const double width_s = (end_s_ - start_s) / panels;
    double sum = 0.0;
    for (int i = 0; i < panels; ++i) {
      const double panel_s = start_s + width_s * i;
      sum += boost::math::quadrature::gauss<double, 10>::integrate([this](double x_s) { return density(x_s); }, panel_s,
                                                                   panel_s + width_s);
    }
    return sum;
  }

  ImpatientStation station_;
  double wait_probability_;
  double top_s_ = 0.0;
  double begin_s_ = 0.0;
  double end_s_ = 0.0;
  double from_start_ = 1.0;
};

Expected<SteadyState> impatient(const ImpatientStation& station) {
  if (const auto valid = first_error(validate_station(station.arrivals_per_s, station.services_per_s, station.servers),
                                     validate_positive("give_ups_per_s", station.give_ups_per_s));
      !valid) {
    return tl::unexpected(valid.error());
  }
  const auto states = states_of_impatient(station);
  const double lost = states.of(station.capacity);
  const double entering = 1.0 - lost;
  const double entering_per_s = station.arrivals_per_s * entering;
  const double busy = states.busy_mean(station.servers);
  SteadyState state;
  state.utilisation = busy / static_cast<double>(station.servers);
  state.throughput_per_s = station.services_per_s * busy;
  state.queue_length_mean = states.waiting_mean(station.servers);
  state.in_system_mean = states.mean();
  state.wait_mean_s = *state.queue_length_mean / entering_per_s;
  state.sojourn_mean_s = *state.in_system_mean / entering_per_s;
  state.wait_probability = (states.at_least(station.servers) - lost) / entering;
  state.loss_probability = lost;
  state.abandonment_probability = station.give_ups_per_s * *state.wait_mean_s;
  state.formula = "Erlang A";
  return state;
}

/// The wait that a patient customer would have in M/M/c+D, V: Baccelli & Hébuterne. With p the probability of c - 1
/// jobs, its density is lambda p exp(-(c mu - lambda) x) up to the deadline, and falls like exp(-c mu x) after it.
class OfferedWait {
 public:
  OfferedWait(double arrivals_per_s, double services_per_s, std::uint32_t servers, double patience_s)
      : excess_per_s_(static_cast<double>(servers) * services_per_s - arrivals_per_s), patience_s_(patience_s) {
    // All is divided by p, and for an overloaded station by exp(-excess * patience), which may be huge.
    const double scale = std::exp(std::min(0.0, excess_per_s_ * patience_s));
    const double at_deadline = std::exp(-std::max(0.0, excess_per_s_ * patience_s));
    const double fewer_jobs = scale / *erlang_b(arrivals_per_s / services_per_s, servers - 1);
    const double in_time = arrivals_per_s * scaled_integral(patience_s);
    const double too_late = arrivals_per_s / (static_cast<double>(servers) * services_per_s) * at_deadline;
    const double all = fewer_jobs + in_time + too_late;
    late_ = too_late / all;
    density_scale_ = arrivals_per_s / all;
  }

  /// P(V > patience).
  [[nodiscard]] double late() const { return late_; }

  /// P(V > t), t up to the patience.
  [[nodiscard]] double beyond(double t_s) const {
    return late_ + density_scale_ * (scaled_integral(patience_s_) - scaled_integral(t_s));
  }

  /// E[min(V, patience)]: the integral of P(V > t) up to the patience.
  [[nodiscard]] double capped_mean_s() const { return late_ * patience_s_ + density_scale_ * scaled_first_moment(); }

 private:
  /// The integral from 0 to t of exp(-excess x), for a negative excess relative to its value at the deadline.
  [[nodiscard]] double scaled_integral(double t_s) const {
    const double rate = std::abs(excess_per_s_);
    const double y = rate * t_s;
    const double integral = y > 0.0 ? t_s * (-std::expm1(-y) / y) : t_s;
    return excess_per_s_ >= 0.0 ? integral : std::exp(-rate * (patience_s_ - t_s)) * integral;
  }

  /// The integral of x exp(-excess x) up to the deadline, relative as above.
  [[nodiscard]] double scaled_first_moment() const {
    const double y = std::abs(excess_per_s_) * patience_s_;
    const double from_start = patience_s_ * patience_s_ * first_moment_share(y);
    return excess_per_s_ >= 0.0 ? from_start : patience_s_ * scaled_integral(patience_s_) - from_start;
  }

  /// The integral of x exp(-y x) from 0 to 1: (1 - (1 + y) exp(-y)) / y^2, or its series where that would cancel.
  static double first_moment_share(double y) {
    if (y > 1.0) {
      return (1.0 - (1.0 + y) * std::exp(-y)) / (y * y);
    }
    double sum = 0.0;
    double term = 1.0;  // (-y)^k / k!
    for (int k = 0; k < 25; ++k) {
      sum += term / (k + 2);
      term *= -y / (k + 1);
    }
    return sum;
  }

  double excess_per_s_;
  double patience_s_;
  double late_ = 0.0;
  double density_scale_ = 0.0;
};

}  // namespace

Expected<SteadyState> mm_c_m(double arrivals_per_s, double services_per_s, std::uint32_t servers,
                             double give_ups_per_s) {
  const ImpatientStation station{arrivals_per_s, services_per_s, servers, give_ups_per_s, UINT64_MAX};
  auto state = impatient(station);
  if (state) {
    const ImpatientWait wait(station, *state->wait_probability);
    state->wait_quantile_s = quantiles_of([wait](double t_s) { return wait.beyond(t_s); }, 1.0 / services_per_s);
  }
  return state;
}

Expected<SteadyState> mm_c_k_m(double arrivals_per_s, double services_per_s, std::uint32_t servers,
                               std::uint32_t capacity, double give_ups_per_s) {
  if (capacity < servers) {
    return unexpected(fmt::format("capacity {}: expected at least {}, the number of servers", capacity, servers));
  }
  return impatient({arrivals_per_s, services_per_s, servers, give_ups_per_s, capacity});
}

Expected<SteadyState> mm_c_d(double arrivals_per_s, double services_per_s, std::uint32_t servers, double patience_s) {
  if (const auto valid = first_error(validate_station(arrivals_per_s, services_per_s, servers),
                                     validate_positive("patience_s", patience_s));
      !valid) {
    return tl::unexpected(valid.error());
  }
  const OfferedWait offered(arrivals_per_s, services_per_s, servers, patience_s);
  const double served = 1.0 - offered.late();
  SteadyState state;
  state.throughput_per_s = arrivals_per_s * served;
  state.utilisation = *state.throughput_per_s / (services_per_s * static_cast<double>(servers));
  state.wait_mean_s = offered.capped_mean_s();
  state.sojourn_mean_s = *state.wait_mean_s + served / services_per_s;
  state.queue_length_mean = arrivals_per_s * *state.wait_mean_s;
  state.in_system_mean = arrivals_per_s * *state.sojourn_mean_s;
  state.wait_probability = offered.beyond(0.0);
  state.loss_probability = 0.0;
  state.abandonment_probability = offered.late();
  state.wait_quantile_s = quantiles_of(
      [offered, patience_s](double t_s) { return t_s >= patience_s ? 0.0 : offered.beyond(t_s); }, patience_s);
  state.formula = "M/M/c+D (Baccelli–Hébuterne)";
  return state;
}

Expected<SteadyState> mm_1_discouraged(double arrivals_per_s, double services_per_s) {
  if (const auto valid = validate_station(arrivals_per_s, services_per_s, 1); !valid) {
    return tl::unexpected(valid.error());
  }
  // The number of jobs is Poisson with the load as its mean.
  const double load = arrivals_per_s / services_per_s;
  const double busy = -std::expm1(-load);
  SteadyState state;
  state.utilisation = busy;
  state.throughput_per_s = services_per_s * busy;
  state.in_system_mean = load;
  state.queue_length_mean = load - busy;
  state.sojourn_mean_s = load / *state.throughput_per_s;
  state.wait_mean_s = *state.queue_length_mean / *state.throughput_per_s;
  state.wait_probability = 1.0 - arrivals_per_s * (1.0 - busy) / *state.throughput_per_s;
  state.loss_probability = 1.0 - *state.throughput_per_s / arrivals_per_s;
  state.abandonment_probability = 0.0;
  state.formula = "M/M/1 discouraged arrivals";
  return state;
}

}  // namespace sim::queueing_theory
