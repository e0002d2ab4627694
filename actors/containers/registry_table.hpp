#pragma once

#include <cstdint>
#include <map>

#include "actors/containers/registry_messages.hpp"
#include "libsim/sim.hpp"

namespace sim::actors {

/// The table that maps sessions to containers: a key-value store that takes its time (DynamoDB).
class RegistryTable {
 public:
  struct Config {
    Distribution read_latency = lognormal_p50_p99(5ms, 25ms);
    Distribution write_latency = lognormal_p50_p99(8ms, 40ms);

    friend bool operator==(const Config&, const Config&) = default;
  };
  using Inbox = sim::Inbox<GetItem, PutItem>;

  RegistryTable(Context& ctx, Config config)
      : ctx_(ctx),
        config_(std::move(config)),
        latency_rng_(ctx.random("latency")),
        reads_(ctx.counter("registry_reads_count")) {}

  Process on(GetItem request, ReplyTo<RegistryItem> reply_to) {
    reads_.add();
    co_await ctx_.sleep(config_.read_latency.sample(latency_rng_));
    const auto found = containers_.find(request.session);
    ctx_.reply(reply_to, found == containers_.end() ? RegistryItem{} : RegistryItem{true, found->second});
  }

  Process on(PutItem request) {
    co_await ctx_.sleep(config_.write_latency.sample(latency_rng_));
    containers_[request.session] = request.container;
  }

 private:
  Context& ctx_;
  Config config_;
  std::map<SessionId, std::uint32_t> containers_;
  RandomStream& latency_rng_;
  Counter& reads_;
};

}  // namespace sim::actors
