#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "actors/calls/api_messages.hpp"
#include "libsim/sim.hpp"

namespace sim::models::services {

/// A script: makes calls through a client, so many at once, and keeps what became of each.
class Caller {
 public:
  struct Config {
    std::uint32_t number = 0;                     ///< of this caller among those of one client
    std::vector<actors::ApiOperation> plan = {};  ///< operations of the calls, again and again from the front
    std::uint32_t calls_max = 0xffffffff;
    std::uint32_t concurrency = 1;
    bool in_batches = false;            ///< the next ones begin when all have ended; otherwise when one has
    Distribution pause = constant(0s);  ///< after each call, unless in batches; 1 ms at least when it took no time
    Duration starts_after{};
    Duration duration = forever;  ///< no call begins from then on
  };

  struct Record {
    actors::ApiCallId call{};
    actors::ApiOperation operation{};
    Time began_at{};
    std::optional<actors::ApiCallEnded> ended;
    Time ended_at{};
  };
  using Inbox = sim::Inbox<>;

  Caller(Context& ctx, Config config, Port<actors::MakeApiCall> client);
  Process run();

  /// In the order of beginning.
  [[nodiscard]] const std::vector<Record>& records() const { return records_; }
  [[nodiscard]] bool is_done() const { return !may_begin() && open_ == 0; }

 private:
  [[nodiscard]] bool may_begin() const;
  void begin_batch();
  Process one_of_batch();
  Process one_after_another();
  Task<> call();

  Context& ctx_;
  Config config_;
  Port<actors::MakeApiCall> client_;
  RandomStream& pause_rng_;
  Time starts_at_;
  std::vector<Record> records_;
  std::uint32_t open_ = 0;
};

}  // namespace sim::models::services
