#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "actors/server/service_messages.hpp"
#include "actors/server/service_station.hpp"
#include "libsim/sim.hpp"

namespace sim::actors {

/// A queueing station: `policies::ServiceStation` that draws its own times and answers those who ask.
///
/// With a `next` station finished jobs go there, and the answer to whoever sent the job comes from there; one who asked
/// is answered when the job has left this station. With `station.blocks_after_service` a finished job occupies its
/// server until the next station has let it in.
///
/// Whoever asks has its answer when the job is served, lost, balked or reneged; never when this actor is killed.
class Server {
 public:
  struct Breakdowns {
    Distribution time_between_failures = exponential(1h);  ///< from a repair to the next failure (MTBF, also MTTF)
    Distribution repair_time = exponential(1min);          ///< MTTR

    friend bool operator==(const Breakdowns&, const Breakdowns&) = default;
  };

  struct Config {
    policies::ServiceStation::Config station = {};
    Distribution service_time = exponential(1s);  ///< of jobs that do not bring theirs
    std::optional<Distribution> patience = {};    ///< how long a job waits for its service to begin; nothing: for ever
    std::optional<Breakdowns> breakdowns = {};    ///< of each server on its own

    friend bool operator==(const Config&, const Config&) = default;
  };

  /// Something is due in the station.
  struct Due {
    friend bool operator==(const Due&, const Due&) = default;
  };
  struct Repaired {
    std::uint32_t server = 0;
    friend bool operator==(const Repaired&, const Repaired&) = default;
  };
  using Inbox = sim::Inbox<Start, ServiceRequest, HandedOver, TakeDown, BringUp, Due, Repaired>;

  Server(Context& ctx, Config config) : Server(ctx, std::move(config), Port<ServiceRequest>{}) {}
  Server(Context& ctx, Config config, Port<ServiceRequest> next);

  void on(const Start&);
  void on(const ServiceRequest& request, ReplyTo<Serviced> asker);
  void on(const HandedOver& handed_over);
  void on(const TakeDown& down);
  void on(const BringUp& up);
  void on(const Due&);
  void on(const Repaired& repaired);

  [[nodiscard]] const policies::ServiceStation& station() const { return station_; }

 private:
  using Station = policies::ServiceStation;

  /// What the station does not need to know of a job, by its place.
  struct Customer {
    ServiceRequest request;
    ReplyTo<Serviced> asker;
    Time admitted_at{};
    Serviced result;
  };

  [[nodiscard]] bool has_next() const { return next_ != Port<ServiceRequest>{}; }
  [[nodiscard]] Station::Job job_of(const ServiceRequest& request);
  [[nodiscard]] double draw_to_join();
  void remember(Station::Arrival arrival, const ServiceRequest& request, ReplyTo<Serviced> asker);
  void turn_away(const ServiceRequest& request, ReplyTo<Serviced> asker, ServiceOutcome outcome);
  void tell_sender(const ServiceRequest& request);
  void answer(const Customer& customer, const Serviced& result);
  void apply(const Station::Change& change);
  void finish(const Station::Change& change);
  void renege(const Station::Change& change);
  void depart(const Customer& customer);
  void draw_failure(std::uint32_t server);
  void catch_up();
  void settle();
  void show();

  static constexpr Time nothing_due = Time::min();

  Context& ctx_;
  Config config_;
  Port<ServiceRequest> next_;
  Station station_;
  std::vector<Customer> customers_;           // by place
  std::vector<Station::Place> handing_over_;  // finished jobs that the next station has not taken in
  TimerId timer_{};
  Time timer_at_ = nothing_due;

  RandomStream& service_rng_;
  RandomStream& patience_rng_;
  RandomStream& balking_rng_;
  RandomStream& order_rng_;
  RandomStream& fault_rng_;
  Tally& wait_;
  Tally& time_in_system_;
  Gauge& queue_;
  Gauge& in_system_;
  Gauge& utilisation_;
  Gauge& available_;
  Counter& arrived_;
  Counter& served_;
  Counter& lost_;
  Counter& balked_;
  Counter& reneged_;
  Counter& failures_;
};

}  // namespace sim::actors
