#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace attack {

/// The flags that all attacks share.
struct Options {
  std::uint64_t seed = 1;
  std::uint64_t first = 0;         ///< number of the first attempt of a campaign, to make one again
  std::uint64_t runs = 0;          ///< at most; 0: as many as the attack has by itself
  double seconds = 0.0;            ///< no new run begins after it; 0: any time
  unsigned jobs = 0;               ///< runs at once; 0: one per processor
  std::filesystem::path binaries;  ///< folder of the experiments
  std::string only;                ///< this experiment or component alone; empty: all

  [[nodiscard]] unsigned jobs_at_once() const;
};

/// Reads `--seed N --first N --runs N --seconds N --jobs N --bin DIR --only NAME`. Nothing where they are wrong: what
/// is right has then been said on the standard error.
[[nodiscard]] std::optional<Options> read_options(const std::vector<std::string>& arguments);

}  // namespace attack
