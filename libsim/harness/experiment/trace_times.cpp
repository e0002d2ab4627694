#include "libsim/harness/experiment/trace_times.hpp"

#include <fmt/format.h>

#include "libsim/text/quoting.hpp"

namespace sim::harness {

namespace {

/// Longer than any recording, and far from the end of virtual time.
constexpr Duration trace_max = 24h * 36'525;

}  // namespace

Expected<Duration> TraceTimes::next(const CsvFile& csv, std::size_t column) {
  const auto time = parse_time_stamp(csv.field(column));
  if (!time) {
    return tl::unexpected(csv.wrong_field(column, expected_time(csv.field(column))));
  }
  if (!first_) {
    first_ = time;
    last_ = time->since_1970;
  }
  if (time->form != first_->form) {
    const bool wants_seconds = first_->form == TimeStamp::Form::seconds;
    return tl::unexpected(csv.wrong_field(
        column, wants_seconds ? "seconds as in the rows above" : "a date and time as in the rows above"));
  }
  if (time->since_1970 < last_) {
    return tl::unexpected(
        csv.wrong_field(column, fmt::format("a time not before that of the row above, {}", shown(last_text_))));
  }
  if (time->since_1970 - first_->since_1970 > trace_max) {
    return tl::unexpected(csv.wrong_field(column, "a time within 100 years of the first row"));
  }
  last_ = time->since_1970;
  last_text_ = csv.field(column);
  return time->since_1970 - first_->since_1970;
}

}  // namespace sim::harness
