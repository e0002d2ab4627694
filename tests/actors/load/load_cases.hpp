#pragma once

#include <catch2/catch.hpp>
#include <cstdint>
#include <deque>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "libsim/sim.hpp"
#include "libsim/statistics/interval.hpp"
#include "libsim/text/csv_file.hpp"

namespace sim::testing {

/// The exact value of a case of tests/data/load/cases.csv.
inline double expected_of_case(std::string_view id) {
  auto file = CsvFile::open(LIBSIM_TEST_DATA "/data/load/cases.csv", 1 << 20);
  REQUIRE(file);
  const std::size_t ids = *file->column("id");
  const std::size_t values = *file->column("expected");
  while (*file->next_row()) {
    if (file->field(ids) == id) {
      return *file->number(values);
    }
  }
  throw std::invalid_argument("no case " + std::string(id));
}

/// How many standard errors the mean of independent replications lies from what theory expects. The standard error must
/// be at most `standard_error_max` of the expected value: a test that cannot tell right from wrong is not one.
inline double z_of(std::span<const double> replications, double expected, double standard_error_max) {
  const Interval interval = *mean_interval(replications);
  CAPTURE(interval.mean, interval.standard_error, expected);
  REQUIRE(interval.standard_error <= standard_error_max * expected);
  return z_score(interval, expected);
}

struct Job {
  struct Done {};
  using Reply = Done;
};

struct MakeJob {
  Job operator()(std::uint64_t, RandomStream&) const { return {}; }
};

/// One server with a line, first come first served.
class FifoServer {
 public:
  struct Config {
    Distribution service_time = exponential(1s);
  };
  struct Finished {};
  using Inbox = sim::Inbox<Job, Finished>;

  FifoServer(Context& ctx, Config config)
      : ctx_(ctx), config_(std::move(config)), service_rng_(ctx.random("service")) {}

  void on(const Job&, ReplyTo<Job::Done> reply_to) {
    line_.push_back(reply_to);
    if (line_.size() == 1) {
      serve();
    }
  }
  void on(const Finished&) {
    ctx_.reply(line_.front(), {});
    line_.pop_front();
    if (!line_.empty()) {
      serve();
    }
  }

 private:
  void serve() { ctx_.after(config_.service_time.sample(service_rng_), Finished{}); }

  Context& ctx_;
  Config config_;
  RandomStream& service_rng_;
  std::deque<ReplyTo<Job::Done>> line_;
};

}  // namespace sim::testing
