#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "libsim/expected.hpp"
#include "libsim/harness/cli/invocation.hpp"
#include "libsim/harness/run/replication_set.hpp"
#include "libsim/study/design.hpp"

namespace sim::harness {

class Study;

/// One configuration of a study with the replications of each of its scenarios.
class StudyPoint {
 public:
  /// What the user gave, except for these values, or with this INI file. The error is one line for the user.
  [[nodiscard]] static Expected<std::unique_ptr<StudyPoint>> make(const Study& study, study::Point values,
                                                                  const std::string& config = {});

  [[nodiscard]] const study::Point& values() const { return values_; }

  /// The values as in `containers=4 sessions=50`, or the name of the INI file.
  [[nodiscard]] const Printable& label() const { return label_; }

  [[nodiscard]] const Setup& setup() const { return invocation_->setup(); }
  [[nodiscard]] const Invocation& invocation() const { return *invocation_; }

  /// One set per scenario, in the order of the scenarios.
  [[nodiscard]] std::vector<ReplicationSet>& sets() { return sets_; }
  [[nodiscard]] const std::vector<ReplicationSet>& sets() const { return sets_; }

  /// What the scenarios report at this point, one list each; nothing where a first replication fails, so that it is not
  /// known what it would have reported. Nothing new is written.
  [[nodiscard]] std::optional<std::vector<std::vector<Report>>> first_reports();

  /// The first failure of any scenario, or none.
  [[nodiscard]] const ScenarioFailure* failure() const;

 private:
  StudyPoint() = default;

  study::Point values_;
  Printable label_;
  std::unique_ptr<Invocation> invocation_;
  std::vector<ReplicationSet> sets_;
};

/// What is wrong with a configuration that differs in these values.
[[nodiscard]] Error wrong_point(const Error& error, const study::Point& values, const std::string& config = {});

using StudyPoints = std::vector<std::unique_ptr<StudyPoint>>;

}  // namespace sim::harness
