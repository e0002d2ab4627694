#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "libsim/harness.hpp"

namespace toy {

/// An experiment without any actors whose metrics are known functions of its parameters, plus noise of a known spread:
/// what a study of it has to find is known in closed form. With x and y the parameters of these names, and n and m
/// standard normal draws that are new in each replication and the same for all parameters, scenario `line` reports
///
/// | metric | value |
/// | --- | --- |
/// | `wait` s | 20 - x + noise · n |
/// | `delay` ms | 1000 · `wait` |
/// | `load` percent | 5 · x + noise · m |
/// | `cost` usd | 2 · x + y |
/// | `good` percent | each of 50 things, as a share |
/// | `exact` count | x |
/// | `sometimes` count | 1 in replication 3, else 0 |
/// | `batches` s | an interval of its own, 7 ± 0.5 |
///
/// and scenario `plane` reports
///
/// | metric | value |
/// | --- | --- |
/// | `height` m | 10 · x + 3 · y + 0.5 · x · z |
/// | `bent` m | the lesser of x and 10, + noise · own; only where z is 7 |
/// | `mixed` m | x + noise · (n + own), where the draw `own` is different for each x |
///
/// Scenario `line` fails from replication `failing_from` on where x is `failing_x`.
[[nodiscard]] sim::harness::Experiment law();

/// The draw n of a replication, as `law` makes it.
[[nodiscard]] double noise_of(std::uint64_t seed, std::uint32_t replication);

/// Counts the replications that `law` runs while the object lives, in this process and in those that it starts. They
/// write a line each to a file.
class RunCount {
 public:
  RunCount();
  RunCount(const RunCount&) = delete;
  RunCount& operator=(const RunCount&) = delete;
  ~RunCount();

  /// So far, and one line for each: scenario, x and replication.
  [[nodiscard]] std::size_t runs() const;
  [[nodiscard]] std::vector<std::string> lines() const;

 private:
  std::string file_;
};

}  // namespace toy
