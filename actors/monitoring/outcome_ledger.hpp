#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string_view>
#include <vector>

#include "actors/queues/ids.hpp"
#include "libsim/statistics/time_weighted.hpp"
#include "libsim/time.hpp"

namespace sim::policies {

/// How the life of a message ended.
enum class Outcome { answered, interrupted, dead_lettered, deduplicated, expired, rejected, abandoned };

inline constexpr std::array<Outcome, 7> all_outcomes = {
    Outcome::answered, Outcome::interrupted, Outcome::dead_lettered, Outcome::deduplicated,
    Outcome::expired,  Outcome::rejected,    Outcome::abandoned};

[[nodiscard]] std::string_view to_text(Outcome outcome);

/// The independent account of every message: sent once, ended once.
///
/// It shares no state with the mechanisms that it watches. A second outcome, an outcome of a message that was never
/// sent and a second send of one id are failed checks, because only a bug of a model can bring them about.
class OutcomeLedger {
 public:
  struct Ended {
    Outcome outcome = Outcome::answered;
    Time at{};

    friend bool operator==(const Ended&, const Ended&) = default;
  };

  /// Entries come in the order of their times (asserted).
  void sent(MessageId message, Time at);
  void ended(MessageId message, Outcome outcome, Time at);

  [[nodiscard]] std::uint64_t sent_count() const { return messages_.size(); }
  [[nodiscard]] std::uint64_t ended_count() const;
  [[nodiscard]] std::uint64_t count(Outcome outcome) const { return counts_[static_cast<std::size_t>(outcome)]; }
  [[nodiscard]] bool is_open(MessageId message) const;
  [[nodiscard]] std::optional<Ended> outcome(MessageId message) const;
  /// Messages without an outcome, in the order of their ids.
  [[nodiscard]] std::vector<MessageId> open() const;
  [[nodiscard]] std::uint64_t open_count() const { return open_.size(); }
  /// Area under the number of open messages so far, in messages × seconds: by Little's law the time that all of them
  /// have been open.
  [[nodiscard]] double open_integral(Time now) const { return open_level_.integral(now); }

  /// Checks that every message either has an outcome or is among `found`, the ids met on a walk through queues and
  /// actors, and that nothing was found that was never sent. Returns how many messages without an outcome were found.
  std::uint64_t check_identity(const std::set<MessageId>& found) const;

 private:
  struct Entry {
    Time sent_at{};
    std::optional<Ended> ended;
  };

  std::map<MessageId, Entry> messages_;
  std::set<MessageId> open_;
  TimeWeighted open_level_{Time{}};
  std::array<std::uint64_t, all_outcomes.size()> counts_{};
};

}  // namespace sim::policies
