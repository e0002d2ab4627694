#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "libsim/expected.hpp"
#include "libsim/random/distribution.hpp"
#include "libsim/time.hpp"

namespace sim::harness {

/// Reads the samples of `empirical(file.csv, column)` distributions, and remembers which files a configuration read.
class SampleFiles {
 public:
  /// All values of one column of a CSV file of at most `data_bytes_max` bytes: durations such as `250ms`, or plain
  /// numbers, which are seconds. The error names file, line and column.
  [[nodiscard]] Expected<std::vector<Duration>> read(std::string_view file, std::string_view column);

  /// `read` as `parse_distribution` takes it. Refers to this object.
  [[nodiscard]] SampleLoader loader();

  /// The files read so far with a hash of the content of each.
  [[nodiscard]] const std::map<std::string, std::uint32_t>& content_hashes() const { return content_hashes_; }

 private:
  std::map<std::string, std::uint32_t> content_hashes_;
};

}  // namespace sim::harness
