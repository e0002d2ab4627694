#include "libsim/harness/determinism/stream_process.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <string_view>

#include "libsim/failure.hpp"
#include "libsim/harness/determinism/event_stream.hpp"
#include "libsim/text/number_text.hpp"
#include "libsim/text/quoting.hpp"

namespace sim::harness {

namespace {

/// Where a process finds the pipe.
constexpr int child_descriptor = 3;

/// A program built with the address sanitizer would not use freed memory again, so that its heap would stay in order.
std::string sanitizer_options() {
  const char* given = std::getenv("ASAN_OPTIONS");
  return fmt::format("ASAN_OPTIONS={}:quarantine_size_mb=0:thread_local_quarantine_size_kb=0",
                     given == nullptr ? "" : given);
}

std::vector<std::string> child_environment(const MemoryLayout& layout) {
  std::vector<std::string> variables{
      fmt::format("{}={}:{}", event_stream_variable, child_descriptor, layout.heap),
      fmt::format("MALLOC_PERTURB_={}", layout.fill_byte),
      fmt::format("LIBSIM_PADDING={}", std::string(layout.padding_bytes, 'x')),
      sanitizer_options(),
  };
  for (char** variable = ::environ; *variable != nullptr; ++variable) {
    const std::string_view text(*variable);
    if (!text.starts_with("MALLOC_PERTURB_=") && !text.starts_with("ASAN_OPTIONS=") && !text.starts_with("LIBSIM_")) {
      variables.emplace_back(text);
    }
  }
  return variables;
}

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (auto& text : texts) {
    pointers.push_back(text.data());
  }
  pointers.push_back(nullptr);
  return pointers;
}

/// Starts a process that writes to `pipe_end`; returns an error number.
int spawn(pid_t& pid, std::vector<std::string> words, std::vector<std::string> variables, int pipe_end) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, pipe_end, child_descriptor);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  const int error = posix_spawn(&pid, words.front().c_str(), &actions, nullptr, pointers_to(words).data(),
                                pointers_to(variables).data());
  posix_spawn_file_actions_destroy(&actions);
  return error;
}

std::string end_text(int status) {
  return WIFSIGNALED(status) ? fmt::format("by signal {}", WTERMSIG(status))
                             : fmt::format("with status {}", WEXITSTATUS(status));
}

}  // namespace

StreamRequest parse_stream_request(const std::string& text) {
  const auto colon = text.find(':');
  const auto descriptor = parse_whole_number<int>(std::string_view(text).substr(0, colon));
  const auto layout = colon == std::string::npos
                          ? std::nullopt
                          : parse_whole_number<std::uint32_t>(std::string_view(text).substr(colon + 1));
  check(descriptor && layout, "the variable LIBSIM_EVENT_STREAM is descriptor:layout");
  return {*descriptor, *layout};
}

Expected<std::unique_ptr<StreamProcess>> StreamProcess::start(const std::string& executable,
                                                              const std::vector<std::string>& arguments,
                                                              const MemoryLayout& layout) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
    return unexpected(fmt::format("no pipe for the comparison: {}", std::strerror(errno)));
  }
  // A descriptor that is duplicated onto itself would stay marked to be closed: hence one above the child's.
  const int passed = ::fcntl(ends[1], F_DUPFD_CLOEXEC, child_descriptor + 1);
  std::vector<std::string> words{executable};
  words.insert(words.end(), arguments.begin(), arguments.end());
  pid_t pid = 0;
  const int error = spawn(pid, std::move(words), child_environment(layout), passed);
  ::close(passed);
  ::close(ends[1]);
  if (error != 0) {
    ::close(ends[0]);
    return unexpected(fmt::format("{}: cannot be started again: {}", shown_path(executable), std::strerror(error)));
  }
  return std::unique_ptr<StreamProcess>(new StreamProcess(pid, ends[0]));
}

StreamProcess::StreamProcess(pid_t pid, int descriptor) : pid_(pid), stream_(::fdopen(descriptor, "r")) {
  check(stream_ != nullptr, "the read end of a pipe can be read");
}

StreamProcess::~StreamProcess() {
  std::fclose(stream_);
  std::free(line_);
  if (!status_) {
    ::kill(pid_, SIGKILL);
    wait();
  }
}

std::string StreamProcess::next_line() {
  const ssize_t length = ::getline(&line_, &capacity_, stream_);
  if (length <= 0) {
    return fmt::format("{}the process ended {}", failed_mark, end_text(wait()));
  }
  std::string line(line_, static_cast<std::size_t>(length));
  if (line.ends_with('\n')) {
    line.pop_back();
  }
  return line;
}

int StreamProcess::wait() {
  while (!status_) {
    int status = 0;
    if (::waitpid(pid_, &status, 0) == pid_) {
      status_ = status;
    } else {
      check(errno == EINTR, "a process that was started can be waited for");
    }
  }
  return *status_;
}

}  // namespace sim::harness
