#include "libsim/harness/cli/environment.hpp"

#include <unistd.h>

#include <cstdlib>

#include "libsim/harness/determinism/stream_process.hpp"

namespace sim::harness {

namespace {

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string{} : std::string(value);
}

}  // namespace

Environment environment_of_process(int argc, const char* const* argv) {
  Environment environment;
  environment.program = argc > 0 ? argv[0] : "";
  // What runs, also when another program has been put in its place since.
  const char* running = "/proc/self/exe";
  environment.executable = ::access(running, R_OK) == 0 ? running : environment.program;
  struct stat out {};
  if (::fstat(STDOUT_FILENO, &out) == 0 && S_ISREG(out.st_mode)) {
    environment.out_file = out;
  }
  environment.out_is_terminal = ::isatty(STDOUT_FILENO) == 1;
  environment.err_is_terminal = ::isatty(STDERR_FILENO) == 1;
  environment.no_color = !variable("NO_COLOR").empty();
  environment.event_stream = variable(event_stream_variable);
  return environment;
}

}  // namespace sim::harness
