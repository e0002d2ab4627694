#pragma once

#include <fmt/format.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "actors/calls/guarded_port.hpp"
#include "actors/circuit_breaker/call_messages.hpp"
#include "actors/load/arrival_process.hpp"
#include "libsim/sim.hpp"
#include "libsim/statistics/time_weighted.hpp"

namespace sim::models::resilience {

/// Writes down when each attempt leaves the caller. The innermost layer of a guarded port.
class AttemptLog {
 public:
  static constexpr std::string_view name = "attempts";
  struct Config {};

  explicit AttemptLog(const calls::LayerSetup<Config>& setup) : ctx_(setup.ctx) {}

  template <class Next>
  Task<typename Next::Outcome> call(Next next, calls::CallScope scope) {
    times_.push_back(ctx_.now());
    co_return co_await next(scope);
  }

  [[nodiscard]] const std::vector<Time>& times() const { return times_; }

 private:
  Context& ctx_;
  std::vector<Time> times_;
};

/// What became of one request of a user.
struct CallRecord {
  std::uint32_t service = 0;
  Time sent_at{};
  Time ended_at{};
  bool is_open = true;
  std::optional<policies::ErrorClass> error = {};  ///< of one that ended; nothing: it was answered

  [[nodiscard]] bool is_answered() const { return !is_open && !error; }

  friend bool operator==(const CallRecord&, const CallRecord&) = default;
};

/// One kind of requests that users send, whatever became of those before.
struct CallStream {
  std::uint32_t service = 0;
  policies::ArrivalProcess::Config arrivals = {};

  friend bool operator==(const CallStream&, const CallStream&) = default;
};

/// An application that sends the requests of its users to one port, through `Layers`, and keeps a record of each. The
/// streams share the layers. Requests are numbered from 0 in the order of their arrival, which depends on nothing else.
template <class... Layers>
class Caller {
 public:
  struct Config {
    std::vector<CallStream> streams;
    Duration duration = forever;  ///< no arrivals from then on
    std::tuple<typename Layers::Config...> layers = {};
  };
  struct Arrival {
    static constexpr std::string_view message_name = "Caller::Arrival";
    std::uint32_t stream = 0;
  };
  using Inbox = sim::Inbox<Start, Arrival>;

  Caller(Context& ctx, Config config, Port<actors::ServiceCall> port)
      : Caller(ctx, std::move(config), port, std::index_sequence_for<Layers...>{}) {}

  void on(const Start&) {
    for (std::uint32_t stream = 0; stream < config_.streams.size(); ++stream) {
      arrival_rngs_.push_back(&ctx_.random(fmt::format("arrival_{}", stream)));
      arrivals_.emplace_back(config_.streams[stream].arrivals, ctx_.now());
      await_next(stream);
    }
  }

  void on(const Arrival& arrival) {
    ctx_.start(request(arrival.stream));
    await_next(arrival.stream);
  }

  [[nodiscard]] const std::vector<CallRecord>& records() const { return records_; }
  [[nodiscard]] std::uint64_t open_count() const { return open_.size(); }
  /// Area under their number, in requests × seconds.
  [[nodiscard]] double open_integral() const { return open_level_.integral(ctx_.now()); }
  /// When each attempt left.
  [[nodiscard]] const std::vector<Time>& attempts() const { return port_.template layer<sizeof...(Layers)>().times(); }
  /// The layer at a place, for its state.
  template <std::size_t Place>
  [[nodiscard]] const auto& layer() const {
    return port_.template layer<Place>();
  }

 private:
  template <std::size_t... Places>
  Caller(Context& ctx, Config config, Port<actors::ServiceCall> port, std::index_sequence<Places...> /*places*/)
      : ctx_(ctx),
        config_(std::move(config)),
        began_at_(ctx.now()),
        open_level_(ctx.now()),
        port_(ctx, "request", port, std::get<Places>(config_.layers)..., AttemptLog::Config{}) {}

  void await_next(std::uint32_t stream) {
    const std::optional<Time> at = arrivals_[stream].next(*arrival_rngs_[stream]);
    if (at && *at - began_at_ < config_.duration) {
      ctx_.after(*at - ctx_.now(), Arrival{stream});
    }
  }

  Process request(std::uint32_t stream) {
    actors::ServiceCall call;
    call.number = records_.size();
    call.service = config_.streams[stream].service;
    CallRecord record;
    record.service = call.service;
    record.sent_at = ctx_.now();
    records_.push_back(record);
    open_.insert(call.number);
    open_level_.set(ctx_.now(), static_cast<double>(open_.size()));
    const auto outcome = co_await port_.call(call);
    CallRecord& ended = records_[call.number];
    check(ended.is_open, "a request ends once");
    ended.is_open = false;
    ended.ended_at = ctx_.now();
    if (!outcome) {
      ended.error = outcome.error().error;
    }
    open_.erase(call.number);
    open_level_.set(ctx_.now(), static_cast<double>(open_.size()));
  }

  Context& ctx_;
  Config config_;
  Time began_at_;
  TimeWeighted open_level_;
  calls::GuardedPort<actors::ServiceCall, Layers..., AttemptLog> port_;
  std::vector<policies::ArrivalProcess> arrivals_;
  std::vector<RandomStream*> arrival_rngs_;
  std::vector<CallRecord> records_;
  std::set<std::uint64_t> open_;
};

}  // namespace sim::models::resilience
