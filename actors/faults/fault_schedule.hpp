#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "actors/faults/fault.hpp"
#include "libsim/expected.hpp"
#include "libsim/time.hpp"

namespace sim::policies {

/// Which faults happen when, as data. Faults on one target may overlap: each begins and ends for itself, and what acts
/// at one time combines (see `ActiveFaults`); none replaces another.
class FaultSchedule {
 public:
  struct Row {
    Time at{};
    std::string target = {};
    Fault fault;
    Duration duration = forever;  ///< `forever`: it does not end; a kill has no other
    std::string place = {};       ///< where it was written, for errors: `faults.csv:7`

    friend bool operator==(const Row&, const Row&) = default;
  };

  /// A fault begins or ends. Its number is the position of its row in `rows()`.
  struct Change {
    Time at{};
    bool begins = true;
    std::size_t row = 0;

    friend bool operator==(const Change&, const Change&) = default;
  };

  /// What takes part in a run, by name, with the faults that each takes.
  using Targets = std::map<std::string, FaultKinds, std::less<>>;

  FaultSchedule() = default;

  /// Sorts by time; rows of the same time keep their order. A row before the start, and a duration that is not
  /// positive, are bugs (asserted), as is a kill with a duration.
  explicit FaultSchedule(std::vector<Row> rows);

  [[nodiscard]] const std::vector<Row>& rows() const { return rows_; }

  /// All beginnings and ends in the order in which they happen: by time, at the same time ends first, then as the rows.
  /// An end beyond the end of virtual time is none.
  [[nodiscard]] const std::vector<Change>& changes() const { return changes_; }

  /// Whether every target is known and takes its fault. The error is that of the first row that is wrong.
  [[nodiscard]] Expected<void> validate(const Targets& targets) const;

  /// Until when faults act: the time of the last change; nothing when there is none.
  [[nodiscard]] std::optional<Time> last_change_at() const;

  friend bool operator==(const FaultSchedule&, const FaultSchedule&) = default;

 private:
  std::vector<Row> rows_;
  std::vector<Change> changes_;
};

}  // namespace sim::policies
