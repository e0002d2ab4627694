#include <rapidcheck.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <set>
#include <vector>

#include "actors/load/load_balancer_rules.hpp"

using namespace sim;
using namespace sim::policies;

namespace {

using TargetId = LoadBalancer::TargetId;

struct Watched {
  std::uint32_t outstanding = 0;
  bool is_up = true;
  bool is_removed = false;
};

int number(int minimum, int maximum) { return *rc::gen::inRange(minimum, maximum + 1); }

}  // namespace

TEST_CASE("whatever comes and goes, a request goes to a target that is up, and least connections to a least loaded one",
          "[load_balancer][property]") {
  REQUIRE(rc::check("choice", [] {
    using Algorithm = LoadBalancer::Algorithm;
    const auto algorithm = *rc::gen::element(Algorithm::round_robin, Algorithm::random, Algorithm::least_connections,
                                             Algorithm::power_of_d_choices, Algorithm::weighted_round_robin);
    const auto choices = static_cast<std::uint32_t>(number(1, 4));
    LoadBalancer balancer({.algorithm = algorithm, .choices = choices, .with_replacement = number(0, 1) == 0});
    RandomStream random({.seed = 1, .replication = 0, .actor = "balancer", .incarnation = 0, .purpose = "choice"});
    std::vector<Watched> targets;
    const auto any_target = [&targets] {
      return static_cast<std::size_t>(number(0, static_cast<int>(targets.size()) - 1));
    };
    for (int step = number(0, 60); step > 0; --step) {
      const int verb = number(0, 9);
      if (targets.empty() || verb == 0) {
        balancer.add(static_cast<std::uint32_t>(number(1, 5)));
        targets.push_back({});
      } else if (verb == 1) {
        const std::size_t index = any_target();
        balancer.mark_down(TargetId{static_cast<std::uint32_t>(index)});
        targets[index].is_up = false;
      } else if (verb == 2) {
        const std::size_t index = any_target();
        balancer.mark_up(TargetId{static_cast<std::uint32_t>(index)});
        targets[index].is_up = true;
      } else if (verb == 3) {
        const std::size_t index = any_target();
        balancer.remove(TargetId{static_cast<std::uint32_t>(index)});
        targets[index].is_removed = true;
      } else if (verb <= 5) {
        const std::size_t index = any_target();
        if (targets[index].outstanding > 0) {
          balancer.ended(TargetId{static_cast<std::uint32_t>(index)});
          --targets[index].outstanding;
        }
      } else {
        const auto picked = balancer.pick(random);
        std::uint32_t least = 0xffff'ffff;
        for (const Watched& target : targets) {
          least = target.is_up && !target.is_removed ? std::min(least, target.outstanding) : least;
        }
        RC_ASSERT(picked.has_value() == (least != 0xffff'ffff));
        if (picked) {
          Watched& target = targets.at(static_cast<std::size_t>(*picked));
          RC_ASSERT(target.is_up);
          RC_ASSERT(!target.is_removed);
          RC_ASSERT((algorithm != Algorithm::least_connections || target.outstanding == least));
          balancer.started(*picked);
          ++target.outstanding;
          RC_ASSERT(balancer.outstanding(*picked) == target.outstanding);
        }
      }
    }
  }));
}

TEST_CASE("weighted round robin gives each target exactly its weight in every round", "[load_balancer][property]") {
  REQUIRE(rc::check("weights", [] {
    LoadBalancer balancer(LoadBalancer::nginx());
    RandomStream random({.seed = 1, .replication = 0, .actor = "balancer", .incarnation = 0, .purpose = "choice"});
    const auto weights = *rc::gen::nonEmpty(rc::gen::container<std::vector<std::uint32_t>>(rc::gen::inRange(1U, 9U)));
    std::uint32_t round = 0;
    for (const std::uint32_t weight : weights) {
      balancer.add(weight);
      round += weight;
    }
    for (int rounds = 0; rounds < 3; ++rounds) {
      std::vector<std::uint32_t> counts(weights.size());
      for (std::uint32_t pick = 0; pick < round; ++pick) {
        ++counts.at(static_cast<std::size_t>(*balancer.pick(random)));
      }
      RC_ASSERT(counts == weights);
    }
  }));
}
