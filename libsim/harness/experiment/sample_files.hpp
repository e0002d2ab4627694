#pragma once

#include <string_view>
#include <utility>
#include <vector>

#include "libsim/expected.hpp"
#include "libsim/files/input_files.hpp"
#include "libsim/random/distribution.hpp"
#include "libsim/time.hpp"

namespace sim::harness {

/// Reads the samples of `empirical(file.csv, column)` distributions.
class SampleFiles {
 public:
  /// From files of its own, or from those that others read too.
  SampleFiles() = default;
  explicit SampleFiles(InputFiles files) : files_(std::move(files)) {}

  /// All values of one column of a CSV file of at most `data_bytes_max` bytes: durations such as `250ms`, or plain
  /// numbers, which are seconds. The error names file, line and column.
  [[nodiscard]] Expected<std::vector<Duration>> read(std::string_view file, std::string_view column);

  /// `read` as `parse_distribution` takes it. Refers to this object.
  [[nodiscard]] SampleLoader loader();

  /// The files behind the samples.
  [[nodiscard]] InputFiles& files() { return files_; }
  [[nodiscard]] const InputFiles& files() const { return files_; }

 private:
  InputFiles files_;
};

}  // namespace sim::harness
