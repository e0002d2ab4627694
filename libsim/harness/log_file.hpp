#pragma once

#include <fstream>
#include <memory>
#include <string>

#include "libsim/expected.hpp"
#include "libsim/harness/event_log.hpp"
#include "libsim/harness/invocation.hpp"

namespace sim::harness {

/// The file of `--log`, opened before anything runs.
class LogFile {
 public:
  /// The error names the flag and the reason.
  [[nodiscard]] static Expected<std::unique_ptr<LogFile>> open(const Invocation& invocation);

  [[nodiscard]] EventLog& events() { return events_; }

  /// What to tell the user: that nothing was logged, or that the disk is full.
  [[nodiscard]] std::string finish();

 private:
  explicit LogFile(const Invocation& invocation);

  std::string place_;
  std::ofstream file_;
  EventLog events_;
};

}  // namespace sim::harness
