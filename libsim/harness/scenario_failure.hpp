#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>

#include "libsim/failure.hpp"

namespace sim::harness {

/// A scenario that did not come to its end: because of a bug in the model, or because it is too long.
class ScenarioFailure : public std::runtime_error {
 public:
  ScenarioFailure(const std::string& scenario, std::uint32_t replication, const std::string& reason);

  /// A scenario that is longer than is allowed without `--long`, which is no bug.
  [[nodiscard]] static ScenarioFailure too_long(const std::string& scenario, std::uint32_t replication,
                                                const RunTooLong& end);

  [[nodiscard]] bool is_too_long() const { return is_too_long_; }
  [[nodiscard]] const std::string& scenario() const { return scenario_; }
  [[nodiscard]] std::uint32_t replication() const { return replication_; }

 private:
  ScenarioFailure(std::string scenario, std::uint32_t replication, bool is_too_long, const std::string& what);

  std::string scenario_;
  std::uint32_t replication_;
  bool is_too_long_ = false;
};

}  // namespace sim::harness
