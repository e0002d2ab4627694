#include "libsim/harness/environment.hpp"

#include <unistd.h>

#include <cstdlib>
#include <filesystem>

#include "libsim/harness/stream_process.hpp"

namespace sim::harness {

namespace {

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string{} : std::string(value);
}

}  // namespace

Environment environment_of_process(int argc, const char* const* argv) {
  std::error_code error;
  Environment environment;
  environment.program = argc > 0 ? argv[0] : "";
  environment.executable = std::filesystem::read_symlink("/proc/self/exe", error).string();
  if (error) {
    environment.executable = environment.program;
  }
  environment.out_is_terminal = ::isatty(STDOUT_FILENO) == 1;
  environment.err_is_terminal = ::isatty(STDERR_FILENO) == 1;
  environment.no_color = !variable("NO_COLOR").empty();
  environment.event_stream = variable(event_stream_variable);
  return environment;
}

}  // namespace sim::harness
