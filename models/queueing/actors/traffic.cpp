#include "models/queueing/actors/traffic.hpp"

#include <fmt/format.h>

#include <utility>

namespace sim::models::queueing {

using actors::JobId;
using actors::Serviced;
using actors::ServiceOutcome;
using actors::ServiceRequest;

Traffic::Traffic(Context& ctx, Config config, Record& record)
    : ctx_(ctx),
      config_(std::move(config)),
      record_(record),
      class_rng_(ctx.random("class")),
      service_rng_(ctx.random("service")),
      think_rng_(ctx.random("think")),
      route_rng_(ctx.random("route")) {
  for (std::size_t entry = 0; entry < config_.entries.size(); ++entry) {
    arrival_rngs_.push_back(&ctx.random(entry == 0 ? std::string("arrival") : fmt::format("arrival {}", entry)));
  }
}

void Traffic::on(const Start&) {
  for (std::uint32_t entry = 0; entry < config_.entries.size(); ++entry) {
    await_arrival(entry);
  }
  for (std::uint32_t customer = 0; customer < config_.customers; ++customer) {
    think();
  }
}

void Traffic::on(const Arrival& arrival) {
  enter(config_.entries[arrival.entry].stop);
  await_arrival(arrival.entry);
}

void Traffic::on(const Thought&) { enter(0); }

void Traffic::on(const Serviced& serviced) {
  record_.add_wait(serviced.job, serviced.waited);
  const Stop& stop = config_.stops[record_.station_of(serviced.job)];
  if (serviced.outcome == ServiceOutcome::served && !stop.next.empty()) {
    const std::uint32_t next = draw_next(stop.next);
    if (next < config_.stops.size()) {
      record_.move(serviced.job, next);
      return visit(serviced.job, ServiceRequest::drawn);
    }
  }
  record_.leave(ctx_.now(), serviced.job, serviced.outcome);
  if (config_.customers > 0) {
    think();
  }
}

void Traffic::await_arrival(std::uint32_t entry) {
  if (!config_.interarrivals.empty()) {
    if (arrivals_ < config_.interarrivals.size()) {
      ctx_.after(config_.interarrivals[arrivals_], Arrival{entry});
    }
  } else if (config_.services.empty() || arrivals_ < config_.services.size()) {
    ctx_.after(config_.entries[entry].between_arrivals.sample(*arrival_rngs_[entry]), Arrival{entry});
  }
}

void Traffic::think() { ctx_.after(config_.think_time.sample(think_rng_), Thought{}); }

void Traffic::enter(std::uint32_t stop) {
  const std::uint32_t job_class = draw_class();
  const Duration service = service_of(job_class);
  ++arrivals_;
  visit(record_.enter(ctx_.now(), job_class, stop), service);
}

// A number is drawn only where chance decides.
std::uint32_t Traffic::draw_class() {
  if (config_.classes.size() <= 1) {
    return 0;
  }
  double draw = class_rng_.uniform01();
  for (std::uint32_t job_class = 0; job_class + 1 < config_.classes.size(); ++job_class) {
    if (draw < config_.classes[job_class].share) {
      return job_class;
    }
    draw -= config_.classes[job_class].share;
  }
  return static_cast<std::uint32_t>(config_.classes.size() - 1);
}

Duration Traffic::service_of(std::uint32_t job_class) {
  if (arrivals_ < config_.services.size()) {
    return config_.services[arrivals_];
  }
  return config_.classes.empty() ? ServiceRequest::drawn : config_.classes[job_class].service.sample(service_rng_);
}

void Traffic::visit(JobId job, Duration service) {
  ctx_.send(config_.stops[record_.station_of(job)].station,
            {.job = job, .service_time = service, .priority = record_.class_of(job), .reply_to = ctx_.ref(*this)});
}

std::uint32_t Traffic::draw_next(const std::vector<double>& next) {
  double draw = route_rng_.uniform01();
  for (std::uint32_t stop = 0; stop < next.size(); ++stop) {
    if (draw < next[stop]) {
      return stop;
    }
    draw -= next[stop];
  }
  return static_cast<std::uint32_t>(config_.stops.size());
}

}  // namespace sim::models::queueing
