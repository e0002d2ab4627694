#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "libsim/expected.hpp"
#include "libsim/files/input_files.hpp"
#include "libsim/study/relation.hpp"

namespace sim::harness {

/// What a metric of a scenario has to reach. One row of a table of targets.
struct Target {
  std::string experiment;
  std::string scenario;
  std::string metric;
  std::string unit;
  study::Relation relation = study::Relation::less;
  double target = 0.0;
  std::optional<double> critical;  ///< a weaker bound: between both the verdict is `degraded`
  std::string source;              ///< where the number comes from
  std::string definition;          ///< what is measured, over which population and window
  std::string place;               ///< file and line, as in `targets.csv:17`

  friend bool operator==(const Target&, const Target&) = default;
};

/// Targets and where they came from.
struct TargetTable {
  std::string source;      ///< the file, or a word for a table that is built in
  bool from_user = false;  ///< a wrong target is then the user's error, else a bug of the model
  std::vector<Target> rows;

  /// The experiments that have rows.
  [[nodiscard]] std::set<std::string> experiments() const;

  /// The rows of one experiment in their order.
  [[nodiscard]] std::vector<Target> of_experiment(std::string_view experiment) const;
};

/// Reads a table of targets: CSV with the columns `experiment, scenario, metric, unit, op, target, critical, source,
/// definition`, in any order. `name` stands for the file in messages. Refused: a target that comes twice, and a
/// critical bound that is no weaker than its target.
[[nodiscard]] Expected<TargetTable> parse_targets(std::string name, std::string text);

/// The same from a file of at most `settings_bytes_max` bytes; the table counts as the user's.
[[nodiscard]] Expected<TargetTable> read_targets(InputFiles& files, const std::filesystem::path& path);

}  // namespace sim::harness
