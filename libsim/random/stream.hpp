#pragma once

#include <boost/random/exponential_distribution.hpp>
#include <boost/random/normal_distribution.hpp>
#include <cstdint>
#include <limits>
#include <pcg_random.hpp>
#include <string_view>

#include "libsim/failure.hpp"

namespace sim {

/// Everything that decides the draws of a stream. Nothing else does: not the order in which streams are made, not how
/// many there are, not what was drawn from others.
struct StreamKey {
  std::uint64_t seed = 0;
  std::uint32_t replication = 0;
  std::string_view actor;         ///< name of the actor that owns the stream
  std::uint32_t incarnation = 0;  ///< how often an actor of this name was started before
  std::string_view purpose;       ///< what the owner draws, as in "service"

  friend bool operator==(const StreamKey&, const StreamKey&) = default;
};

/// A stream of pseudo-random numbers: pcg64 (O'Neill, HMC-CS-2014-0905) whose state and increment are hashes of its
/// key.
///
/// The same key gives the same draws with every compiler and on every processor. Models a UniformRandomBitGenerator, so
/// that the distributions of Boost.Random take it; those of `<random>` must not be used, for they differ between
/// libraries. Cannot be copied: two copies would repeat each other's draws.
class RandomStream {
 public:
  using result_type = std::uint64_t;

  explicit RandomStream(const StreamKey& key);
  RandomStream(const RandomStream&) = delete;
  RandomStream& operator=(const RandomStream&) = delete;
  RandomStream(RandomStream&&) = default;
  RandomStream& operator=(RandomStream&&) = default;

  static constexpr result_type min() { return 0; }
  static constexpr result_type max() { return std::numeric_limits<result_type>::max(); }

  /// 64 random bits.
  result_type operator()() { return engine_(); }

  /// Uniform in [0, 1): one of the 2^53 multiples of 2^-53.
  double uniform01() { return static_cast<double>(engine_() >> 11) * 0x1p-53; }

  /// Uniform among 0 … n-1, without bias. `n` of 0 is asserted.
  std::uint64_t below(std::uint64_t n);

  /// True with probability `p`, which is in [0, 1] or asserted. Always takes one draw.
  bool chance(double p) {
    check(p >= 0.0 && p <= 1.0, "a probability is between 0 and 1");
    return uniform01() < p;
  }

  /// Exponential with mean 1, by the ziggurat method.
  /// Exactly the draws of `boost::random::exponential_distribution`, whose own code keeps the engine in memory and
  /// takes three times as long.
  double standard_exponential() {
    using Table = boost::random::detail::exponential_table<double>;
    const std::uint64_t bits = engine_();
    const std::size_t layer = bits & 0xff;
    const double x = static_cast<double>(static_cast<std::int64_t>((bits & ~std::uint64_t{0x800}) >> 8)) * 0x1p-56 *
                     Table::table_x[layer];
    if (x < Table::table_x[layer + 1]) [[likely]] {  // 98.9 % of all draws
      return x;
    }
    return exponential_from(bits);
  }

  /// Normal with mean 0 and standard deviation 1, by the ziggurat method.
  double standard_normal() { return boost::random::normal_distribution<double>(0.0, 1.0)(engine_); }

 private:
  /// The engine, with one draw taken back.
  struct Replay {
    using result_type = std::uint64_t;
    static constexpr result_type min() { return 0; }
    static constexpr result_type max() { return std::numeric_limits<result_type>::max(); }
    result_type operator()() {
      if (replayed) {
        return engine();
      }
      replayed = true;
      return first;
    }
    pcg64& engine;
    std::uint64_t first;
    bool replayed = false;
  };
  [[gnu::noinline]] double exponential_from(std::uint64_t first) {
    Replay replay{engine_, first};
    return boost::random::exponential_distribution<double>(1.0)(replay);
  }

  pcg64 engine_;
};

// Lemire, "Fast random integer generation in an interval", ACM TOMACS 29 (2019): the high half of a product is uniform
// once the few low halves that would favour some results are drawn again. A division is needed with probability n /
// 2^64 only.
inline std::uint64_t RandomStream::below(std::uint64_t n) {
  using Product = pcg_extras::pcg128_t;
  check(n > 0, "a number below 0 does not exist");
  Product product = Product(engine_()) * Product(n);
  auto low = static_cast<std::uint64_t>(product);
  if (low < n) [[unlikely]] {
    const std::uint64_t favoured = (0 - n) % n;
    while (low < favoured) {
      product = Product(engine_()) * Product(n);
      low = static_cast<std::uint64_t>(product);
    }
  }
  return static_cast<std::uint64_t>(product >> 64);
}

}  // namespace sim
