#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "actors/server/server.hpp"
#include "tests/theory/theory.hpp"

/// A station with its arrivals, run for several replications.
namespace theory {

using sim::actors::JobId;
using sim::actors::Server;
using sim::actors::Serviced;
using sim::actors::ServiceOutcome;
using sim::actors::ServiceRequest;
using Station = sim::policies::ServiceStation;

/// What arrivals see and how long the station is busy at a time.
struct Watch {
  const Server* server = nullptr;
  std::vector<std::uint64_t> seen;  ///< how many arrivals found so many jobs
  sim::Time busy_since{};
  sim::Moments busy_periods_s;

  void arrival(sim::Time now);
  void departure(sim::Time now);
  void reset();
};

/// Sends jobs whose names are their times of arrival, in nanoseconds.
class Source {
 public:
  struct Config {
    sim::Distribution between_arrivals;
    std::optional<sim::Distribution> service_time = {};  ///< nothing: the station draws it
    std::uint32_t priority = 0;
    std::uint32_t batch = 1;
  };
  struct Next {
    friend bool operator==(const Next&, const Next&) = default;
  };
  using Inbox = sim::Inbox<sim::Start, Next>;

  Source(sim::Context& ctx, Config config, sim::Port<ServiceRequest> station, sim::Port<Serviced> sink,
         Watch* watch = nullptr);
  void on(const sim::Start&);
  void on(const Next&);

  std::uint64_t sent = 0;

 private:
  sim::Context& ctx_;
  Config config_;
  sim::Port<ServiceRequest> station_;
  sim::Port<Serviced> sink_;
  Watch* watch_;
  sim::RandomStream& arrival_rng_;
  sim::RandomStream& service_rng_;
};

/// Keeps what became of the jobs.
class Sink {
 public:
  using Inbox = sim::Inbox<Serviced>;

  explicit Sink(sim::Context& ctx, Watch* watch = nullptr) : ctx_(ctx), watch_(watch) {}
  void on(const Serviced& serviced);
  void reset();

  std::vector<double> waits_s;     ///< of those that were served or gave up
  std::vector<double> sojourns_s;  ///< of those that were served: from the arrival at the first station
  std::uint64_t reneged = 0;
  std::uint64_t turned_away = 0;

  [[nodiscard]] std::uint64_t all() const { return waits_s.size() + turned_away; }
  [[nodiscard]] double wait_percentile(double percent) { return percentile_of(waits_s, percent); }
  [[nodiscard]] double sojourn_percentile(double percent) { return percentile_of(sojourns_s, percent); }

 private:
  static double percentile_of(std::vector<double>& samples, double percent);

  sim::Context& ctx_;
  Watch* watch_;
};

/// A station, the streams of its jobs (one per class), and how many jobs a replication measures.
struct Setup {
  Server::Config server;
  std::vector<Source::Config> sources;
  std::uint64_t jobs =
      50'000;  ///< in each replication, after as many as a tenth of them, and at least 5,000, warmed up

  [[nodiscard]] sim::Duration time_for(std::uint64_t count) const;
};

/// M/M/c with the lambda, mu and c (default 1) of a case.
[[nodiscard]] Setup markovian(const Case& row);

/// The mean of what the streams send, each per second.
[[nodiscard]] double arrivals_per_s(const Source::Config& source);

/// Runs all replications and compares the metrics of the named cases.
void check_cases(const Setup& setup, const std::vector<std::string>& ids);

}  // namespace theory
