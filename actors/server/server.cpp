#include "actors/server/server.hpp"

#include <algorithm>
#include <utility>

namespace sim::actors {

namespace {

void set_if_changed(Gauge& gauge, double level) {
  if (gauge.value() != level) {
    gauge.set(level);
  }
}

}  // namespace

Server::Server(Context& ctx, Config config, Port<ServiceRequest> next)
    : ctx_(ctx),
      config_(std::move(config)),
      next_(next),
      station_(config_.station),
      service_rng_(ctx.random("service")),
      patience_rng_(ctx.random("patience")),
      balking_rng_(ctx.random("balking")),
      order_rng_(ctx.random("order")),
      fault_rng_(ctx.random("fault")),
      wait_(ctx.tally("server_wait_s")),
      time_in_system_(ctx.tally("server_time_in_system_s")),
      queue_(ctx.gauge("server_queue_items")),
      in_system_(ctx.gauge("server_in_system_items")),
      utilisation_(ctx.gauge("server_utilisation_ratio")),
      available_(ctx.gauge("server_available_bool")),
      arrived_(ctx.counter("server_arrived_count")),
      served_(ctx.counter("server_served_count")),
      lost_(ctx.counter("server_lost_count")),
      balked_(ctx.counter("server_balked_count")),
      reneged_(ctx.counter("server_reneged_count")),
      failures_(ctx.counter("server_failures_count")) {
  check(!config_.station.blocks_after_service || has_next(), "a station that blocks after service has a next one");
  available_.set(1.0);
}

void Server::on(const Start&) {
  if (config_.breakdowns) {
    for (std::uint32_t server = 0; server < config_.station.servers; ++server) {
      draw_failure(server);
    }
    settle();
  }
}

void Server::on(const ServiceRequest& request, ReplyTo<Serviced> asker) {
  catch_up();
  arrived_.add();
  const Station::Job job = job_of(request);
  const Station::Arrival arrival = station_.arrive(ctx_.now(), job, draw_to_join());
  switch (arrival.admission) {
    case Station::Admission::lost:
      lost_.add();
      turn_away(request, asker, ServiceOutcome::lost);
      break;
    case Station::Admission::balked:
      balked_.add();
      turn_away(request, asker, ServiceOutcome::balked);
      break;
    case Station::Admission::serving:
    case Station::Admission::waiting:
      tell_sender(request);
      remember(arrival, request, asker);
      break;
    case Station::Admission::outside:
      remember(arrival, request, asker);
      break;
  }
  settle();
}

void Server::on(const HandedOver& handed_over) {
  catch_up();
  const auto found = std::find_if(handing_over_.begin(), handing_over_.end(), [&](Station::Place place) {
    return customers_[static_cast<std::size_t>(place)].request.job == handed_over.job;
  });
  check(found != handing_over_.end(), "a station hears of jobs that it handed over");
  const Station::Place place = *found;
  handing_over_.erase(found);
  depart(customers_[static_cast<std::size_t>(place)]);
  station_.release(ctx_.now(), place);
  settle();
}

void Server::on(const TakeDown& down) {
  catch_up();
  station_.take_down(ctx_.now(), down.server);
  settle();
}

void Server::on(const BringUp& up) {
  catch_up();
  station_.bring_up(ctx_.now(), up.server);
  settle();
}

void Server::on(const Due&) {
  timer_at_ = nothing_due;
  settle();
}

void Server::on(const Repaired& repaired) {
  catch_up();
  station_.bring_up(ctx_.now(), repaired.server);
  draw_failure(repaired.server);
  settle();
}

Server::Station::Job Server::job_of(const ServiceRequest& request) {
  const bool drawn = request.service_time == ServiceRequest::drawn;
  const bool by_lot = config_.station.discipline == Station::Discipline::random_order;
  return {.work = drawn ? config_.service_time.sample(service_rng_) : request.service_time,
          .patience = config_.patience ? config_.patience->sample(patience_rng_) : forever,
          .deadline = request.deadline,
          .priority = request.priority,
          .lot = by_lot ? order_rng_.uniform01() : 0.0};
}

// A number is drawn only where chance decides.
double Server::draw_to_join() {
  const double probability = station_.joining_probability();
  return probability > 0.0 && probability < 1.0 ? balking_rng_.uniform01() : 0.0;
}

void Server::remember(Station::Arrival arrival, const ServiceRequest& request, ReplyTo<Serviced> asker) {
  const auto place = static_cast<std::size_t>(arrival.place);
  if (place >= customers_.size()) {
    customers_.resize(place + 1);
  }
  customers_[place] = {request, asker, ctx_.now(), {}};
}

void Server::turn_away(const ServiceRequest& request, ReplyTo<Serviced> asker, ServiceOutcome outcome) {
  tell_sender(request);
  answer({request, asker, ctx_.now(), {}}, {.job = request.job, .outcome = outcome});
}

void Server::tell_sender(const ServiceRequest& request) {
  if (request.sender != Port<HandedOver>{}) {
    ctx_.send(request.sender, HandedOver{request.job});
  }
}

void Server::answer(const Customer& customer, const Serviced& result) {
  ctx_.reply(customer.asker, result);
  if (customer.request.reply_to != Port<Serviced>{}) {
    ctx_.send(customer.request.reply_to, result);
  }
}

void Server::apply(const Station::Change& change) {
  switch (change.kind) {
    case Station::ChangeKind::served:
      return finish(change);
    case Station::ChangeKind::reneged:
      return renege(change);
    case Station::ChangeKind::admitted: {
      Customer& customer = customers_[static_cast<std::size_t>(change.place)];
      customer.admitted_at = change.at;
      return tell_sender(customer.request);
    }
    case Station::ChangeKind::failed:
      failures_.add();
      ctx_.after(config_.breakdowns->repair_time.sample(fault_rng_), Repaired{change.server});
      return;
  }
}

void Server::finish(const Station::Change& change) {
  Customer& customer = customers_[static_cast<std::size_t>(change.place)];
  customer.result = {customer.request.job, change.waited, change.served, ServiceOutcome::served};
  wait_.add(to_seconds(change.waited));
  if (!has_next()) {
    return depart(customer);
  }
  ServiceRequest onwards = customer.request;
  onwards.service_time = ServiceRequest::drawn;
  onwards.sender = {};
  if (config_.station.blocks_after_service) {
    onwards.sender = ctx_.ref(*this);
    handing_over_.push_back(change.place);
    ctx_.send(next_, onwards);
    return;
  }
  ctx_.send(next_, onwards);
  depart(customer);
}

// The job leaves this station: its server is free.
void Server::depart(const Customer& customer) {
  served_.add();
  time_in_system_.add(to_seconds(ctx_.now() - customer.admitted_at));
  if (has_next()) {
    ctx_.reply(customer.asker, customer.result);
  } else {
    answer(customer, customer.result);
  }
}

void Server::renege(const Station::Change& change) {
  const Customer& customer = customers_[static_cast<std::size_t>(change.place)];
  reneged_.add();
  wait_.add(to_seconds(change.waited));
  answer(customer, {customer.request.job, change.waited, change.served, ServiceOutcome::reneged});
}

void Server::draw_failure(std::uint32_t server) {
  station_.fail_after(ctx_.now(), server, config_.breakdowns->time_between_failures.sample(fault_rng_));
}

// What is due at this instant happens before a message that arrives at it.
void Server::catch_up() {
  while (const auto change = station_.next_change(ctx_.now())) {
    apply(*change);
  }
}

void Server::settle() {
  catch_up();
  show();
  Time due_at = station_.next_change_at();
  if (due_at == Time::max() && station_.busy_servers() == 0) {
    due_at = nothing_due;  // else a service lasts for ever, which the run should know of
  }
  if (due_at == timer_at_) {
    return;
  }
  if (timer_at_ != nothing_due) {
    ctx_.cancel(timer_);
  }
  timer_at_ = due_at;
  if (due_at != nothing_due) {
    timer_ = ctx_.after(due_at - ctx_.now(), Due{});
  }
}

void Server::show() {
  set_if_changed(queue_, static_cast<double>(station_.in_line()));
  set_if_changed(in_system_, static_cast<double>(station_.in_system()));
  set_if_changed(utilisation_, static_cast<double>(station_.busy_servers()) / config_.station.servers);
  set_if_changed(available_, station_.servers_up() > 0 ? 1.0 : 0.0);
}

}  // namespace sim::actors
