#pragma once

#include <string>
#include <utility>
#include <vector>

#include "libsim/expected.hpp"
#include "libsim/files/input_files.hpp"
#include "libsim/time.hpp"

namespace sim::models::queueing {

/// Published traces that are simulated by hand.
enum class TraceExample {
  checkout,       ///< Banks, Carson, Nelson & Nicol: twenty customers of a checkout counter
  single_server,  ///< Law: six delays of a single server
};

/// Exact times, and what is known of them.
struct Trace {
  std::vector<Duration> interarrivals;  ///< the first one from the start to the first arrival
  std::vector<Duration> services;       ///< in the order of arrival; later jobs draw theirs
  Duration end{};                       ///< of the time averages; 0: when everybody has left
  std::string source;
  /// Metrics and the values in the source, with as many digits as there.
  std::vector<std::pair<std::string, std::string>> published;
};

[[nodiscard]] Trace example_trace(TraceExample example);

/// Reads the first column of a CSV file: seconds such as `0.4`, or durations such as `400ms`, none negative, at least
/// one. A file of one column needs no header. No file (an empty name) has no times. The error has file, line, column,
/// value and what was expected.
[[nodiscard]] Expected<std::vector<Duration>> read_times(const std::string& path, InputFiles& files);

/// The same from text in memory; `name` stands for the file in messages.
[[nodiscard]] Expected<std::vector<Duration>> parse_times(const std::string& name, const std::string& text);

}  // namespace sim::models::queueing
