#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "libsim/expected.hpp"
#include "libsim/harness/study/study.hpp"
#include "libsim/study/answer.hpp"
#include "libsim/study/requirement.hpp"

namespace sim::harness {

/// What `--subject-to` demands of a point: targets, and requirements of single metrics.
class Requirements {
 public:
  /// Reads the flag; without it all targets of the scenarios count, and where there are none it is an error, one line
  /// for the user.
  [[nodiscard]] static Expected<Requirements> read(const Study& study);

  /// How a metric has to stand to its bound, if one is demanded.
  [[nodiscard]] std::optional<study::Relation> relation_of(const std::string& metric) const;

  /// What is known of a scenario, or of a point.
  struct Decision {
    study::Answer answer = study::Answer::yes;
    std::string reason;  ///< the requirement that fails or is open, with its interval; empty for yes
  };

  /// Whether values that are alike in all replications are believed at once, or only from `alike_replications_min` on.
  enum class Alike { believed, doubted };

  /// Judges what is demanded of one scenario. `yes` when all intervals at this confidence lie on the good side: each of
  /// the requirements is tested by itself, and all have to pass (an intersection-union test, Berger, Technometrics 24
  /// (1982), needs no correction). `no` when one lies on the bad side; as this asks many at once, those intervals have
  /// Bonferroni's higher confidence.
  [[nodiscard]] Expected<Decision> judge(const ReplicationSet& set, double confidence, Alike alike) const;

  /// The scenarios of a point taken together: one that does not pass decides, then one that is open.
  [[nodiscard]] Expected<Decision> judge(const StudyPoint& point, double confidence) const;

  /// The error names a requirement of a metric that no scenario of the point reports, or in another unit. Can be asked
  /// before anything runs; of a point that fails it says nothing.
  [[nodiscard]] Expected<void> check(StudyPoint& point) const;

  /// The error names the first requirement of a metric that no scenario of the point reports, and the point.
  [[nodiscard]] Expected<void> check_reported(StudyPoint& point) const;

  /// Whether there are requirements of single metrics.
  [[nodiscard]] bool name_metrics() const { return !requirements_.empty(); }

 private:
  std::vector<Target> targets_;
  std::vector<study::Requirement> requirements_;
  std::size_t intervals_max_ = 0;  ///< that decide about one point
};

/// How many replications have to be alike, where chance could have made them differ, before that is believed at this
/// confidence: of n that are all alike, others are up to 1 - (1 - confidence)^(1/n) of all there may be, and one in ten
/// is few enough.
[[nodiscard]] std::uint32_t alike_replications_min(double confidence);

/// Decisions about the scenarios of a point as one about the point.
[[nodiscard]] Requirements::Decision joint_decision(const std::vector<Requirements::Decision>& decisions);

}  // namespace sim::harness
