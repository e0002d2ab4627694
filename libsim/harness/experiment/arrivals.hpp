#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "libsim/expected.hpp"
#include "libsim/files/input_files.hpp"
#include "libsim/time.hpp"

namespace sim::harness {

/// Which columns of a recorded trace matter.
struct ArrivalColumns {
  std::string time;                 ///< when the arrival happened
  std::vector<std::string> values;  ///< whole numbers that come with each arrival, such as sizes

  friend bool operator==(const ArrivalColumns&, const ArrivalColumns&) = default;
};

/// A recorded trace of arrivals.
struct Arrivals {
  std::string source;                             ///< the file; empty: no trace was given
  std::vector<Duration> at;                       ///< since the first arrival, never decreasing
  std::vector<std::vector<std::int64_t>> values;  ///< `values[column][arrival]`, columns in the order asked for

  [[nodiscard]] std::size_t size() const { return at.size(); }
  [[nodiscard]] bool empty() const { return at.empty(); }

  friend bool operator==(const Arrivals&, const Arrivals&) = default;
};

/// Reads a trace from CSV. Times are those of `TraceTimes`, the values whole numbers,
/// 0 or more. Refused with file, line and column: anything else, and a file without arrivals.
[[nodiscard]] Expected<Arrivals> read_arrivals(const InputFile& file, const ArrivalColumns& columns);

}  // namespace sim::harness
