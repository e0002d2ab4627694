#include "actors/monitoring/outcome_ledger.hpp"

#include <fmt/format.h>

#include <numeric>

#include "libsim/failure.hpp"

namespace sim::policies {

namespace {

std::uint64_t number(MessageId message) { return static_cast<std::uint64_t>(message); }

}  // namespace

std::string_view to_text(Outcome outcome) {
  switch (outcome) {
    case Outcome::answered:
      return "answered";
    case Outcome::interrupted:
      return "interrupted";
    case Outcome::dead_lettered:
      return "dead_lettered";
    case Outcome::deduplicated:
      return "deduplicated";
    case Outcome::expired:
      return "expired";
    case Outcome::rejected:
      return "rejected";
    case Outcome::abandoned:
      return "abandoned";
  }
  check(false, "an outcome is one of those listed");
  return {};
}

void OutcomeLedger::sent(MessageId message, Time at) {
  const bool is_new = messages_.emplace(message, Entry{at, std::nullopt}).second;
  if (!is_new) {
    check(false, fmt::format("message {} is sent once", number(message)));
  }
  open_.insert(message);
  open_level_.set(at, static_cast<double>(open_.size()));
}

void OutcomeLedger::ended(MessageId message, Outcome outcome, Time at) {
  const auto entry = messages_.find(message);
  if (entry == messages_.end()) {
    check(false, fmt::format("message {} was sent before it was {}", number(message), to_text(outcome)));
  }
  if (entry->second.ended) {
    check(false, fmt::format("message {} ends once: it was {} and is now {}", number(message),
                             to_text(entry->second.ended->outcome), to_text(outcome)));
  }
  entry->second.ended = Ended{outcome, at};
  open_.erase(message);
  open_level_.set(at, static_cast<double>(open_.size()));
  ++counts_[static_cast<std::size_t>(outcome)];
}

std::uint64_t OutcomeLedger::ended_count() const {
  return std::accumulate(counts_.begin(), counts_.end(), std::uint64_t{0});
}

bool OutcomeLedger::is_open(MessageId message) const { return open_.count(message) == 1; }

std::optional<OutcomeLedger::Ended> OutcomeLedger::outcome(MessageId message) const {
  const auto entry = messages_.find(message);
  return entry == messages_.end() ? std::nullopt : entry->second.ended;
}

std::vector<MessageId> OutcomeLedger::open() const { return {open_.begin(), open_.end()}; }

std::uint64_t OutcomeLedger::check_identity(const std::set<MessageId>& found) const {
  std::uint64_t in_flight = 0;
  for (const MessageId message : found) {
    const auto entry = messages_.find(message);
    if (entry == messages_.end()) {
      check(false, fmt::format("message {} was found but never sent", number(message)));
    }
    in_flight += entry->second.ended ? 0 : 1;
  }
  if (sent_count() != ended_count() + in_flight) {
    check(false, fmt::format("every message is accounted for: {} sent, {} ended, {} found in flight", sent_count(),
                             ended_count(), in_flight));
  }
  return in_flight;
}

}  // namespace sim::policies
