#pragma once

#include <fstream>
#include <memory>
#include <string>

#include "libsim/expected.hpp"
#include "libsim/harness/cli/invocation.hpp"
#include "libsim/harness/run/event_log.hpp"

namespace sim::harness {

/// The file of `--log`.
class LogFile {
 public:
  /// Whether it could be written, before anything is. Changes nothing: a file that is there keeps its content. The
  /// error names the flag and the reason.
  [[nodiscard]] static Expected<void> check(const Invocation& invocation);

  /// Opens it, and empties a file that is there. The error names the flag and the reason.
  [[nodiscard]] static Expected<std::unique_ptr<LogFile>> open(const Invocation& invocation);

  [[nodiscard]] EventLog& events() { return events_; }

  /// Closes the file. What to tell the user, if nothing was logged; an error when something could not be written.
  [[nodiscard]] Expected<std::string> finish();

 private:
  explicit LogFile(const Invocation& invocation);

  std::string place_;
  std::ofstream file_;
  EventLog events_;
};

}  // namespace sim::harness
