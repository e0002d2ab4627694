#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "actors/load_shedding/load_shedder.hpp"
#include "libsim/duration_sum.hpp"
#include "libsim/sim.hpp"

namespace sim::models::stress {

enum class Feature : std::uint8_t { core, analytics, recommendations, search };

inline constexpr std::array<Feature, 4> all_features = {Feature::core, Feature::analytics, Feature::recommendations,
                                                        Feature::search};

struct FeatureAnswer {
  bool is_degraded = false;     ///< "temporarily disabled" in place of an answer
  std::uint32_t in_flight = 0;  ///< when the request arrived, this one included

  friend bool operator==(const FeatureAnswer&, const FeatureAnswer&) = default;
};

struct FeatureRequest {
  using Reply = FeatureAnswer;
  Feature feature = Feature::core;

  friend bool operator==(const FeatureRequest&, const FeatureRequest&) = default;
};

/// A service that gives up features as the requests in flight become more.
class FeatureService {
 public:
  struct Config {
    policies::LoadShedder::Config rules = {};
    Distribution processing = lognormal_p50_p99(10ms, 30ms);
  };
  using Inbox = sim::Inbox<FeatureRequest>;

  FeatureService(Context& ctx, Config config)
      : ctx_(ctx),
        config_(config),
        shedder_(config.rules, ctx.now()),
        processing_rng_(ctx.random("processing")),
        requests_(ctx.gauge("in_flight_requests")) {}

  Process on(FeatureRequest request, ReplyTo<FeatureAnswer> reply_to) {
    change_load(1);
    const FeatureAnswer answer{!is_on(request.feature), in_flight_};
    if (!answer.is_degraded) {
      co_await ctx_.sleep(config_.processing.sample(processing_rng_));
    }
    change_load(-1);
    ctx_.reply(reply_to, answer);
  }

 private:
  [[nodiscard]] bool is_on(Feature feature) const {
    return shedder_.is_enabled(static_cast<policies::LoadShedder::Feature>(feature));
  }
  void change_load(std::int32_t by) {
    in_flight_ += static_cast<std::uint32_t>(by);
    shedder_.observe(ctx_.now(), in_flight_);
    requests_.set(in_flight_);
  }

  Context& ctx_;
  Config config_;
  policies::LoadShedder shedder_;
  RandomStream& processing_rng_;
  Gauge& requests_;
  std::uint32_t in_flight_ = 0;
};

/// For each load and each feature: so many requests in flight, all but the last to the core, the last to the feature.
class FeatureProbe {
 public:
  struct Config {
    std::vector<std::uint32_t> loads = {};
  };
  struct Observation {
    std::uint32_t load = 0;
    Feature feature = Feature::core;
    FeatureAnswer answer;
  };
  using Inbox = sim::Inbox<>;

  FeatureProbe(Context& ctx, Config config, Port<FeatureRequest> service)
      : ctx_(ctx), config_(std::move(config)), service_(service) {}

  Process run() {
    for (const std::uint32_t load : config_.loads) {
      for (const Feature feature : all_features) {
        for (std::uint32_t number = 1; number < load; ++number) {
          ctx_.start(core_request());
        }
        ++sent_;
        const Time sent_at = ctx_.now();
        const auto answer = co_await ctx_.ask(service_, FeatureRequest{feature});
        check(answer.has_value(), "a service answers every request");
        time_ += ctx_.now() - sent_at;
        count(feature, *answer);
        observations_.push_back({load, feature, *answer});
        while (open_ > 0) {
          co_await ctx_.sleep(1ms);
        }
      }
    }
  }

  [[nodiscard]] const std::vector<Observation>& observations() const { return observations_; }
  [[nodiscard]] std::uint64_t sent() const { return sent_; }
  [[nodiscard]] DurationSum time() const { return time_; }  ///< of all requests together
  [[nodiscard]] std::uint64_t full() const { return full_; }
  [[nodiscard]] std::uint64_t degraded() const { return degraded_; }
  [[nodiscard]] std::uint64_t core_degraded() const { return core_degraded_; }

 private:
  Process core_request() {
    ++open_;
    ++sent_;
    const Time sent_at = ctx_.now();
    const auto answer = co_await ctx_.ask(service_, FeatureRequest{Feature::core});
    time_ += ctx_.now() - sent_at;
    --open_;
    check(answer.has_value(), "a service answers every request");
    count(Feature::core, *answer);
  }
  void count(Feature feature, const FeatureAnswer& answer) {
    ++(answer.is_degraded ? degraded_ : full_);
    core_degraded_ += answer.is_degraded && feature == Feature::core ? 1 : 0;
  }

  Context& ctx_;
  Config config_;
  Port<FeatureRequest> service_;
  std::uint32_t open_ = 0;
  std::uint64_t sent_ = 0;
  DurationSum time_;
  std::uint64_t full_ = 0;
  std::uint64_t degraded_ = 0;
  std::uint64_t core_degraded_ = 0;
  std::vector<Observation> observations_;
};

}  // namespace sim::models::stress
