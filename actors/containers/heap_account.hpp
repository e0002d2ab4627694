#pragma once

#include <cstdint>

namespace sim::policies {

/// The heap of a process with garbage collection, in MB.
///
/// What is allocated is live until it is released; then it is garbage, but for what somebody forgot to let go of, which
/// leaks. Garbage stays until the next collection, which comes by itself as soon as so much was allocated since the one
/// before. So the memory in use goes up and down like a saw, and a leak tilts the saw.
class HeapAccount {
 public:
  struct Config {
    double base_mb = 60;                  ///< in use before the first allocation
    double collection_threshold_mb = 16;  ///< allocated between two collections; above 0
    bool collects = true;                 ///< false: garbage stays for ever

    friend bool operator==(const Config&, const Config&) = default;
  };

  explicit HeapAccount(const Config& config);

  /// `mb` is not negative (asserted, as below).
  void allocate(double mb);

  /// Of what was allocated before, at most (asserted up to rounding): `leaked_mb` of these `mb` stay in use.
  void release(double mb, double leaked_mb = 0);

  [[nodiscard]] double used_mb() const { return config_.base_mb + live_mb_ + garbage_mb_ + leaked_mb_; }
  [[nodiscard]] double used_mb_max() const { return used_mb_max_; }
  [[nodiscard]] double live_mb() const { return live_mb_; }
  [[nodiscard]] double garbage_mb() const { return garbage_mb_; }
  [[nodiscard]] double leaked_mb() const { return leaked_mb_; }
  [[nodiscard]] std::uint64_t collections_count() const { return collections_count_; }

 private:
  Config config_;
  double live_mb_ = 0;
  double garbage_mb_ = 0;
  double leaked_mb_ = 0;
  double allocated_since_collection_mb_ = 0;
  double used_mb_max_;
  std::uint64_t collections_count_ = 0;
};

}  // namespace sim::policies
