#include "actors/policies/fault_schedule.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "libsim/failure.hpp"

namespace sim::policies {

namespace {

std::string names_of(const FaultSchedule::Targets& targets) {
  std::vector<std::string_view> names;
  for (const auto& [name, kinds] : targets) {
    names.push_back(name);
  }
  return names.empty() ? "no target, for there is none" : fmt::format("one of {}", fmt::join(names, ", "));
}

void check_row(const FaultSchedule::Row& row) {
  check(row.at >= Time{}, "a fault does not begin before the start");
  check(row.duration > 0s, "a fault lasts");
  check(row.fault.kind != FaultKind::kill || row.duration == forever, "a kill has no duration");
}

}  // namespace

FaultSchedule::FaultSchedule(std::vector<Row> rows) : rows_(std::move(rows)) {
  std::stable_sort(rows_.begin(), rows_.end(),
                   [](const Row& first, const Row& second) { return first.at < second.at; });
  for (std::size_t index = 0; index < rows_.size(); ++index) {
    const Row& row = rows_[index];
    check_row(row);
    changes_.push_back({row.at, true, index});
    if (row.duration < Time::max() - row.at) {
      changes_.push_back({row.at + row.duration, false, index});
    }
  }
  // What ends began before whatever begins at that time: its row is above.
  std::sort(changes_.begin(), changes_.end(), [](const Change& first, const Change& second) {
    return std::tie(first.at, first.row) < std::tie(second.at, second.row);
  });
}

Expected<void> FaultSchedule::validate(const Targets& targets) const {
  for (const Row& row : rows_) {
    const auto target = targets.find(row.target);
    if (target == targets.end()) {
      return unexpected(fmt::format("{}: target {}: expected {}", row.place, row.target, names_of(targets)));
    }
    if (!target->second.contains(row.fault.kind)) {
      return unexpected(fmt::format("{}: fault {}: {} does not take it: expected one of {}", row.place,
                                    to_text(row.fault.kind), row.target, to_text(target->second)));
    }
  }
  return {};
}

std::optional<Time> FaultSchedule::last_change_at() const {
  return changes_.empty() ? std::nullopt : std::optional(changes_.back().at);
}

}  // namespace sim::policies
