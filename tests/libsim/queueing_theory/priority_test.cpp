#include "libsim/queueing_theory/priority.hpp"

#include <rapidcheck/catch.h>

#include <catch2/catch.hpp>
#include <cmath>
#include <vector>

#include "libsim/queueing_theory/markovian.hpp"
#include "libsim/queueing_theory/single_server.hpp"

using namespace sim::queueing_theory;

namespace {

/// Classes with a load below 1 together.
std::vector<PriorityClass> arbitrary_classes() {
  const auto count = *rc::gen::inRange<std::size_t>(1, 6);
  std::vector<PriorityClass> classes;
  for (std::size_t i = 0; i < count; ++i) {
    const double mean_s = *rc::gen::inRange(1, 1'000) / 100.0;
    const double scv = *rc::gen::inRange(0, 500) / 100.0;
    const double load = *rc::gen::inRange(1, 99) / 100.0 / static_cast<double>(count);
    classes.push_back({load / mean_s, mean_s, mean_s * mean_s * (1.0 + scv)});
  }
  return classes;
}

}  // namespace

TEST_CASE("the mean waits of priority classes keep Kleinrock's conservation law", "[queueing_theory]") {
  // The sum of load times wait over the classes is that of one class: Kleinrock 2 (1976), section 3.4.
  rc::prop("without interruption", [] {
    const auto classes = arbitrary_classes();
    double load = 0.0;
    double rest_s = 0.0;
    for (const auto& one : classes) {
      load += one.arrivals_per_s * one.service_mean_s;
      rest_s += 0.5 * one.arrivals_per_s * one.service_second_moment_s2;
    }
    const auto states = mg_1_priority(classes);
    RC_ASSERT(states.has_value());
    double sum = 0.0;
    for (const auto& state : *states) {
      sum += *state.utilisation * *state.wait_mean_s;
    }
    RC_ASSERT(std::abs(sum - load * rest_s / (1.0 - load)) <= 1e-9 * sum);
  });
}

TEST_CASE("the most important class with interruption knows of no other", "[queueing_theory]") {
  rc::prop("it has the wait of Pollaczek and Khinchine", [] {
    const auto classes = arbitrary_classes();
    const auto states = mg_1_preemptive_priority(classes);
    const auto alone = mg_1(classes[0].arrivals_per_s, classes[0].service_mean_s, classes[0].service_second_moment_s2);
    RC_ASSERT((states && alone));
    RC_ASSERT(std::abs(*states->front().sojourn_mean_s - *alone->sojourn_mean_s) <= 1e-9 * *alone->sojourn_mean_s);
  });
}

TEST_CASE("on one server the formulas for many servers are those for one", "[queueing_theory]") {
  const std::vector<double> rates{0.2, 0.3, 0.4};
  std::vector<PriorityClass> classes;
  for (const double rate : rates) {
    classes.push_back({rate, 1.0, 2.0});
  }
  const auto one = mg_1_priority(classes);
  const auto many = mm_c_priority(rates, 1.0, 1);
  const auto one_interrupted = mg_1_preemptive_priority(classes);
  const auto many_interrupted = mm_c_preemptive_priority(rates, 1.0, 1);
  REQUIRE((one && many && one_interrupted && many_interrupted));
  for (std::size_t i = 0; i < rates.size(); ++i) {
    CHECK(*(*many)[i].wait_mean_s == Approx(*(*one)[i].wait_mean_s).epsilon(1e-12));
    CHECK(*(*many_interrupted)[i].sojourn_mean_s == Approx(*(*one_interrupted)[i].sojourn_mean_s).epsilon(1e-12));
  }
}

TEST_CASE("all classes of many servers together wait as one", "[queueing_theory]") {
  const std::vector<double> rates{3.0, 2.0, 4.0};
  const auto together = mm_c(9.0, 1.0, 10);
  const auto calm = mm_c_priority(rates, 1.0, 10);
  const auto interrupted = mm_c_preemptive_priority(rates, 1.0, 10);
  REQUIRE((together && calm && interrupted));
  double waiting = 0.0;
  double waiting_interrupted = 0.0;
  for (std::size_t i = 0; i < rates.size(); ++i) {
    waiting += *(*calm)[i].queue_length_mean;
    waiting_interrupted += *(*interrupted)[i].queue_length_mean;
    CHECK(*(*calm)[i].wait_probability == *together->wait_probability);
  }
  CHECK(waiting == Approx(*together->queue_length_mean).epsilon(1e-12));
  CHECK(waiting_interrupted == Approx(*together->queue_length_mean).epsilon(1e-12));
}

TEST_CASE("a class with an infinite second moment has infinite waits at and below it when it can be interrupted",
          "[queueing_theory]") {
  const std::vector<PriorityClass> classes{{0.2, 1.0, 2.0}, {0.2, 1.0, INFINITY}};
  const auto calm = mg_1_priority(classes);
  const auto interrupted = mg_1_preemptive_priority(classes);
  REQUIRE((calm && interrupted));
  CHECK_FALSE((*calm)[0].wait_mean_s);
  CHECK(*(*interrupted)[0].wait_mean_s == Approx(0.25));  // 0.2·2 / (2·0.8)
  CHECK_FALSE((*interrupted)[1].wait_mean_s);
}

TEST_CASE("an error names the class that leaves no steady state", "[queueing_theory]") {
  const std::vector<PriorityClass> overloaded{{0.5, 1.0, 2.0}, {0.4, 1.0, 2.0}, {0.2, 1.0, 2.0}};
  CHECK_THAT(mg_1_priority(overloaded).error().message, Catch::StartsWith("class 2: load 1.1"));
  CHECK_THAT(mg_1_preemptive_priority(overloaded).error().message, Catch::StartsWith("class 2: load 1.1"));
  const std::vector<PriorityClass> wrong{{0.5, 1.0, 2.0}, {0.4, 0.0, 2.0}};
  CHECK(mg_1_priority(wrong).error().message == "class 1: service_mean_s 0: expected a positive number");
  const std::vector<double> rates{1.0, -1.0};
  CHECK(mm_c_priority(rates, 1.0, 2).error().message == "class 1: arrivals_per_s -1: expected a positive number");
  CHECK(mm_c_preemptive_priority(rates, 1.0, 0).error().message == "servers 0: expected 1 or more");
  const std::vector<double> too_many{1.0, 1.5};
  CHECK_THAT(mm_c_priority(too_many, 1.0, 2).error().message, Catch::StartsWith("class 1: load 1.25"));
}
