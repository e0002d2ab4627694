#pragma once

#include <sys/stat.h>

#include <optional>
#include <string>

namespace sim::harness {

/// What a run knows of the process around it. Tests make their own.
struct Environment {
  std::string program;                    ///< as typed, for messages and for the line that reproduces a failure
  std::string executable;                 ///< a path that starts this program again; empty: it cannot be started again
  bool out_is_terminal = false;           ///< colours are for a terminal
  bool err_is_terminal = false;           ///< the progress line is for a terminal
  bool no_color = false;                  ///< the variable NO_COLOR is set and not empty
  std::optional<struct stat> out_file{};  ///< the standard output, where it is a file
  std::string event_stream{};             ///< set in the processes that `--check-determinism` starts, else empty
};

/// The environment of this process.
[[nodiscard]] Environment environment_of_process(int argc, const char* const* argv);

}  // namespace sim::harness
