#include <catch2/catch.hpp>
#include <cmath>

#include "libsim/queueing_theory/priority.hpp"
#include "libsim/queueing_theory/single_server.hpp"

using namespace sim::queueing_theory;

namespace {

/// Short jobs of 1 s (share 3/4) and long ones of 4 s.
ServiceLaw short_and_long() {
  return {.mean_s = 1.75,
          .second_moment_s2 = 4.75,
          .cdf = [](double t) { return t >= 4.0   ? 1.0
                                       : t >= 1.0 ? 0.75
                                                  : 0.0; },
          .breakpoints_s = {4.0, 1.0}};
}

}  // namespace

TEST_CASE("with services that are all equal the order by size is that of arrival", "[queueing_theory]") {
  const auto law = constant_service(2.0);
  CHECK(*mg_1_sjf(0.4, law)->wait_mean_s == Approx(4.0).epsilon(1e-12));  // M/D/1: 0.4·4 / (2·0.2)
  CHECK(*mg_1_srpt(0.4, law)->wait_mean_s == Approx(4.0).epsilon(1e-12));
}

TEST_CASE("with two sizes the shortest job first is a priority of two classes", "[queueing_theory]") {
  const std::vector<PriorityClass> classes{{0.3, 1.0, 1.0}, {0.1, 4.0, 16.0}};
  const auto by_class = mg_1_priority(classes);
  REQUIRE(by_class);
  const double expected = 0.75 * *(*by_class)[0].wait_mean_s + 0.25 * *(*by_class)[1].wait_mean_s;
  CHECK(*mg_1_sjf(0.4, short_and_long())->wait_mean_s == Approx(expected).epsilon(1e-12));
}

TEST_CASE("with two sizes the shortest remaining time is that of Schrage and Miller", "[queueing_theory]") {
  // lambda = 0.4: ρ(1) = 0.3, ρ(4) = 0.7. Short: 0.2·E[min(S,1)²] / (1 - 0.3) + 1 = 0.2/0.7 + 1. Long:
  // 0.2·4.75 / (0.7·0.3) + 1 + 3/0.7, as all but its last second is interrupted by short jobs only.
  const double shorter = 0.2 / 0.7 + 1.0;
  const double longer = 0.2 * 4.75 / 0.21 + 1.0 + 3.0 / 0.7;
  const auto state = mg_1_srpt(0.4, short_and_long());
  REQUIRE(state);
  CHECK(*state->sojourn_mean_s == Approx(0.75 * shorter + 0.25 * longer).epsilon(1e-12));
  CHECK(*state->wait_mean_s == Approx(*state->sojourn_mean_s - 1.75).epsilon(1e-12));
}

TEST_CASE("exponential and uniform services by size are those of the integrals over the density", "[queueing_theory]") {
  // The integrals of Phipps and of Schrage & Miller as the papers give them, by adaptive quadrature with 20 digits.
  struct SizeRow {
    double arrivals_per_s;
    ServiceLaw law;
    double sjf_wait_s;
    double srpt_sojourn_s;
  };
  const std::vector<SizeRow> rows{
      {0.50, exponential_service(1.0), 0.71268633193889286998, 1.42537266387778574},
      {0.80, exponential_service(1.0), 1.8822186162397761212, 2.3527732702997201515},
      {0.95, exponential_service(1.0), 5.2639604700967706026, 5.5410110211544953711},
      {0.50, uniform_service(0.5, 1.5), 0.48583504062076674708, 1.4615016042814420587},
      {0.80, uniform_service(0.5, 1.5), 1.7307930592956837215, 2.6864926574208045121},
  };
  for (const auto& row : rows) {
    CAPTURE(row.arrivals_per_s);
    CHECK(*mg_1_sjf(row.arrivals_per_s, row.law)->wait_mean_s == Approx(row.sjf_wait_s).epsilon(1e-10));
    CHECK(*mg_1_srpt(row.arrivals_per_s, row.law)->sojourn_mean_s == Approx(row.srpt_sojourn_s).epsilon(1e-10));
  }
}

TEST_CASE("jobs that need no service at all wait for one rest of a service only", "[queueing_theory]") {
  // Half of 0 s, half of 2 s, lambda = 0.5: rest 0.5·2/2 = 0.5 s. Those of 0 s wait 0.5, the others 0.5/(1 - 0.5) = 1.
  const ServiceLaw law{.mean_s = 1.0,
                       .second_moment_s2 = 2.0,
                       .cdf = [](double t) { return t >= 2.0 ? 1.0 : 0.5; },
                       .breakpoints_s = {0.0, 2.0}};
  CHECK(*mg_1_sjf(0.5, law)->wait_mean_s == Approx(0.75).epsilon(1e-12));
}

TEST_CASE("times of disciplines by size scale with the unit of time", "[queueing_theory]") {
  const auto seconds = mg_1_srpt(0.8, exponential_service(1.0));
  const auto hours = mg_1_srpt(0.8 / 3600.0, exponential_service(3600.0));
  CHECK(*hours->sojourn_mean_s == Approx(3600.0 * *seconds->sojourn_mean_s).epsilon(1e-10));
}

TEST_CASE("services without a second moment have a mean sojourn under shortest remaining time only",
          "[queueing_theory]") {
  // Pareto of shape 1.5 from 1/3 s: mean 1.
  const ServiceLaw law{.mean_s = 1.0,
                       .second_moment_s2 = INFINITY,
                       .cdf = [](double t) { return t <= 1.0 / 3.0 ? 0.0 : 1.0 - std::pow(3.0 * t, -1.5); },
                       .breakpoints_s = {1.0 / 3.0}};
  CHECK_FALSE(mg_1_sjf(0.5, law)->wait_mean_s);
  const auto state = mg_1_srpt(0.5, law);
  REQUIRE(state);
  CHECK(*state->sojourn_mean_s > 1.0);
  CHECK(*state->sojourn_mean_s < *mg_1_ps(0.5, 1.0)->sojourn_mean_s);
}

TEST_CASE("a cdf with another mean than the law says is an error", "[queueing_theory]") {
  auto law = exponential_service(1.0);
  law.mean_s = 1.1;
  law.second_moment_s2 = 2.5;
  CHECK_THAT(mg_1_sjf(0.5, law).error().message, Catch::StartsWith("the cdf of the service time has the mean") &&
                                                     Catch::EndsWith("expected 1.1, as mean_s says"));
  CHECK_FALSE(mg_1_srpt(0.5, law));
  CHECK_FALSE(mg_1_srpt(1.0, exponential_service(1.0)));
  CHECK_FALSE(mg_1_sjf(0.0, exponential_service(1.0)));
}
