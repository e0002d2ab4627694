// The team's tests of its own CAF actor, under virtual time: hours of refreshing and outages take milliseconds and run
// the same way every time.
#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>

#include <chrono>
#include <cstdint>
#include <vector>

#include "libsim/caf.hpp"
#include "libsim/sim.hpp"
#include "price_board/price_board.hpp"

using namespace std::chrono_literals;
using prices::FetchPrice;
using prices::PriceAtom;

namespace {

/// What stands in for the price service: answers after a random time, and not at all during an outage.
class Feed {
 public:
  struct Config {
    sim::Distribution latency = sim::uniform(50ms, 150ms);
    sim::Time outage_begin = sim::Time::max();
    sim::Time outage_end = sim::Time::max();
  };
  using Inbox = sim::Inbox<FetchPrice>;

  Feed(sim::Context& ctx, Config config) : ctx_(ctx), config_(config), latency_rng_(ctx.random("latency")) {}

  sim::Process on(FetchPrice, sim::ReplyTo<double> reply_to) {
    fetches_.push_back(ctx_.now());
    const bool out_of_order = ctx_.now() >= config_.outage_begin && ctx_.now() < config_.outage_end;
    if (out_of_order) {
      co_return;
    }
    co_await ctx_.sleep(config_.latency.sample(latency_rng_));
    ctx_.reply(reply_to, 9.99);
  }

  [[nodiscard]] const std::vector<sim::Time>& fetches() const { return fetches_; }

 private:
  sim::Context& ctx_;
  Config config_;
  sim::RandomStream& latency_rng_;
  std::vector<sim::Time> fetches_;
};

enum class Shown { price, stale };

/// What the board shows at this moment.
Shown ask(sim::Simulation& simulation, const caf::actor& board) {
  Shown shown = Shown::stale;
  sim::caf_system(simulation).spawn([&shown, board](caf::event_based_actor* self) {
    self->request(board, caf::infinite, PriceAtom::value)
        .then([&shown](double) { shown = Shown::price; }, [&shown](caf::error&) { shown = Shown::stale; });
  });
  simulation.run_until(simulation.now());
  return shown;
}

struct Setup {
  explicit Setup(Feed::Config config)
      : feed(simulation.spawn<Feed>("feed", config)),
        board(sim::caf_system(simulation).spawn(prices::price_board, sim::caf_handle(simulation, feed))) {}

  sim::Simulation simulation;
  sim::Ref<Feed> feed;
  caf::actor board;
};

}  // namespace

TEST_CASE("an hour of refreshing fetches 120 times, the same way every time") {
  std::uint64_t fingerprints[2] = {};
  for (std::uint64_t& fingerprint : fingerprints) {
    Setup setup({});
    setup.simulation.run_until(sim::Time{1h});
    // The 120th fetch comes after 119 pauses and answers, 3,588 s at most; the 121st after 3,606 s at least.
    CHECK(setup.simulation.get(setup.feed).fetches().size() == 120);
    fingerprint = setup.simulation.fingerprint();
  }
  CHECK(fingerprints[0] == fingerprints[1]);
}

TEST_CASE("in an outage the board backs off, shows nothing stale, and recovers") {
  // The feed answers at once, so that every time can be worked out by hand.
  Setup setup({.latency = sim::constant(0s), .outage_begin = sim::Time{60s}, .outage_end = sim::Time{5min}});
  sim::Simulation& simulation = setup.simulation;

  simulation.run_until(sim::Time{150s});
  CHECK(ask(simulation, setup.board) == Shown::price);  // fetched at 30 s: two minutes old, and no older
  simulation.run_until(sim::Time{151s});
  CHECK(ask(simulation, setup.board) == Shown::stale);
  simulation.run_until(sim::Time{6min});
  CHECK(ask(simulation, setup.board) == Shown::price);

  // Each failure takes the timeout of 2 s, then 1 s, 2 s, 4 s, 8 s, 16 s, 30 s, 30 s … pass.
  const std::vector<sim::Time> expected{sim::Time{0s},   sim::Time{30s},  sim::Time{60s},  sim::Time{63s},
                                        sim::Time{67s},  sim::Time{73s},  sim::Time{83s},  sim::Time{101s},
                                        sim::Time{133s}, sim::Time{165s}, sim::Time{197s}, sim::Time{229s},
                                        sim::Time{261s}, sim::Time{293s}, sim::Time{325s}, sim::Time{355s}};
  CHECK(simulation.get(setup.feed).fetches() == expected);
}
