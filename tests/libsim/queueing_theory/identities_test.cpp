#include <rapidcheck/catch.h>

#include <algorithm>
#include <boost/math/quadrature/gauss.hpp>
#include <catch2/catch.hpp>
#include <cmath>
#include <vector>

#include "libsim/queueing_theory/finite_source.hpp"
#include "libsim/queueing_theory/markovian.hpp"
#include "libsim/queueing_theory/networks.hpp"
#include "libsim/queueing_theory/priority.hpp"
#include "libsim/queueing_theory/reneging.hpp"
#include "libsim/queueing_theory/single_server.hpp"

using namespace sim::queueing_theory;

namespace {

/// Parameters of a station with any load from 0.01 to 0.99 per server.
struct ArbitraryStation {
  std::uint32_t servers = *rc::gen::inRange<std::uint32_t>(1, 60);
  std::uint32_t room = *rc::gen::inRange<std::uint32_t>(0, 60);  ///< for waiting jobs
  double services_per_s = *rc::gen::inRange(1, 1'000) / 37.0;
  double load = *rc::gen::inRange(1, 99) / 100.0;  ///< per server
  double scv = *rc::gen::inRange(0, 900) / 100.0;
  double give_ups_per_s = *rc::gen::inRange(1, 1'000) / 100.0;

  [[nodiscard]] double arrivals_per_s() const { return load * services_per_s * servers; }
  [[nodiscard]] double single_arrivals_per_s() const { return load * services_per_s; }
  [[nodiscard]] double service_s() const { return 1.0 / services_per_s; }
};

bool about(double first, double second, double relative = 1e-8) {
  return std::abs(first - second) <= relative * std::max(std::abs(first), std::abs(second)) + 1e-14;
}

/// Little's law for the system and for the queue, wait plus service, and servers that are as busy as jobs are served.
void assert_flows(const SteadyState& state, double arrivals_per_s, double servers, double services_per_s) {
  const double entering_per_s = arrivals_per_s * (1.0 - *state.loss_probability);
  RC_ASSERT(about(*state.in_system_mean, entering_per_s * *state.sojourn_mean_s));
  RC_ASSERT(about(*state.queue_length_mean, entering_per_s * *state.wait_mean_s));
  RC_ASSERT(about(*state.throughput_per_s, entering_per_s * (1.0 - *state.abandonment_probability)));
  RC_ASSERT(about(*state.utilisation * servers * services_per_s, *state.throughput_per_s));
  RC_ASSERT(about(*state.in_system_mean, *state.queue_length_mean + *state.utilisation * servers));
  if (state.wait_probability) {
    RC_ASSERT(*state.wait_probability >= 0.0);
    RC_ASSERT(*state.wait_probability <= 1.0 + 1e-12);
  }
}

/// The integral of all quantiles, which is the mean, of a time that is positive with this probability: with
/// p = 1 - exp(-u), from where the quantiles are not 0.
double mean_of_quantiles(const QuantileFunction& quantile, double positive) {
  constexpr int panels = 24;
  const double begin = -std::log(positive);
  const double width = 25.0 / panels;
  double sum = 0.0;
  for (int i = 0; i < panels; ++i) {
    sum += boost::math::quadrature::gauss<double, 10>::integrate(
        [&](double u) { return *quantile(-std::expm1(-u)) * std::exp(-u); }, begin + width * i,
        begin + width * (i + 1));
  }
  return sum;
}

void check_quantiles(const SteadyState& state) {
  INFO(state.formula);
  REQUIRE(state.wait_quantile_s);
  CHECK(mean_of_quantiles(state.wait_quantile_s, *state.wait_probability) == Approx(*state.wait_mean_s).epsilon(2e-3));
  if (state.sojourn_quantile_s) {
    CHECK(mean_of_quantiles(state.sojourn_quantile_s, 1.0) == Approx(*state.sojourn_mean_s).epsilon(2e-3));
  }
  for (double p = 0.05; p < 0.9; p += 0.1) {
    CHECK(*state.wait_quantile_s(p) <= *state.wait_quantile_s(p + 0.05));
  }
  if (*state.wait_probability > 0.01 && *state.wait_probability < 0.99) {
    CHECK(*state.wait_quantile_s(1.0 - *state.wait_probability - 1e-6) == 0.0);
    CHECK(*state.wait_quantile_s(1.0 - *state.wait_probability + 1e-6) > 0.0);
  }
}

template <class Result>
auto value(const Result& result) {
  INFO((result ? std::string() : result.error().message.text()));
  REQUIRE(result);
  return *result;
}

}  // namespace

TEST_CASE("all stations keep Little's law and lose no jobs", "[queueing_theory]") {
  rc::prop("flows balance", [] {
    const ArbitraryStation any;
    const double rate = any.arrivals_per_s();
    const double single_rate = any.single_arrivals_per_s();
    const double service_s = any.service_s();
    const double mu = any.services_per_s;
    const double c = any.servers;
    assert_flows(*mm_c(rate, mu, any.servers), rate, c, mu);
    // Overloaded as well: these are steady for every load.
    for (const double factor : {1.0, 3.0}) {
      const double more = rate * factor;
      assert_flows(*mm_c_k(more, mu, any.servers, any.servers + any.room), more, c, mu);
      assert_flows(*mm_c_m(more, mu, any.servers, any.give_ups_per_s), more, c, mu);
      assert_flows(*mm_c_k_m(more, mu, any.servers, any.servers + any.room, any.give_ups_per_s), more, c, mu);
      assert_flows(*mm_c_d(more, mu, any.servers, 1.0 / any.give_ups_per_s), more, c, mu);
      assert_flows(*mm_1_discouraged(more, mu), more, 1.0, mu);
      assert_flows(*mg_c_c(more, service_s, any.servers), more, c, mu);
    }
    const double second_moment = service_s * service_s * (1.0 + any.scv);
    assert_flows(*mg_1(single_rate, service_s, second_moment), single_rate, 1.0, mu);
    assert_flows(*md_1(single_rate, service_s), single_rate, 1.0, mu);
    assert_flows(*gm_1(uniform_interarrivals(0.0, 2.0 / single_rate), mu), single_rate, 1.0, mu);
    const std::vector<double> classes{0.25 * rate, 0.75 * rate};
    for (const auto& states :
         {*mm_c_priority(classes, mu, any.servers), *mm_c_preemptive_priority(classes, mu, any.servers)}) {
      assert_flows(states[0], classes[0], c, mu);
      assert_flows(states[1], classes[1], c, mu);
    }
  });
}

TEST_CASE("M/M/1 is a special case of all", "[queueing_theory]") {
  rc::prop("the same wait, sojourn and number of jobs", [] {
    const ArbitraryStation any;
    const double rate = any.single_arrivals_per_s();
    const double mu = any.services_per_s;
    const double service_s = any.service_s();
    const double second_moment = 2.0 * service_s * service_s;
    const double sojourn_s = 1.0 / (mu - rate);  // Kleinrock 1 (1975), section 3.2
    const std::vector<PriorityClass> one_class{{rate, service_s, second_moment}};
    const std::vector<double> one_rate{rate};
    const std::vector<OpenStation> one_station{{.name = {}, .arrivals_per_s = rate, .services_per_s = mu}};
    const std::vector<SteadyState> all{
        *mm_c(rate, mu, 1),
        *mm_c_k(rate, mu, 1, 10'000),
        *mg_1(rate, service_s, second_moment),
        *gm_1(exponential_interarrivals(1.0 / rate), mu),
        *gm_1(erlang_interarrivals(1, 1.0 / rate), mu),
        *gm_1(balanced_hyperexponential_interarrivals(1.0 / rate, 1.0), mu),
        mg_1_priority(one_class)->front(),
        mg_1_preemptive_priority(one_class)->front(),
        mm_c_priority(one_rate, mu, 1)->front(),
        mm_c_preemptive_priority(one_rate, mu, 1)->front(),
        *mm_c_m(rate, mu, 1, 1e-12 * mu),
        *mm_c_d(rate, mu, 1, 1e4 * service_s),
        open_network(one_station, {{0.0}})->stations.front(),
    };
    for (const auto& state : all) {
      RC_ASSERT(about(*state.sojourn_mean_s, sojourn_s, 1e-6));
      RC_ASSERT(about(*state.wait_mean_s, sojourn_s - service_s, 1e-6));
      RC_ASSERT(about(*state.in_system_mean, rate * sojourn_s, 1e-6));
      RC_ASSERT(about(*state.utilisation, any.load, 1e-6));
      if (state.sojourn_quantile_s) {
        RC_ASSERT(about(*state.sojourn_quantile_s(0.9), std::log(10.0) * sojourn_s, 1e-6));
      }
      if (state.wait_quantile_s && any.load > 0.2) {
        RC_ASSERT(about(*state.wait_quantile_s(0.9), std::log(10.0 * any.load) * sojourn_s, 1e-6));
      }
    }
    RC_ASSERT(about(*mg_1_ps(rate, service_s)->sojourn_mean_s, sojourn_s));
  });
}

TEST_CASE("who knows the sizes of jobs serves them sooner", "[queueing_theory]") {
  rc::prop("shortest remaining time, shortest job, first come", [] {
    const double load = *rc::gen::inRange(5, 98) / 100.0;
    const double spread = *rc::gen::inRange(0, 90) / 100.0;
    for (const auto& law : {exponential_service(1.0), uniform_service(1.0 - spread, 1.0 + spread)}) {
      const auto first = mg_1(load, 1.0, law.second_moment_s2);
      const auto shortest = mg_1_sjf(load, law);
      const auto remaining = mg_1_srpt(load, law);
      RC_ASSERT((first && shortest && remaining));
      RC_ASSERT(*remaining->sojourn_mean_s <= *shortest->sojourn_mean_s * (1.0 + 1e-9));
      RC_ASSERT(*shortest->sojourn_mean_s <= *first->sojourn_mean_s * (1.0 + 1e-9));
      RC_ASSERT(*remaining->sojourn_mean_s <= *mg_1_ps(load, 1.0)->sojourn_mean_s * (1.0 + 1e-9));
    }
  });
}

TEST_CASE("a loss station is the same by its states and by Erlang's recursion", "[queueing_theory]") {
  rc::prop("blocking and busy servers", [] {
    const ArbitraryStation any;
    const double rate = any.arrivals_per_s() * 2.0;
    const auto by_states = mm_c_k(rate, any.services_per_s, any.servers, any.servers);
    const auto by_recursion = mg_c_c(rate, any.service_s(), any.servers);
    RC_ASSERT(about(*by_states->loss_probability, *by_recursion->loss_probability, 1e-12));
    RC_ASSERT(about(*by_states->utilisation, *by_recursion->utilisation, 1e-12));
    RC_ASSERT(*by_states->wait_quantile_s(0.999) == 0.0);
  });
}

TEST_CASE("the quantiles of each station have its mean", "[queueing_theory]") {
  check_quantiles(value(mm_c(0.7, 1.0, 1)));
  check_quantiles(value(mm_c(9.0, 1.0, 10)));
  check_quantiles(value(mm_c_k(9.0, 1.0, 10, 14)));
  check_quantiles(value(mm_c_k(5.0, 1.0, 4, 20)));
  check_quantiles(value(mm_c_k(5.0, 2.0, 1, 5)));
  check_quantiles(value(md_1(0.8, 1.0)));
  check_quantiles(value(md_1(0.25, 2.0)));
  check_quantiles(value(gm_1(uniform_interarrivals(0.0, 2.5), 1.0)));
  check_quantiles(value(mm_c_m(9.0, 1.0, 10, 0.5)));
  check_quantiles(value(mm_c_m(12.0, 1.0, 10, 0.5)));
  check_quantiles(value(mm_c_m(48.0 / 60.0, 1.0 / 60.0, 50, 1.0 / 120.0)));
  check_quantiles(value(mm_c_d(9.0, 1.0, 10, 0.4)));
  check_quantiles(value(mm_c_d(12.0, 1.0, 10, 0.4)));
  check_quantiles(value(machine_repairman(12, 0.3, 1.0, 3)));
  check_quantiles(value(machine_repairman(50, 1.0, 1.0, 2)));
}
