#include "price_board/price_board.hpp"

#include <algorithm>
#include <chrono>

namespace prices {

namespace {

using namespace std::chrono_literals;

constexpr std::chrono::seconds time_between_fetches = 30s;
constexpr std::chrono::seconds fetch_timeout = 2s;
constexpr std::chrono::seconds stale_after = 2min;

std::chrono::seconds delay_after(int failures) {
  constexpr int doublings_max = 5;
  return std::min(std::chrono::seconds(1 << std::min(failures - 1, doublings_max)), time_between_fetches);
}

}  // namespace

caf::behavior price_board(caf::stateful_actor<PriceBoardState>* self, caf::actor feed) {
  self->send(self, RefreshAtom::value);
  return {
      [=](RefreshAtom) {
        self->request(feed, fetch_timeout, FetchPrice{})
            .then(
                [=](double price) {
                  self->state.price = price;
                  self->state.known = true;
                  self->state.fetched_at = self->clock().now();
                  self->state.failures = 0;
                  self->delayed_send(self, time_between_fetches, RefreshAtom::value);
                },
                [=](caf::error&) {
                  ++self->state.failures;
                  self->delayed_send(self, delay_after(self->state.failures), RefreshAtom::value);
                });
      },
      [=](PriceAtom) -> caf::result<double> {
        const bool fresh = self->state.known && self->clock().now() - self->state.fetched_at <= stale_after;
        return fresh ? caf::result<double>(self->state.price) : caf::result<double>(caf::sec::runtime_error);
      },
  };
}

}  // namespace prices
