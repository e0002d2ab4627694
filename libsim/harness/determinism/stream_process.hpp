#pragma once

#include <sys/types.h>

#include <cstdint>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "libsim/expected.hpp"

namespace sim::harness {

/// In what the memory of one process differs from another's.
struct MemoryLayout {
  std::uint32_t heap = 0;         ///< for `HeapShuffle`
  int fill_byte = 0;              ///< for fresh and freed memory (`MALLOC_PERTURB_`)
  std::size_t padding_bytes = 0;  ///< of the environment, which moves the stack
};

/// How a process is told to send its events, as `DESCRIPTOR:LAYOUT`.
inline constexpr const char* event_stream_variable = "LIBSIM_EVENT_STREAM";

/// The value of that variable.
struct StreamRequest {
  int descriptor = -1;
  std::uint32_t layout = 0;
};

/// Nothing but `StreamProcess` sets the variable, so that a malformed value is asserted.
[[nodiscard]] StreamRequest parse_stream_request(const std::string& text);

/// This program once more, in a process of its own that sends its events through a pipe. The process is gone when the
/// object is.
class StreamProcess {
 public:
  /// The error says why the process could not be started.
  [[nodiscard]] static Expected<std::unique_ptr<StreamProcess>> start(const std::string& executable,
                                                                      const std::vector<std::string>& arguments,
                                                                      const MemoryLayout& layout);

  StreamProcess(const StreamProcess&) = delete;
  StreamProcess& operator=(const StreamProcess&) = delete;
  ~StreamProcess();

  /// The next line of the stream. After its last line, a line that begins with `failed_mark` and says how the process
  /// ended.
  [[nodiscard]] std::string next_line();

 private:
  StreamProcess(pid_t pid, int descriptor);
  int wait();

  pid_t pid_;
  std::FILE* stream_;
  char* line_ = nullptr;
  std::size_t capacity_ = 0;
  std::optional<int> status_;
};

}  // namespace sim::harness
