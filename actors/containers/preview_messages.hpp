#pragma once

#include "actors/queues/ids.hpp"

namespace sim::actors {

/// A page, ready to be sent to the browser.
struct PageServed {
  bool from_cache = false;

  friend bool operator==(const PageServed&, const PageServed&) = default;
};

/// Asks a container for the preview page of a session.
struct LoadPage {
  using Reply = PageServed;
  SessionId session{};

  friend bool operator==(const LoadPage&, const LoadPage&) = default;
};

}  // namespace sim::actors
