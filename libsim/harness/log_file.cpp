#include "libsim/harness/log_file.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <limits>

namespace sim::harness {

LogFile::LogFile(const Invocation& invocation)
    : place_(invocation.place_of("log")),
      file_(invocation.options().log),
      events_(file_, ActorFilter(invocation.options().log_filter), std::numeric_limits<std::uint64_t>::max()) {}

Expected<std::unique_ptr<LogFile>> LogFile::open(const Invocation& invocation) {
  errno = 0;
  auto log = std::unique_ptr<LogFile>(new LogFile(invocation));
  return log->file_ ? Expected<std::unique_ptr<LogFile>>(std::move(log))
                    : unexpected(fmt::format("{}: cannot be written: {}", log->place_, std::strerror(errno)));
}

std::string LogFile::finish() {
  file_.close();
  if (!file_) {
    return fmt::format("{}: could not be written to its end", place_);
  }
  return events_.lines() == 0 ? fmt::format("{}: no event was logged", place_) : std::string{};
}

}  // namespace sim::harness
