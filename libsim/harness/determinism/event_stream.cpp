#include "libsim/harness/determinism/event_stream.hpp"

#include <fmt/format.h>

#include <string_view>

#include "libsim/failure.hpp"
#include "libsim/kernel/simulation.hpp"
#include "libsim/text/quoting.hpp"

namespace sim::harness {

class EventStream::Observer final : public EventObserver {
 public:
  Observer(EventStream& stream, std::string origin, const Simulation& simulation)
      : stream_(stream), origin_(std::move(origin)), simulation_(simulation) {}

  void on_event(const EventRecord& record) override {
    stream_.write_line(fmt::format("{} · event {} · {} s · {} · {} from {}{}{}{:016x}", origin_, record.number,
                                   sim::to_text(record.at), record.actor, record.message, record.sender,
                                   record.dead_letter ? " (dead letter)" : "", fingerprint_mark,
                                   simulation_.fingerprint()));
  }

 private:
  EventStream& stream_;
  std::string origin_;
  const Simulation& simulation_;
};

EventStream::EventStream(int descriptor) : file_(::fdopen(descriptor, "w")) {
  check(file_ != nullptr, "the descriptor of an event stream is open");
}

EventStream::~EventStream() { std::fclose(file_); }

std::unique_ptr<EventObserver> EventStream::observer_for(const EventOrigin& origin, const Simulation& simulation) {
  return std::make_unique<Observer>(
      *this,
      fmt::format("scenario {} · simulation {} · replication {}", scenario_, origin.simulation, origin.replication),
      simulation);
}

void EventStream::finish(std::uint64_t events, std::uint64_t fingerprint) {
  write_line(fmt::format("{}{} {:016x}", finished_mark, events, fingerprint));
}

void EventStream::fail(const std::string& reason) { write_line(fmt::format("{}{}", failed_mark, reason)); }

void EventStream::write_line(const std::string& line) {
  std::fwrite(line.data(), 1, line.size(), file_);
  std::fputc('\n', file_);
}

}  // namespace sim::harness
