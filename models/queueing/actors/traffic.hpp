#pragma once

#include <cstdint>
#include <vector>

#include "actors/server/service_messages.hpp"
#include "libsim/sim.hpp"
#include "models/queueing/priority_classes.hpp"
#include "models/queueing/record.hpp"

namespace sim::models::queueing {

/// Everything that moves jobs: arrivals from outside, customers who think, and the way from station to station.
class Traffic {
 public:
  struct Stop {
    Port<actors::ServiceRequest> station;
    std::vector<double> next;  ///< probabilities by stop; the rest leaves
  };
  struct Entry {
    std::uint32_t stop = 0;
    Distribution between_arrivals;
  };
  struct Config {
    std::vector<Stop> stops;
    std::vector<Entry> entries = {};
    std::vector<JobClass> classes = {};  ///< empty: one class, whose service the stations draw
    std::uint32_t customers = 0;         ///< of a finite source; they come to the first stop
    Distribution think_time = {};
    /// Exact times, for the first jobs of the first entry. With interarrivals no others arrive; with services only as
    /// many jobs as there are services, unless there are interarrivals.
    std::vector<Duration> interarrivals = {};
    std::vector<Duration> services = {};
  };

  struct Arrival {
    std::uint32_t entry = 0;
    friend bool operator==(const Arrival&, const Arrival&) = default;
  };
  struct Thought {
    friend bool operator==(const Thought&, const Thought&) = default;
  };
  using Inbox = sim::Inbox<Start, Arrival, Thought, actors::Serviced>;

  /// The record outlives the actor.
  Traffic(Context& ctx, Config config, Record& record);

  void on(const Start&);
  void on(const Arrival& arrival);
  void on(const Thought&);
  void on(const actors::Serviced& serviced);

  /// How many jobs came so far.
  [[nodiscard]] std::uint64_t arrivals() const { return arrivals_; }

 private:
  void await_arrival(std::uint32_t entry);
  void think();
  void enter(std::uint32_t stop);
  [[nodiscard]] std::uint32_t draw_class();
  [[nodiscard]] Duration service_of(std::uint32_t job_class);
  void visit(actors::JobId job, Duration service);
  [[nodiscard]] std::uint32_t draw_next(const std::vector<double>& next);

  Context& ctx_;
  Config config_;
  Record& record_;
  std::uint64_t arrivals_ = 0;
  std::vector<RandomStream*> arrival_rngs_;  // by entry
  RandomStream& class_rng_;
  RandomStream& service_rng_;
  RandomStream& think_rng_;
  RandomStream& route_rng_;
};

}  // namespace sim::models::queueing
