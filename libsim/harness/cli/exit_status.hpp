#pragma once

namespace sim::harness {

/// The status with which an experiment's program ends.
enum class ExitStatus : int {
  targets_met = 0,  ///< no target missed; with `--strict`, none degraded either
  target_missed = 1,
  bad_input = 2,     ///< wrong usage or input: one line on the error stream, nothing written
  run_failed = 3,    ///< a bug in the model: message and a line that reproduces it on the error stream
  inconclusive = 4,  ///< no target missed, but of some the replications do not tell
};

}  // namespace sim::harness
