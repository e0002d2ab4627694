#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "actors/server/service_messages.hpp"
#include "libsim/sim.hpp"
#include "libsim/statistics/time_weighted.hpp"

namespace sim::models::stress {

struct ApiAnswer {
  bool processed = false;       ///< false: turned away
  std::uint32_t in_flight = 0;  ///< when the request arrived, this one included

  friend bool operator==(const ApiAnswer&, const ApiAnswer&) = default;
};

struct ApiRequest {
  using Reply = ApiAnswer;
  std::uint32_t number = 0;

  friend bool operator==(const ApiRequest&, const ApiRequest&) = default;
};

/// An endpoint: a request needs the processor for a moment, then waits for something else, as a database.
class ApiEndpoint {
 public:
  struct Config {
    Distribution processing = uniform(0ms, 10ms);
    std::uint32_t in_flight_max = 10'000;
  };
  using Inbox = sim::Inbox<ApiRequest>;

  ApiEndpoint(Context& ctx, Config config, Port<actors::ServiceRequest> cpu)
      : ctx_(ctx), config_(config), cpu_(cpu), processing_rng_(ctx.random("processing")), level_(ctx.now()) {}

  Process on(ApiRequest request, ReplyTo<ApiAnswer> reply_to) {
    if (in_flight_ == config_.in_flight_max) {
      ctx_.reply(reply_to, ApiAnswer{false, in_flight_});
      co_return;
    }
    const std::uint32_t in_flight = ++in_flight_;
    level_.set(ctx_.now(), in_flight_);
    const Duration processing = config_.processing.sample(processing_rng_);
    const actors::ServiceRequest work{.job = actors::JobId{request.number}};
    const auto serviced = co_await ctx_.ask(cpu_, work);
    check(serviced.has_value(), "a processor serves every request");
    co_await ctx_.sleep(processing);
    level_.set(ctx_.now(), --in_flight_);
    ctx_.reply(reply_to, ApiAnswer{true, in_flight});
  }

  /// Area under the requests in flight, in requests × seconds.
  [[nodiscard]] double in_flight_integral() const { return level_.integral(ctx_.now()); }

 private:
  Context& ctx_;
  Config config_;
  Port<actors::ServiceRequest> cpu_;
  RandomStream& processing_rng_;
  std::uint32_t in_flight_ = 0;
  TimeWeighted level_;
};

/// Sends all its requests in one moment and waits for each of them.
class ApiCrowd {
 public:
  struct Config {
    std::uint32_t requests_count = 1'000;
    Duration timeout = 10s;
  };
  using Inbox = sim::Inbox<>;

  ApiCrowd(Context& ctx, Config config, Port<ApiRequest> api) : ctx_(ctx), config_(config), api_(api) {}

  Process run() {
    for (std::uint32_t number = 0; number < config_.requests_count; ++number) {
      ctx_.start(request(number));
    }
    co_return;
  }

  [[nodiscard]] std::uint64_t processed() const { return processed_; }
  [[nodiscard]] std::uint64_t rejected() const { return rejected_; }
  [[nodiscard]] std::uint64_t timed_out() const { return timed_out_; }
  [[nodiscard]] std::uint32_t in_flight_max() const { return in_flight_max_; }  ///< of what answers said
  [[nodiscard]] Duration duration() const { return duration_; }                 ///< until the last request ended
  /// Of the processed requests, in milliseconds.
  [[nodiscard]] const std::vector<double>& latencies_ms() const { return latencies_ms_; }

 private:
  Process request(std::uint32_t number) {
    const Time began_at = ctx_.now();
    const auto answer = co_await ctx_.ask(api_, ApiRequest{number}, config_.timeout);
    duration_ = std::max(duration_, ctx_.now() - began_at);
    if (!answer) {
      ++timed_out_;
      co_return;
    }
    in_flight_max_ = std::max(in_flight_max_, answer->in_flight);
    ++(answer->processed ? processed_ : rejected_);
    if (answer->processed) {
      latencies_ms_.push_back(to_seconds(ctx_.now() - began_at) * 1e3);
    }
  }

  Context& ctx_;
  Config config_;
  Port<ApiRequest> api_;
  std::uint64_t processed_ = 0;
  std::uint64_t rejected_ = 0;
  std::uint64_t timed_out_ = 0;
  std::uint32_t in_flight_max_ = 0;
  Duration duration_{};
  std::vector<double> latencies_ms_;
};

}  // namespace sim::models::stress
