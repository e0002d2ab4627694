#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <ostream>
#include <string>
#include <string_view>

#include "libsim/harness/run/event_sink.hpp"

namespace sim::harness {

/// Which events a log shows, by the name of the receiving actor.
class ActorFilter {
 public:
  /// A name, or the beginning of names with `*` behind it; an empty text lets all through.
  explicit ActorFilter(std::string pattern);

  [[nodiscard]] bool matches(std::string_view actor) const;

 private:
  std::string pattern_;
  bool is_prefix_ = false;
};

/// One event as a line of text: virtual time in seconds, receiving actor, message, sender.
[[nodiscard]] std::string log_line(const EventRecord& record);

/// Writes the events of a run as text for people. A headline names the simulation whenever another one goes on.
class EventLog final : public EventSink {
 public:
  /// `lines_max` ends the log early. The stream outlives the log.
  EventLog(std::ostream& out, ActorFilter filter, std::uint64_t lines_max);
  ~EventLog() override;

  /// Names the scenario whose events come next.
  void begin_scenario(std::string scenario) { scenario_ = std::move(scenario); }

  [[nodiscard]] std::unique_ptr<EventObserver> observer_for(const EventOrigin& origin,
                                                            const Simulation& simulation) override;

  /// Events written so far.
  [[nodiscard]] std::uint64_t lines() const { return lines_; }

 private:
  class Observer;
  void write(const Observer& observer, const EventRecord& record);

  std::ostream& out_;
  ActorFilter filter_;
  std::uint64_t lines_max_;
  std::uint64_t lines_ = 0;
  std::string scenario_;
  std::uint64_t observers_ = 0;
  std::uint64_t current_observer_ = 0;
};

}  // namespace sim::harness
