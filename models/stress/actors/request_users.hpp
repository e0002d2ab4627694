#pragma once

#include <cstdint>
#include <vector>

#include "actors/server/service_messages.hpp"
#include "libsim/sim.hpp"

namespace sim::models::stress {

/// Users that ask again as soon as they have an answer, until all requests are sent.
class RequestUsers {
 public:
  struct Config {
    std::uint32_t users_count = 1;
    std::uint32_t requests_count = 1'000;  ///< of all users together
  };
  using Inbox = sim::Inbox<>;

  RequestUsers(Context& ctx, Config config, Port<actors::ServiceRequest> service)
      : ctx_(ctx), config_(config), service_(service) {}

  Process run() {
    for (std::uint32_t user = 0; user < config_.users_count; ++user) {
      ctx_.start(use());
    }
    co_return;
  }

  [[nodiscard]] std::uint32_t sent() const { return sent_; }
  /// Of the answered requests.
  [[nodiscard]] const std::vector<double>& latencies_ms() const { return latencies_ms_; }
  [[nodiscard]] const std::vector<double>& waits_ms() const { return waits_ms_; }

 private:
  Process use() {
    while (sent_ < config_.requests_count) {
      const actors::ServiceRequest request{.job = actors::JobId{sent_++}};
      const Time began_at = ctx_.now();
      const auto serviced = co_await ctx_.ask(service_, request);
      check(serviced.has_value(), "a server answers every request");
      latencies_ms_.push_back(to_seconds(ctx_.now() - began_at) * 1e3);
      waits_ms_.push_back(to_seconds(serviced->waited) * 1e3);
    }
  }

  Context& ctx_;
  Config config_;
  Port<actors::ServiceRequest> service_;
  std::uint32_t sent_ = 0;
  std::vector<double> latencies_ms_;
  std::vector<double> waits_ms_;
};

}  // namespace sim::models::stress
