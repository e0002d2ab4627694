#include <catch2/catch.hpp>

#include <malloc.h>
#include <sys/resource.h>

#include <cmath>
#include <cstddef>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "libsim/harness/run/replications.hpp"
#include "tests/harness/harness_call.hpp"
#include "tests/harness/toy_shop.hpp"

namespace {

using sim::harness::Replication;
using sim::harness::Replications;
using sim::harness::Report;

Replication reporting(std::vector<Report> reports, std::uint64_t fingerprint = 7) {
  Replication replication;
  replication.totals.fingerprint = fingerprint;
  replication.reports = std::move(reports);
  return replication;
}

Replications all_of(const std::vector<Replication>& single) {
  Replications all;
  for (const auto& replication : single) {
    all.add(replication);
  }
  return all;
}

std::vector<std::vector<Report>> reports_of(const Replications& replications) {
  std::vector<std::vector<Report>> reports(replications.count());
  replications.each_report(
      [&](std::size_t replication, const Report& report) { reports[replication].push_back(report); });
  return reports;
}

std::size_t bytes_allocated() { return mallinfo2().uordblks; }

std::size_t bytes_at_peak() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<std::size_t>(usage.ru_maxrss) * 1024;
}

}  // namespace

TEST_CASE("what each replication reported comes back in its order", "[replications]") {
  const std::vector<std::vector<Report>> reported{
      {{"served", "count", 3, 1}, {"wait", "s", 0.5, 3}},
      {{"served", "count", 4, 1}, {"wait", "s", 0.25, 4}},
      {{"wait", "s", 0.125, 4}, {"lost", "count", 1, 1}, {"served", "count", 5, 1}},
      {},
      {{"served", "count", 6, 2}},
      {{"served", "count", 7, 1}, {"wait", "s", 2, 9}},
  };
  Replications all;
  for (const auto& reports : reported) {
    all.add(reporting(reports));
  }
  CHECK(reports_of(all) == reported);
  CHECK(all.count() == 6);
  CHECK(all.values_of("wait") == std::vector<double>{0.5, 0.25, 0.125, 2});
  CHECK(all.values_of("nothing").empty());
  const auto result = all.result("shop", "day", 1, 0.95);
  REQUIRE(result.metrics.size() == 3);
  CHECK(result.metrics[0].metric == "served");
  CHECK(result.metrics[0].samples == 6);
  CHECK(result.metrics[0].mean == 5.0);
  CHECK(result.metrics[1].samples == 20);
  CHECK(result.metrics[2].replications == 1);
}

TEST_CASE("replications are alike when fingerprint and reports are those of the first", "[replications]") {
  const auto one = reporting({{"served", "count", 3, 1}});
  CHECK(all_of({one, one, one}).are_alike());
  CHECK(!all_of({one, one, reporting({{"served", "count", 3, 2}})}).are_alike());
  CHECK(!all_of({one, reporting({{"served", "count", 3, 1}}, 8), one}).are_alike());
  const auto none = reporting({{"wait", "s", std::numeric_limits<double>::quiet_NaN(), 0}});
  CHECK(!all_of({none, none}).are_alike());
}

TEST_CASE("a metric that was not measured in one replication has no mean over them", "[replications]") {
  const double none = std::numeric_limits<double>::quiet_NaN();
  const auto result =
      all_of({reporting({{"wait", "s", 1, 1}}), reporting({{"wait", "s", none, 0}})}).result("", "", 1, 0.95);
  CHECK(std::isnan(result.metrics[0].mean));
  CHECK(!result.metrics[0].half_width);
  CHECK(!result.metrics[0].is_constant);
}

TEST_CASE("warnings that differ from replication to replication are counted from the thousandth on", "[replications]") {
  Replications all;
  for (int number = 0; number < 1200; ++number) {
    Replication replication;
    replication.warnings = {"of all", "of " + std::to_string(number)};
    all.add(std::move(replication));
  }
  const auto warnings = all.result("", "", 1, 0.95).warnings;
  REQUIRE(warnings.size() == 1001);
  CHECK(warnings[0] == "of all");
  CHECK(warnings[1] == "replication 0: of 0");
  CHECK(warnings[999] == "replication 998: of 998");
  CHECK(warnings[1000] == "201 more warnings of other texts");
}

TEST_CASE("a replication takes at most thirty two bytes for each metric that it reports", "[replications]") {
  constexpr std::size_t count = 20'000;
  constexpr std::size_t metrics = 20;
  const std::size_t before = bytes_allocated();
  Replications all;
  for (std::size_t number = 0; number < count; ++number) {
    Replication replication = reporting({}, number);
    for (std::size_t metric = 0; metric < metrics; ++metric) {
      const auto value = static_cast<double>(number + metric);
      replication.reports.push_back({"a metric with a long name " + std::to_string(metric), "seconds", value, number});
      replication.measurements.push_back({"main", {"measured " + std::to_string(metric), "s", "mean", value, number}});
    }
    all.add(std::move(replication));
  }
  // Eight for the value and eight for the samples, where those vary; a vector that grows holds up to as much again.
  CHECK(bytes_allocated() - before <= count * metrics * 32 + 100'000);
}

TEST_CASE("twenty thousand replications take less than a kilobyte each at the peak", "[replications]") {
  const toy::WorkingFolder here;
  constexpr std::size_t count = 20'000;
  REQUIRE(
      toy::call(toy::shop(), {"--scenario", "day", "--customers", "2", "--quiet", "--replications", "2"}).err.empty());
  const std::size_t before = bytes_at_peak();
  const auto called = toy::call(
      toy::shop(), {"--scenario", "day", "--customers", "2", "--quiet", "--replications", std::to_string(count)});
  CHECK(called.err.empty());
  CHECK(bytes_at_peak() - before <= count * 1'000);
}
