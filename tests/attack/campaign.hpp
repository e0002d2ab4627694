#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "libsim/random/stream.hpp"
#include "tests/attack/options.hpp"

namespace attack {

/// What one attempt of an attack did, and the promises that it saw broken, with what shows each again.
struct Attempt {
  std::uint64_t programs_run = 0;
  std::vector<std::string> broken;
};

/// One attempt: all that is random comes from `random`, all that is written goes below `scratch`.
using AttackOnce = std::function<Attempt(sim::RandomStream& random, const std::filesystem::path& scratch)>;

/// Makes attempt after attempt, several at once, until the time of the options is over or all are made (`--runs`, else
/// `attempts_by_default`). Each depends on the seed and its number only: `--first K --runs 1` makes attempt K alone.
/// Prints what was found, then a line with the counts; returns the exit status: 1 for a finding, else 0.
[[nodiscard]] int campaign(std::string_view name, const Options& options, std::uint64_t attempts_by_default,
                           const AttackOnce& attack);

}  // namespace attack
