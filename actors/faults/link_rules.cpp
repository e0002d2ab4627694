#include "actors/faults/link_rules.hpp"

#include <algorithm>

#include "libsim/failure.hpp"

namespace sim::policies {

Link::Link(Config config) : config_(config) {
  for (const double probability : {config_.loss_probability, config_.duplication_probability}) {
    check(probability >= 0 && probability <= 1, "a probability is between 0 and 1");
  }
}

Link::Delays Link::send(Time now, const Draws& draws) {
  check(now >= now_, "time does not go back");
  now_ = now;
  ++statistics_.sent_count;
  const ActiveFaults::Effect& effect = faults_.effect();
  if (effect.is_partitioned) {
    ++statistics_.partitioned_count;
    return {};
  }
  SplitDraw loss(draws.loss);
  if (loss.chance(config_.loss_probability) || loss.chance(effect.loss_probability)) {
    ++statistics_.lost_count;
    return {};
  }
  Delays delays{delay_of(draws.latency, draws, SplitDraw(draws.reordering))};
  SplitDraw duplication(draws.duplication);
  if (duplication.chance(config_.duplication_probability) || duplication.chance(effect.duplication_probability)) {
    ++statistics_.duplicated_count;
    delays.push_back(delay_of(draws.copy_latency, draws, SplitDraw(duplication.rest())));
  }
  return delays;
}

void Link::apply(ActiveFaults::Number number, const Fault& fault) {
  check(faults().contains(fault.kind), "a link is given only faults that it takes");
  faults_.apply(number, fault);
}

void Link::end_fault(ActiveFaults::Number number) { faults_.end(number); }

Duration Link::delay_of(Duration latency, const Draws& draws, SplitDraw reordering) {
  const ActiveFaults::Effect& effect = faults_.effect();
  Time arrival = now_ + scaled_latency(latency, 1) + effect.link_delay - effect.link_jitter +
                 scaled_latency(2 * effect.link_jitter, draws.jitter);
  const bool leaves_line = reordering.chance(effect.reordering_probability);
  if (leaves_line) {
    arrival += scaled_latency(effect.reordering_delay, reordering.rest());
  } else if (config_.keeps_order) {
    arrival = last_in_line_at_ = std::max(arrival, last_in_line_at_);
  }
  statistics_.overtaking_count += arrival < last_arrival_at_ ? 1 : 0;
  last_arrival_at_ = std::max(arrival, last_arrival_at_);
  return arrival - now_;
}

}  // namespace sim::policies
