#pragma once

#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>

#include "libsim/harness/run/event_sink.hpp"

namespace sim::harness {

/// Sends all events of a run through a pipe to the process that compares them (`determinism_check.hpp`): one line per
/// event, with the fingerprint so far, so that a difference in contents shows too.
class EventStream final : public EventSink {
 public:
  /// Takes over an open file descriptor.
  explicit EventStream(int descriptor);
  ~EventStream() override;

  /// Names the scenario whose events come next.
  void begin_scenario(std::string scenario) { scenario_ = std::move(scenario); }

  [[nodiscard]] std::unique_ptr<EventObserver> observer_for(const EventOrigin& origin,
                                                            const Simulation& simulation) override;

  /// The end of a run.
  void finish(std::uint64_t events, std::uint64_t fingerprint);

  /// The end of a run that failed.
  void fail(const std::string& reason);

 private:
  class Observer;
  void write_line(const std::string& line);

  std::FILE* file_;
  std::string scenario_;
};

/// What stands between the visible part of a line and the fingerprint.
inline constexpr char fingerprint_mark = '\t';

/// How the lines begin that end a stream.
inline constexpr std::string_view finished_mark = "finished ";
inline constexpr std::string_view failed_mark = "failed ";

}  // namespace sim::harness
