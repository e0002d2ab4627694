#pragma once

#include <string>

#include "libsim/harness/cli/options.hpp"
#include "libsim/harness/experiment/experiment.hpp"
#include "libsim/text/page.hpp"

namespace sim::harness {

/// `--help`: usage, scenarios, flags and parameters.
[[nodiscard]] Page help_text(const Experiment& experiment, const Parameters& flags, const Parameters& parameters,
                             const std::string& program);

/// `--list-parameters`: all that the declarations say.
[[nodiscard]] Page parameter_list(const Parameters& parameters, OutputFormat format);

/// `--list-scenarios`.
[[nodiscard]] Page scenario_list(const Experiment& experiment, OutputFormat format);

/// `--version`.
[[nodiscard]] Page version_text(const Experiment& experiment);

}  // namespace sim::harness
