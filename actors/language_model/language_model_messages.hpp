#pragma once

#include <cstdint>

#include "libsim/kernel/port.hpp"

namespace sim::actors {

/// The answer of a language model.
struct Completion {
  std::uint64_t call = 0;
  bool succeeded = true;

  friend bool operator==(const Completion&, const Completion&) = default;
};

/// A request to a language model. When the token counts are known they decide how long it takes.
struct Complete {
  std::uint64_t call = 0;  ///< chosen by the caller, returned with the answer
  bool short_answer = false;
  std::uint32_t context_tokens = 0;
  std::uint32_t generated_tokens = 0;
  Port<Completion> caller;

  friend bool operator==(const Complete&, const Complete&) = default;
};

}  // namespace sim::actors
