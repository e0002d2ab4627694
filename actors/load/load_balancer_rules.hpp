#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "libsim/random/stream.hpp"

namespace sim::policies {

/// Which of several targets gets the next request. It knows of its own requests only: what it was told by `started` and
/// `ended`.
///
/// | algorithm | choice |
/// | --- | --- |
/// | `round_robin` | the next target in the order of adding |
/// | `random` | each with equal probability |
/// | `least_connections` | the fewest requests outstanding |
/// | `power_of_d_choices` | the fewest requests outstanding among `choices` random ones |
/// | `weighted_round_robin` | in proportion to the weights, interleaved as evenly as they allow |
///
/// Only `weighted_round_robin` looks at weights, but a target of weight 0 gets nothing under any algorithm. Targets
/// that are down or removed are not chosen either. Sources: Mitzenmacher, "The Power of Two Choices in Randomized Load
/// Balancing", IEEE TPDS 12 (2001); nginx, commit "Upstream: smooth weighted round-robin balancing" (2012).
class LoadBalancer {
 public:
  enum class Algorithm { round_robin, random, least_connections, power_of_d_choices, weighted_round_robin };

  /// Among equally loaded ones.
  enum class Ties {
    random,        ///< for `power_of_d_choices` the one that was drawn first
    lowest_index,  ///< the one added first: an idle system then always gives that one the work
  };

  struct Config {
    Algorithm algorithm = Algorithm::round_robin;
    Ties ties = Ties::random;
    std::uint32_t choices = 2;      ///< of `power_of_d_choices`; without replacement at most as many as there are
    bool with_replacement = false;  ///< the random ones may be the same target several times

    friend bool operator==(const Config&, const Config&) = default;
  };

  /// The defaults of nginx: weighted round robin. Source: nginx documentation, ngx_http_upstream_module.
  [[nodiscard]] static Config nginx() { return {.algorithm = Algorithm::weighted_round_robin}; }
  /// The least-request policy of Envoy with equal weights: two choices. Source: Envoy documentation, "Supported load
  /// balancers", weighted least request. It does not say whether they are drawn with replacement; here without.
  [[nodiscard]] static Config envoy() { return {.algorithm = Algorithm::power_of_d_choices}; }

  /// Targets are numbered from 0 in the order of adding; the number of a removed one is not given again.
  enum class TargetId : std::uint32_t {};

  /// A wrong setting is asserted.
  explicit LoadBalancer(Config config);

  /// A weight of 0 keeps the target among the others and gives it nothing, as in Caddy and HAProxy.
  TargetId add(std::uint32_t weight = 1);
  /// Not chosen again, ever. Requests that are outstanding may still end.
  void remove(TargetId target);
  /// Not chosen until it is marked up.
  void mark_down(TargetId target);
  void mark_up(TargetId target);

  /// The target of the next request; nothing when all are down or have the weight 0. At most `choices` draws.
  [[nodiscard]] std::optional<TargetId> pick(RandomStream& random);

  /// A request went to the target; it ended, however.
  void started(TargetId target) { ++targets_[index_of(target)].outstanding; }
  void ended(TargetId target);

  [[nodiscard]] std::uint32_t outstanding(TargetId target) const { return targets_[index_of(target)].outstanding; }
  [[nodiscard]] bool is_up(TargetId target) const;
  /// Targets that may be chosen.
  [[nodiscard]] std::size_t size() const { return eligible_.size(); }
  [[nodiscard]] const Config& config() const { return config_; }

 private:
  struct Target {
    std::uint32_t weight = 1;
    std::uint32_t outstanding = 0;
    std::int64_t current_weight = 0;
    bool is_up = true;
    bool is_removed = false;
  };

  [[nodiscard]] std::size_t index_of(TargetId target) const;
  void refresh_eligible();
  [[nodiscard]] std::uint32_t pick_round_robin();
  [[nodiscard]] std::uint32_t pick_random(RandomStream& random) const { return eligible_[random.below(size())]; }
  [[nodiscard]] std::uint32_t pick_least_connections(RandomStream& random) const;
  [[nodiscard]] std::uint32_t pick_among_choices(RandomStream& random);
  [[nodiscard]] std::uint32_t pick_weighted();

  Config config_;
  std::vector<Target> targets_;
  std::vector<std::uint32_t> eligible_;  ///< in ascending order
  std::vector<std::uint32_t> shuffled_;  ///< the same in any order, to draw without replacement
  std::optional<std::uint32_t> last_;    ///< of round robin
};

}  // namespace sim::policies
