#include "libsim/caf/job_pool.hpp"

#include <atomic>
#include <catch2/catch.hpp>
#include <chrono>
#include <numeric>
#include <set>
#include <stdexcept>
#include <thread>
#include <vector>

namespace {

std::vector<std::size_t> ascending(std::size_t count) {
  std::vector<std::size_t> jobs(count);
  std::iota(jobs.begin(), jobs.end(), std::size_t{0});
  return jobs;
}

}  // namespace

TEST_CASE("each job is done once and finished in ascending order, for any number of workers", "[job_pool]") {
  const auto workers = GENERATE(1U, 2U, 3U, 8U);
  const auto count = GENERATE(std::size_t{0}, std::size_t{1}, std::size_t{2}, std::size_t{100});
  std::vector<std::atomic<int>> done(count);
  std::vector<std::size_t> finished;
  sim::run_jobs(
      count, workers,
      [&](std::size_t job) {
        // The first jobs take longest, so that the order in which they end is not that in which they begin.
        std::this_thread::sleep_for(std::chrono::microseconds(job < 5 ? 3000 : 10));
        ++done[job];
      },
      [&](std::size_t job) {
        CHECK(done[job] == 1);
        finished.push_back(job);
      });
  REQUIRE(finished == ascending(count));
}

TEST_CASE("as many jobs run at once as there are workers", "[job_pool]") {
  std::atomic<int> arrived = 0;
  const auto meet = [&](std::size_t) {
    ++arrived;
    const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (arrived < 3 && std::chrono::steady_clock::now() < give_up) {
      std::this_thread::yield();
    }
  };
  sim::run_jobs(3, 3, meet, [](std::size_t) {});
  REQUIRE(arrived == 3);
}

TEST_CASE("jobs finish on the calling thread", "[job_pool]") {
  std::set<std::thread::id> threads;
  sim::run_jobs(
      10, 2, [](std::size_t) {}, [&](std::size_t) { threads.insert(std::this_thread::get_id()); });
  REQUIRE(threads == std::set{std::this_thread::get_id()});
}

TEST_CASE("a collector that throws ends the dealing, and its exception is passed on", "[job_pool]") {
  const auto workers = GENERATE(1U, 2U);
  std::atomic<std::size_t> begun = 0;
  const auto work = [&](std::size_t) {
    ++begun;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  };
  const auto refuse_third = [](std::size_t job) {
    if (job == 3) {
      throw std::runtime_error("enough");
    }
  };
  REQUIRE_THROWS_WITH(sim::run_jobs(10'000, workers, work, refuse_third), "enough");
  REQUIRE(begun < 5'000);
}
