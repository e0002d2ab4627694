#include "actors/load/load_balancer_rules.hpp"

#include <algorithm>
#include <utility>

#include "libsim/failure.hpp"

namespace sim::policies {

LoadBalancer::LoadBalancer(Config config) : config_(config) {
  check(config_.choices > 0, "a choice is made among at least one target");
}

LoadBalancer::TargetId LoadBalancer::add(std::uint32_t weight) {
  targets_.push_back({.weight = weight});
  refresh_eligible();
  return TargetId{static_cast<std::uint32_t>(targets_.size() - 1)};
}

void LoadBalancer::remove(TargetId target) {
  targets_[index_of(target)].is_removed = true;
  refresh_eligible();
}

void LoadBalancer::mark_down(TargetId target) {
  targets_[index_of(target)].is_up = false;
  refresh_eligible();
}

void LoadBalancer::mark_up(TargetId target) {
  targets_[index_of(target)].is_up = true;
  refresh_eligible();
}

std::optional<LoadBalancer::TargetId> LoadBalancer::pick(RandomStream& random) {
  if (eligible_.empty()) {
    return std::nullopt;
  }
  switch (config_.algorithm) {
    case Algorithm::round_robin:
      return TargetId{pick_round_robin()};
    case Algorithm::random:
      return TargetId{pick_random(random)};
    case Algorithm::least_connections:
      return TargetId{pick_least_connections(random)};
    case Algorithm::power_of_d_choices:
      return TargetId{pick_among_choices(random)};
    case Algorithm::weighted_round_robin:
      return TargetId{pick_weighted()};
  }
  fail_check("a load balancer has one of the known algorithms", SourceLine::current());
}

void LoadBalancer::ended(TargetId target) {
  std::uint32_t& outstanding = targets_[index_of(target)].outstanding;
  check(outstanding > 0, "a request ends after it has started");
  --outstanding;
}

bool LoadBalancer::is_up(TargetId target) const {
  const Target& found = targets_[index_of(target)];
  return found.is_up && !found.is_removed;
}

std::size_t LoadBalancer::index_of(TargetId target) const {
  const auto index = static_cast<std::size_t>(target);
  check(index < targets_.size(), "a target is added before it is used");
  return index;
}

void LoadBalancer::refresh_eligible() {
  eligible_.clear();
  for (std::uint32_t index = 0; index < targets_.size(); ++index) {
    Target& target = targets_[index];
    if (target.is_up && !target.is_removed && target.weight > 0) {
      eligible_.push_back(index);
    } else {
      target.current_weight = 0;  // what it missed while it was away is not made up for
    }
  }
  shuffled_ = eligible_;
}

std::uint32_t LoadBalancer::pick_round_robin() {
  const auto next = last_ ? std::upper_bound(eligible_.begin(), eligible_.end(), *last_) : eligible_.begin();
  last_ = next == eligible_.end() ? eligible_.front() : *next;
  return *last_;
}

std::uint32_t LoadBalancer::pick_least_connections(RandomStream& random) const {
  std::uint32_t best = eligible_.front();
  std::uint32_t ties = 0;
  for (const std::uint32_t index : eligible_) {
    if (targets_[index].outstanding < targets_[best].outstanding) {
      best = index;
      ties = 0;
    }
    ties += targets_[index].outstanding == targets_[best].outstanding ? 1 : 0;
  }
  if (ties == 1 || config_.ties == Ties::lowest_index) {
    return best;
  }
  auto skipped = random.below(ties);
  for (auto index = std::find(eligible_.begin(), eligible_.end(), best);; ++index) {
    if (targets_[*index].outstanding == targets_[best].outstanding && skipped-- == 0) {
      return *index;
    }
  }
}

std::uint32_t LoadBalancer::pick_among_choices(RandomStream& random) {
  const auto is_better = [this](std::uint32_t candidate, std::uint32_t best) {
    const std::uint32_t load = targets_[candidate].outstanding;
    const std::uint32_t load_best = targets_[best].outstanding;
    return load < load_best || (load == load_best && config_.ties == Ties::lowest_index && candidate < best);
  };
  if (config_.with_replacement) {
    std::uint32_t best = pick_random(random);
    for (std::uint32_t draw = 1; draw < config_.choices; ++draw) {
      const std::uint32_t candidate = pick_random(random);
      best = is_better(candidate, best) ? candidate : best;
    }
    return best;
  }
  // The first steps of a shuffle. Where the ones before have left the order does not matter.
  const std::size_t draws = std::min<std::size_t>(config_.choices, size());
  for (std::size_t draw = 0; draw < draws; ++draw) {
    std::swap(shuffled_[draw], shuffled_[draw + random.below(size() - draw)]);
  }
  std::uint32_t best = shuffled_.front();
  for (std::size_t draw = 1; draw < draws; ++draw) {
    best = is_better(shuffled_[draw], best) ? shuffled_[draw] : best;
  }
  return best;
}

std::uint32_t LoadBalancer::pick_weighted() {
  std::int64_t weights = 0;
  std::uint32_t best = eligible_.front();
  for (const std::uint32_t index : eligible_) {
    targets_[index].current_weight += targets_[index].weight;
    weights += targets_[index].weight;
    if (targets_[index].current_weight > targets_[best].current_weight) {
      best = index;
    }
  }
  targets_[best].current_weight -= weights;
  return best;
}

}  // namespace sim::policies
