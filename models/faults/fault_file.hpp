#pragma once

#include <string>

#include "actors/faults/fault_schedule.hpp"
#include "libsim/expected.hpp"
#include "libsim/files/input_files.hpp"

namespace sim::models {

/// Reads a fault schedule from CSV with the columns `time,target,fault,parameters,duration`, others are ignored:
///
///     time,target,fault,parameters,duration
///     10s,worker,kill,,
///     30,database,slow,factor=3 delay=50ms,90s
///
/// A time or duration without unit is in seconds. A missing duration: the fault does not end. Rows may come in any
/// order. The error has file, line, column, value and what was expected. Whether the targets exist is asked later, by
/// `FaultInjector::validate`, whose error names the line too.
[[nodiscard]] Expected<policies::FaultSchedule> read_fault_schedule(const InputFile& file);

/// Reads a schedule into `schedule`, as `--faults` wants it.
[[nodiscard]] Expected<void> read_faults_into(policies::FaultSchedule& schedule, const InputFile& file);

/// The same from text in memory; `name` stands for the file in messages.
[[nodiscard]] Expected<policies::FaultSchedule> parse_fault_schedule(const std::string& name, const std::string& text);

}  // namespace sim::models
