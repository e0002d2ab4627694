#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>

namespace sim::harness {

/// A scenario that did not come to its end because of a bug in the model.
class ScenarioFailure : public std::runtime_error {
 public:
  ScenarioFailure(const std::string& scenario, std::uint32_t replication, const std::string& reason);

  [[nodiscard]] const std::string& scenario() const { return scenario_; }
  [[nodiscard]] std::uint32_t replication() const { return replication_; }

 private:
  std::string scenario_;
  std::uint32_t replication_;
};

}  // namespace sim::harness
