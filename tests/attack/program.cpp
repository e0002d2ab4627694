#include "tests/attack/program.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <system_error>
#include <utility>

#include "libsim/text/quoting.hpp"

extern char** environ;

namespace attack {

namespace {

using Clock = std::chrono::steady_clock;

[[noreturn]] void fail(const std::string& what) { throw std::system_error(errno, std::generic_category(), what); }

/// An open file that no other child inherits.
class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  ~Descriptor() { close(); }

  void close() {
    if (number_ >= 0) {
      ::close(std::exchange(number_, -1));
    }
  }
  [[nodiscard]] int number() const { return number_; }
  [[nodiscard]] bool is_open() const { return number_ >= 0; }

 private:
  int number_ = -1;
};

struct Pipe {
  Descriptor reads;
  Descriptor writes;
};

Pipe make_pipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
    fail("pipe");
  }
  return {Descriptor(ends[0]), Descriptor(ends[1])};
}

/// Strings as execve wants them.
class Strings {
 public:
  explicit Strings(std::vector<std::string> texts) : texts_(std::move(texts)) {
    for (std::string& text : texts_) {
      pointers_.push_back(text.data());
    }
    pointers_.push_back(nullptr);
  }
  [[nodiscard]] char* const* pointers() const { return pointers_.data(); }

 private:
  std::vector<std::string> texts_;
  std::vector<char*> pointers_;
};

std::vector<std::string> words_of(const Program& program) {
  std::vector<std::string> words{program.file.string()};
  words.insert(words.end(), program.arguments.begin(), program.arguments.end());
  return words;
}

std::vector<std::string> environment_of(const Program& program) {
  std::vector<std::string> entries;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string text = *entry;
    if (!program.environment.contains(text.substr(0, text.find('=')))) {
      entries.push_back(text);
    }
  }
  for (const auto& [name, value] : program.environment) {
    entries.push_back(name + "=" + value);
  }
  return entries;
}

/// Only what is safe between fork and exec.
void limit(__rlimit_resource_t resource, std::uint64_t value, std::uint64_t most) {
  const rlimit wanted{value, most};
  ::setrlimit(resource, &wanted);
}

/// The last steps before the program, in the child. Ends it with 127 where the program cannot be started.
[[noreturn]] void become(const Program& program, const Strings& words, const Strings& environment, int in, int out,
                         int err) {
  ::setpgid(0, 0);
  ::signal(SIGPIPE, SIG_DFL);  // what is ignored stays so in the program
  limit(RLIMIT_CORE, 0, 0);
  const auto cpu_s = static_cast<std::uint64_t>(program.limits.cpu.count());
  limit(RLIMIT_CPU, cpu_s, cpu_s + 1);
  if (program.limits.address_space_bytes > 0) {
    limit(RLIMIT_AS, program.limits.address_space_bytes, program.limits.address_space_bytes);
  }
  const bool ready = ::dup2(in, STDIN_FILENO) >= 0 && ::dup2(out, STDOUT_FILENO) >= 0 &&
                     ::dup2(err, STDERR_FILENO) >= 0 &&
                     (program.folder.empty() || ::chdir(program.folder.c_str()) == 0);
  if (ready) {
    ::execve(program.file.c_str(), words.pointers(), environment.pointers());
  }
  ::_exit(127);
}

/// The parent's side of a running program: feeds it and takes what it says, until it closes its streams.
class Conversation {
 public:
  Conversation(Descriptor in, Descriptor out, Descriptor err, const Program& program, Ended& ended)
      : in_(std::move(in)), out_(std::move(out)), err_(std::move(err)), program_(program), ended_(ended) {}

  /// False when the time is over before the program is silent.
  bool until(Clock::time_point deadline) {
    while (out_.is_open() || err_.is_open()) {
      const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now()).count();
      if (left <= 0) {
        return false;
      }
      std::array<pollfd, 3> streams{
          {{in_.number(), POLLOUT, 0}, {out_.number(), POLLIN, 0}, {err_.number(), POLLIN, 0}}};
      if (::poll(streams.data(), streams.size(), static_cast<int>(std::min<std::int64_t>(left, 60'000))) < 0 &&
          errno != EINTR) {
        fail("poll");
      }
      if (streams[0].revents != 0) {
        feed();
      }
      if (streams[1].revents != 0) {
        take(out_, ended_.out);
      }
      if (streams[2].revents != 0) {
        take(err_, ended_.err);
      }
    }
    return true;
  }

 private:
  void feed() {
    const auto written = ::write(in_.number(), program_.input.data() + fed_, program_.input.size() - fed_);
    fed_ += written > 0 ? static_cast<std::size_t>(written) : 0;
    const bool closed = written < 0 && errno != EAGAIN && errno != EINTR;
    if (closed || fed_ == program_.input.size()) {
      in_.close();
    }
  }

  void take(Descriptor& from, std::string& text) const {
    std::array<char, std::size_t{1} << 16> block{};
    const auto count = ::read(from.number(), block.data(), block.size());
    if (count == 0 || (count < 0 && errno != EINTR && errno != EAGAIN)) {
      from.close();
    } else if (count > 0) {
      const std::size_t room = program_.limits.captured_bytes - std::min(program_.limits.captured_bytes, text.size());
      text.append(block.data(), std::min(room, static_cast<std::size_t>(count)));
    }
  }

  Descriptor in_;
  Descriptor out_;
  Descriptor err_;
  const Program& program_;
  Ended& ended_;
  std::size_t fed_ = 0;
};

double seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

/// Waits for the end, which comes soon after the streams are closed, or at the deadline by force.
void reap(pid_t child, Clock::time_point deadline, Ended& ended) {
  int status = 0;
  rusage used{};
  for (;;) {
    const pid_t reaped = ::wait4(child, &status, ended.timed_out ? 0 : WNOHANG, &used);
    if (reaped == child) {
      break;
    }
    if (reaped < 0 && errno != EINTR) {
      fail("wait4");
    }
    if (reaped == 0) {
      if (Clock::now() >= deadline) {
        ended.timed_out = true;
        ::kill(-child, SIGKILL);
      } else {
        ::usleep(500);
      }
    }
  }
  ended.status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  ended.signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
  ended.cpu_s = seconds(used.ru_utime) + seconds(used.ru_stime);
  ended.memory_bytes = static_cast<std::uint64_t>(used.ru_maxrss) * 1024;
}

}  // namespace

std::string Program::command_line() const {
  std::string line;
  for (const auto& [name, value] : environment) {
    line += sim::shell_quoted(name + "=" + value) + " ";
  }
  return (line.empty() ? "" : "env " + line) + sim::shell_quoted(words_of(*this));
}

std::string Ended::text() const {
  if (timed_out) {
    return fmt::format("still running after {:.0f} s", wall_s);
  }
  if (signal == SIGXCPU) {
    return fmt::format("still running after {:.0f} s of CPU time", cpu_s);
  }
  return signal != 0 ? fmt::format("signal {} ({})", signal, ::strsignal(signal))
                     : fmt::format("exit status {}", status);
}

Ended run(const Program& program) {
  const Strings words(words_of(program));
  const Strings environment(environment_of(program));
  Pipe in = program.input.empty() ? Pipe{Descriptor(::open("/dev/null", O_RDONLY | O_CLOEXEC)), {}} : make_pipe();
  Pipe out = make_pipe();
  Pipe err = make_pipe();
  if (in.writes.is_open()) {
    static const auto ignored [[maybe_unused]] = std::signal(SIGPIPE, SIG_IGN);
    ::fcntl(in.writes.number(), F_SETFL, O_NONBLOCK);
  }
  const auto begin = Clock::now();
  const pid_t child = ::fork();
  if (child < 0) {
    fail("fork");
  }
  if (child == 0) {
    become(program, words, environment, in.reads.number(), out.writes.number(), err.writes.number());
  }
  ::setpgid(child, child);
  in.reads.close();
  out.writes.close();
  err.writes.close();
  Ended ended;
  const auto deadline = begin + program.limits.wall;
  Conversation conversation(std::move(in.writes), std::move(out.reads), std::move(err.reads), program, ended);
  if (!conversation.until(deadline)) {
    ended.timed_out = true;
    ::kill(-child, SIGKILL);
  }
  reap(child, deadline, ended);
  ended.wall_s = std::chrono::duration<double>(Clock::now() - begin).count();
  return ended;
}

}  // namespace attack
