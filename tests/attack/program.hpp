#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace attack {

/// What a program may use before it is ended.
struct Limits {
  std::chrono::milliseconds wall = std::chrono::seconds(120);  ///< then the program and all its children are killed
  std::chrono::seconds cpu{60};                                ///< of all its threads together; SIGXCPU ends it
  std::uint64_t address_space_bytes = 0;                       ///< 0: any; sanitizers reserve terabytes
  std::size_t captured_bytes = std::size_t{64} << 20;          ///< of each stream; the rest is read and dropped
};

/// A program that is to be run.
struct Program {
  std::filesystem::path file;                        ///< absolute
  std::vector<std::string> arguments;                ///< without the program's own name
  std::filesystem::path folder;                      ///< its working folder; empty: this process's
  std::map<std::string, std::string> environment{};  ///< in addition to this process's, or in its place
  std::string input{};                               ///< its standard input, a pipe; empty: /dev/null
  Limits limits{};

  /// The line for a POSIX shell that runs it once more.
  [[nodiscard]] std::string command_line() const;
};

/// How a program ended and what it left behind.
struct Ended {
  int status = -1;  ///< exit status; -1 where a signal ended it
  int signal = 0;   ///< 0: none
  bool timed_out = false;
  std::string out;
  std::string err;
  double wall_s = 0.0;
  double cpu_s = 0.0;
  std::uint64_t memory_bytes = 0;  ///< the most that was in memory at once

  /// As in `exit status 3`, `signal 11 (Segmentation fault)` or `still running after 60 s`.
  [[nodiscard]] std::string text() const;
};

/// Runs a program to its end; several threads may do so at once. Throws std::system_error where it cannot be started.
[[nodiscard]] Ended run(const Program& program);

}  // namespace attack
