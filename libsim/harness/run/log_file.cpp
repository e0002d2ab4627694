#include "libsim/harness/run/log_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <limits>

namespace sim::harness {

namespace {

Expected<void> unwritable(const Invocation& invocation, int reason) {
  return unexpected(fmt::format("{}: cannot be written: {}", invocation.place_of("log"), std::strerror(reason)));
}

}  // namespace

LogFile::LogFile(const Invocation& invocation)
    : place_(invocation.place_of("log")),
      file_(invocation.options().log),
      events_(file_, ActorFilter(invocation.options().log_filter), std::numeric_limits<std::uint64_t>::max()) {}

Expected<void> LogFile::check(const Invocation& invocation) {
  const std::filesystem::path path = invocation.options().log;
  // O_NONBLOCK: a pipe is waited for later.
  const int file = ::open(path.c_str(), O_WRONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  if (file >= 0) {
    ::close(file);
    return {};
  }
  if (errno == ENXIO) {
    return {};  // a pipe that nobody reads yet
  }
  if (errno != ENOENT) {
    return unwritable(invocation, errno);
  }
  const std::filesystem::path folder = path.has_parent_path() ? path.parent_path() : ".";
  return ::access(folder.c_str(), W_OK | X_OK) == 0 ? Expected<void>{} : unwritable(invocation, errno);
}

Expected<std::unique_ptr<LogFile>> LogFile::open(const Invocation& invocation) {
  errno = 0;
  auto log = std::unique_ptr<LogFile>(new LogFile(invocation));
  return log->file_ ? Expected<std::unique_ptr<LogFile>>(std::move(log))
                    : tl::unexpected(unwritable(invocation, errno).error());
}

Expected<std::string> LogFile::finish() {
  errno = 0;
  file_.close();
  if (!file_) {
    return unexpected(fmt::format("{}: could not be written to its end{}{}", place_, errno == 0 ? "" : ": ",
                                  errno == 0 ? "" : std::strerror(errno)));
  }
  return events_.lines() == 0 ? fmt::format("{}: no event was logged", place_) : std::string{};
}

}  // namespace sim::harness
