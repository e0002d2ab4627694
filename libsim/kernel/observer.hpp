#pragma once

#include <cstdint>
#include <string_view>

#include "libsim/time.hpp"

namespace sim {

/// One delivered event, as a log shows it. The texts are valid during the call only.
struct EventRecord {
  std::uint64_t number;  ///< counted from 1 over the run
  Time at;
  std::string_view actor;  ///< who received it
  std::string_view message;
  std::string_view sender;  ///< `-` for what comes from outside the actors
  bool dead_letter;         ///< the receiver was gone: nobody handled it
};

/// Sees every event of a run just before it is delivered. Must not change the simulation.
class EventObserver {
 public:
  EventObserver() = default;
  EventObserver(const EventObserver&) = delete;
  EventObserver& operator=(const EventObserver&) = delete;
  virtual ~EventObserver() = default;

  virtual void on_event(const EventRecord& record) = 0;
};

}  // namespace sim
