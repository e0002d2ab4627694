#pragma once

#include <cstdint>
#include <vector>

#include "tests/theory/station_bench.hpp"

namespace theory {

/// Customers who think, go through a row of stations, and think again.
class Circuit {
 public:
  struct Config {
    std::uint32_t customers = 1;
    sim::Distribution think_time;
    std::vector<sim::Port<ServiceRequest>> stations;
  };
  struct Thought {
    std::uint32_t customer = 0;
    friend bool operator==(const Thought&, const Thought&) = default;
  };
  using Inbox = sim::Inbox<sim::Start, Thought, Serviced>;

  Circuit(sim::Context& ctx, Config config)
      : ctx_(ctx), config_(std::move(config)), stages_(config_.customers), think_rng_(ctx.random("think")) {}

  void on(const sim::Start&) {
    for (std::uint32_t customer = 0; customer < config_.customers; ++customer) {
      think(customer);
    }
  }
  void on(const Thought& thought) { visit(thought.customer, 0); }
  void on(const Serviced& serviced) {
    const auto customer = static_cast<std::uint32_t>(serviced.job);
    if (stages_[customer] + 1 < config_.stations.size()) {
      visit(customer, stages_[customer] + 1);
    } else {
      ++rounds;
      think(customer);
    }
  }

  std::uint64_t rounds = 0;

 private:
  void think(std::uint32_t customer) { ctx_.after(config_.think_time.sample(think_rng_), Thought{customer}); }
  void visit(std::uint32_t customer, std::uint32_t stage) {
    stages_[customer] = stage;
    ctx_.send(config_.stations[stage], {.job = JobId{customer}, .reply_to = ctx_.ref(*this)});
  }

  sim::Context& ctx_;
  Config config_;
  std::vector<std::uint32_t> stages_;  // by customer
  sim::RandomStream& think_rng_;
};

}  // namespace theory
