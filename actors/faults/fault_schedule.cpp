#include "actors/faults/fault_schedule.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <set>
#include <string_view>
#include <tuple>

#include "libsim/failure.hpp"
#include "libsim/text/quoting.hpp"

namespace sim::policies {

namespace {

/// A name such as `container-7`: what it begins with and its number.
struct Numbered {
  std::string_view stem;
  std::uint32_t number = 0;
};

std::optional<Numbered> numbered(std::string_view name) {
  constexpr std::size_t digits_max = 9;
  const auto last = name.find_last_not_of("0123456789");
  const std::string_view digits = last == std::string_view::npos ? std::string_view{} : name.substr(last + 1);
  if (digits.empty() || digits.size() > digits_max || name[last] != '-' || (digits.size() > 1 && digits[0] == '0')) {
    return std::nullopt;
  }
  std::uint32_t number = 0;
  for (const char digit : digits) {
    number = number * 10 + static_cast<std::uint32_t>(digit - '0');
  }
  return Numbered{name.substr(0, last + 1), number};
}

/// The names in their order; three and more with consecutive numbers as a range, `container-1 to container-20`.
std::string names_of(const FaultSchedule::Targets& targets) {
  std::map<std::string_view, std::set<std::uint32_t>> numbers;
  for (const auto& [name, kinds] : targets) {
    if (const auto parts = numbered(name)) {
      numbers[parts->stem].insert(parts->number);
    }
  }
  std::vector<std::string> names;
  for (const auto& [name, kinds] : targets) {
    const auto parts = numbered(name);
    const auto found = parts ? numbers.find(parts->stem) : numbers.end();
    if (found == numbers.end() || found->second.size() < 3 ||
        *found->second.rbegin() - *found->second.begin() + 1 != found->second.size()) {
      names.push_back(name);
    } else if (parts->number == *found->second.begin()) {
      names.push_back(fmt::format("{} to {}{}", name, parts->stem, *found->second.rbegin()));
    }
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
      return unexpected(fmt::format("{}: target {}: expected {}", row.place, shown(row.target), names_of(targets)));
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
