#pragma once

#include <string>
#include <vector>

#include "libsim/expected.hpp"
#include "libsim/harness/experiment/sample_files.hpp"
#include "libsim/random/distribution.hpp"

namespace sim::models::queueing {

/// Jobs of one priority.
struct JobClass {
  double share = 1.0;  ///< of all arrivals
  Distribution service;
};

/// Reads service times such as `0.5s; exponential(1s)`, the most urgent class first. The error names the flag and what
/// was expected.
[[nodiscard]] Expected<std::vector<Distribution>> parse_class_services(const std::string& services,
                                                                       harness::SampleFiles& files);

/// Reads shares such as `0.25 0.75`, and joins them with the service times of the classes; none at all stand for
/// `service` in each class. The error names the flag and what was expected: 2 to 63 shares above 0 that add up to 1
/// within 1e-9, and as many service times.
[[nodiscard]] Expected<std::vector<JobClass>> parse_classes(const std::string& shares,
                                                            const std::vector<Distribution>& services,
                                                            const Distribution& service);

}  // namespace sim::models::queueing
