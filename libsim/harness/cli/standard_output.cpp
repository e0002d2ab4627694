#include "libsim/harness/cli/standard_output.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>

#include "libsim/harness/cli/exit_status.hpp"

namespace sim::harness {

void guard_standard_streams() {
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
  // The lowest free number is taken, hence in this order. What only reads refuses what is written to it.
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::fcntl(stream, F_GETFD) < 0 && errno == EBADF) {
      static_cast<void>(::open("/dev/null", stream == STDIN_FILENO ? O_WRONLY : O_RDONLY));
    }
  }
}

Expected<void> finish_output(std::ostream& out) {
  errno = 0;
  out.flush();
  if (out) {
    return {};
  }
  return unexpected(fmt::format("the standard output cannot be written{}{}", errno == 0 ? "" : ": ",
                                errno == 0 ? "" : std::strerror(errno)));
}

int status_without_output(int status) {
  constexpr int failed = static_cast<int>(ExitStatus::run_failed);
  return status == failed ? failed : static_cast<int>(ExitStatus::bad_input);
}

}  // namespace sim::harness
