#include "libsim/harness/run/event_log.hpp"

#include <fmt/format.h>

#include "libsim/text/printable.hpp"
#include "libsim/time.hpp"

namespace sim::harness {

class EventLog::Observer final : public EventObserver {
 public:
  Observer(EventLog& log, std::string headline, std::uint64_t ordinal)
      : log_(log), headline_(std::move(headline)), ordinal_(ordinal) {}

  void on_event(const EventRecord& record) override { log_.write(*this, record); }

  [[nodiscard]] const std::string& headline() const { return headline_; }
  [[nodiscard]] std::uint64_t ordinal() const { return ordinal_; }

 private:
  EventLog& log_;
  std::string headline_;
  std::uint64_t ordinal_;
};

ActorFilter::ActorFilter(std::string pattern) : pattern_(std::move(pattern)), is_prefix_(pattern_.ends_with('*')) {
  if (is_prefix_) {
    pattern_.pop_back();
  }
}

bool ActorFilter::matches(std::string_view actor) const {
  return is_prefix_ ? actor.starts_with(pattern_) : pattern_.empty() || actor == pattern_;
}

std::string log_line(const EventRecord& record) {
  return fmt::format("{:>17}  {:<24} {:<28} {}{}\n", sim::to_text(record.at), Printable(record.actor),
                     Printable(record.message), Printable(record.sender), record.dead_letter ? "  (dead letter)" : "");
}

EventLog::EventLog(std::ostream& out, ActorFilter filter, std::uint64_t lines_max)
    : out_(out), filter_(std::move(filter)), lines_max_(lines_max) {}

EventLog::~EventLog() = default;

std::unique_ptr<EventObserver> EventLog::observer_for(const EventOrigin& origin, const Simulation&) {
  std::string headline = fmt::format(
      "# scenario {} · simulation {} · seed {} · replication {}\n# {:>15}  {:<24} {:<28} {}\n", Printable(scenario_),
      Printable(origin.simulation), origin.seed, origin.replication, "virtual time (s)", "actor", "message", "sender");
  return std::make_unique<Observer>(*this, std::move(headline), ++observers_);
}

void EventLog::write(const Observer& observer, const EventRecord& record) {
  if (lines_ == lines_max_ || !filter_.matches(record.actor)) {
    return;
  }
  if (current_observer_ != observer.ordinal()) {
    out_ << (current_observer_ == 0 ? "" : "\n") << observer.headline();
    current_observer_ = observer.ordinal();
  }
  out_ << log_line(record);
  ++lines_;
}

}  // namespace sim::harness
