#pragma once

// Production code: ordinary CAF actors. Nothing here knows of libsim.

#include <caf/all.hpp>

namespace prices {

/// Asks the feed for the present price.
struct FetchPrice {
  using Reply = double;
};

using PriceAtom = caf::atom_constant<caf::atom("price")>;
using RefreshAtom = caf::atom_constant<caf::atom("refresh")>;

/// Keeps the price of the last successful fetch at hand and answers `PriceAtom` with it: a `double`, or an error once
/// it is older than two minutes. Fetches every 30 s; after a failure again in 1 s, 2 s, 4 s … up to 30 s.
struct PriceBoardState {
  double price = 0.0;
  bool known = false;
  caf::actor_clock::time_point fetched_at;
  int failures = 0;
};

caf::behavior price_board(caf::stateful_actor<PriceBoardState>* self, caf::actor feed);

}  // namespace prices

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(prices::FetchPrice)
