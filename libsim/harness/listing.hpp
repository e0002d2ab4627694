#pragma once

#include <string>

#include "libsim/harness/experiment.hpp"
#include "libsim/harness/options.hpp"

namespace sim::harness {

/// `--help`: usage, scenarios, flags and parameters.
[[nodiscard]] std::string help_text(const Experiment& experiment, const Parameters& flags, const Parameters& parameters,
                                    const std::string& program);

/// `--list-parameters`: all that the declarations say.
[[nodiscard]] std::string parameter_list(const Parameters& parameters, OutputFormat format);

/// `--list-scenarios`.
[[nodiscard]] std::string scenario_list(const Experiment& experiment, OutputFormat format);

/// `--version`.
[[nodiscard]] std::string version_text(const Experiment& experiment);

}  // namespace sim::harness
