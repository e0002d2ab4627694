#include "libsim/harness/determinism/determinism_check.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <string_view>

#include "libsim/failure.hpp"
#include "libsim/harness/determinism/event_stream.hpp"
#include "libsim/harness/determinism/stream_process.hpp"
#include "libsim/text/number_text.hpp"

namespace sim::harness {

namespace {

constexpr MemoryLayout first_layout{.heap = 0, .fill_byte = 85, .padding_bytes = 0};
constexpr MemoryLayout second_layout{.heap = 1, .fill_byte = 170, .padding_bytes = 3001};

/// The part of a line that is for people.
std::string visible(const std::string& line) { return line.substr(0, line.find(fingerprint_mark)); }

bool ends_stream(const std::string& line) { return line.starts_with(finished_mark) || line.starts_with(failed_mark); }

DeterminismReport equal_runs(const std::string& last_line) {
  if (last_line.starts_with(failed_mark)) {
    return {false, Page("the run failed in both processes alike: {}\n", last_line.substr(failed_mark.size()))};
  }
  const std::string_view figures = std::string_view(last_line).substr(finished_mark.size());
  const auto blank = figures.find(' ');
  const auto events = parse_whole_number<std::uint64_t>(figures.substr(0, blank));
  check(events.has_value() && blank != std::string_view::npos, "an event stream ends with its number of events");
  return {true, Page("deterministic: {} events, fingerprint {}\n", with_thousands(*events), figures.substr(blank + 1))};
}

DeterminismReport different_runs(std::uint64_t equal_events, const std::string& first, const std::string& second) {
  Page text("not deterministic: after {} equal events two runs differ\n  first run:  {}\n  second run: {}\n",
            with_thousands(equal_events), visible(first), visible(second));
  if (visible(first) == visible(second)) {
    text += Page("  both look alike: what they carry differs\n");
  }
  return {false, std::move(text)};
}

}  // namespace

Expected<DeterminismReport> compare_two_processes(const std::string& executable,
                                                  const std::vector<std::string>& arguments) {
  const auto first = StreamProcess::start(executable, arguments, first_layout);
  if (!first) {
    return tl::unexpected(first.error());
  }
  const auto second = StreamProcess::start(executable, arguments, second_layout);
  if (!second) {
    return tl::unexpected(second.error());
  }
  for (std::uint64_t equal_events = 0;; ++equal_events) {
    const std::string first_line = (*first)->next_line();
    const std::string second_line = (*second)->next_line();
    if (first_line != second_line) {
      return different_runs(equal_events, first_line, second_line);
    }
    if (ends_stream(first_line)) {
      return equal_runs(first_line);
    }
  }
}

}  // namespace sim::harness
