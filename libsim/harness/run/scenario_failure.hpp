#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>

#include "libsim/failure.hpp"
#include "libsim/harness/experiment/work_estimate.hpp"

namespace sim::harness {

/// A scenario that did not come to its end: because of a bug in the model, or because of what it was given.
class ScenarioFailure : public std::runtime_error {
 public:
  enum class Kind {
    bug,
    too_long,     ///< for a run without `--long`
    end_of_time,  ///< it takes longer than virtual time lasts
  };

  /// A bug.
  ScenarioFailure(const std::string& scenario, std::uint32_t replication, const std::string& reason);

  [[nodiscard]] static ScenarioFailure too_long(const std::string& scenario, std::uint32_t replication,
                                                const RunTooLong& end, const WorkLimits& limits);
  [[nodiscard]] static ScenarioFailure end_of_time(const std::string& scenario, std::uint32_t replication,
                                                   const std::string& reason);

  [[nodiscard]] Kind kind() const { return kind_; }
  /// No bug: the user has to ask for something else.
  [[nodiscard]] bool is_refusal() const { return kind_ != Kind::bug; }
  [[nodiscard]] const std::string& scenario() const { return scenario_; }
  [[nodiscard]] std::uint32_t replication() const { return replication_; }

 private:
  ScenarioFailure(std::string scenario, std::uint32_t replication, Kind kind, const std::string& what);

  std::string scenario_;
  std::uint32_t replication_;
  Kind kind_ = Kind::bug;
};

}  // namespace sim::harness
