#include "actors/server/processor_sharing.hpp"

#include "libsim/failure.hpp"

namespace sim::policies {

namespace {

constexpr int fraction_bits = 32;

}  // namespace

void ProcessorSharing::add(Time now, std::uint32_t id, Duration work) {
  advance(now);
  due_.push(id, {attained_ + (static_cast<Work>(work.count()) << fraction_bits), next_sequence_++});
  schedule();
}

std::uint32_t ProcessorSharing::finish(Time now) {
  check(now == next_finish_at_, "a job leaves when its work is done");
  advance(now);
  const std::uint32_t id = due_.top();
  due_.erase(id);
  if (due_.empty()) {
    attained_ = 0;
  }
  schedule();
  return id;
}

void ProcessorSharing::set_servers(Time now, std::uint32_t servers) {
  advance(now);
  servers_ = servers;
  schedule();
}

Duration ProcessorSharing::work_left(Time now, std::uint32_t id) const {
  const Work had = attained(now);
  const Work wanted = due_.key_of(id).at;
  constexpr Work half = Work{1} << (fraction_bits - 1);
  return wanted > had ? Duration{static_cast<std::int64_t>((wanted - had + half) >> fraction_bits)} : Duration{0};
}

ProcessorSharing::Work ProcessorSharing::attained(Time now) const {
  check(now >= since_, "virtual time does not run backwards");
  if (due_.empty()) {
    return 0;
  }
  const Work passed = static_cast<Work>((now - since_).count()) << fraction_bits;
  return attained_ + (jobs() <= servers_ ? passed : passed * servers_ / jobs());
}

void ProcessorSharing::advance(Time now) {
  attained_ = attained(now);
  since_ = now;
}

void ProcessorSharing::schedule() {
  if (due_.empty() || servers_ == 0) {
    next_finish_at_ = Time::max();
    return;
  }
  const Work wanted = due_.top_key().at;
  const Work left = wanted > attained_ ? wanted - attained_ : 0;
  const bool everybody_has_one = jobs() <= servers_;
  const Work divisor = static_cast<Work>(everybody_has_one ? 1 : servers_) << fraction_bits;
  const Work wait = (left * (everybody_has_one ? 1 : jobs()) + divisor / 2) / divisor;
  const Work end = (Time::max() - since_).count();
  next_finish_at_ = wait < end ? since_ + Duration{static_cast<std::int64_t>(wait)} : Time::max();
}

}  // namespace sim::policies
