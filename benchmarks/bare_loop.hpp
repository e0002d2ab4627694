#pragma once

#include <array>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <boost/align/aligned_allocator.hpp>

#include "benchmarks/measurement.hpp"

/// The two workloads as a heap and a switch, without actors, messages, fingerprints or metrics: what this machine can
/// do, and what the lanes of libsim are measured against.
namespace bench::bare {

/// xoshiro256++ (Blackman and Vigna, "Scrambled linear pseudorandom number generators", ACM TOMS 2021), seeded through
/// SplitMix64 as its authors advise.
class Random {
 public:
  explicit Random(std::uint64_t seed) {
    for (std::uint64_t& word : state_) {
      seed += 0x9e3779b97f4a7c15u;
      std::uint64_t mixed = (seed ^ (seed >> 30)) * 0xbf58476d1ce4e5b9u;
      mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111ebu;
      word = mixed ^ (mixed >> 31);
    }
  }

  std::uint64_t next() {
    auto& [a, b, c, d] = state_;
    const std::uint64_t result = std::rotl(a + d, 23) + a;
    const std::uint64_t shifted = b << 17;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = std::rotl(d, 45);
    return result;
  }

  double uniform01() { return static_cast<double>(next() >> 11) * 0x1p-53; }

  /// Among 0 … n-1; the bias of at most n / 2^32 does not matter here.
  std::uint32_t below(std::uint32_t n) { return static_cast<std::uint32_t>(((next() >> 32) * n) >> 32); }

 private:
  std::array<std::uint64_t, 4> state_{};
};

/// Draws from the exponential law with mean 1 by the ziggurat method with 256 layers (Marsaglia and Tsang, "The
/// ziggurat method for generating random variables", J. Stat. Software 2000).
class Exponential {
 public:
  Exponential() {
    // The density is covered by layers of equal area; edge_[1] is where the tail begins, edge_[256] is 0.
    edge_[1] = tail_start;
    edge_[0] = layer_area * std::exp(tail_start);
    for (std::size_t i = 2; i < layers; ++i) {
      edge_[i] = -std::log(std::exp(-edge_[i - 1]) + layer_area / edge_[i - 1]);
    }
    edge_[layers] = 0.0;
    for (std::size_t i = 0; i < layers; ++i) {
      layer_[i].scale = edge_[i] * 0x1p-53;
      layer_[i].inside = static_cast<std::uint64_t>(edge_[i + 1] / edge_[i] * 0x1p53);
    }
  }

  double operator()(Random& random) const {
    for (;;) {
      const std::uint64_t bits = random.next();
      const std::size_t i = bits % layers;
      const std::uint64_t offset = bits >> 11;
      const double x = static_cast<double>(static_cast<std::int64_t>(offset)) * layer_[i].scale;
      if (offset < layer_[i].inside) [[likely]] {
        return x;
      }
      if (i == 0) {
        return tail_start - std::log1p(-random.uniform01());
      }
      if (accept_at_edge(random, i, x)) {
        return x;
      }
    }
  }

 private:
  static constexpr std::size_t layers = 256;
  static constexpr double tail_start = 7.69711747013104972;
  static constexpr double layer_area = 3.9496598225815571993e-3;

  struct Layer {
    double scale;
    std::uint64_t inside;
  };

  [[gnu::noinline]] bool accept_at_edge(Random& random, std::size_t i, double x) const {
    const double low = std::exp(-edge_[i]);
    const double high = std::exp(-edge_[i + 1]);
    return low + random.uniform01() * (high - low) < std::exp(-x);
  }

  std::array<Layer, layers> layer_{};
  std::array<double, layers + 1> edge_{};
};

/// A pending event in 16 bytes: its time as the bits of a double that is not negative, then its sequence number, then
/// what it is. Compared as one number.
__extension__ using Key = unsigned __int128;

inline Key make_key(double at, std::uint32_t sequence, std::uint32_t kind) {
  return Key{std::bit_cast<std::uint64_t>(at)} << 64 | std::uint64_t{sequence} << 32 | kind;
}
inline double time_of(Key key) { return std::bit_cast<double>(static_cast<std::uint64_t>(key >> 64)); }
inline std::uint32_t kind_of(Key key) { return static_cast<std::uint32_t>(key); }

/// A 4-ary heap of fixed capacity. Siblings share a cache line, and the least of four is picked without branches.
class Heap {
 public:
  explicit Heap(std::size_t capacity) : keys_(capacity + first_place) {}

  [[nodiscard]] Key top() const { return keys_[first_place]; }

  void push(Key key) { rise(size_++, key); }

  Key pop() {
    const Key least = top();
    if (--size_ != 0) {
      sink(at(size_));
    }
    return least;
  }

  /// Removes the least key and adds `key` in one pass.
  void replace_top(Key key) { sink(key); }

 private:
  static constexpr std::size_t first_place = 3;  // so that places 4..7, 8..11, … are groups of siblings

  Key& at(std::size_t i) { return keys_[i + first_place]; }

  void rise(std::size_t i, Key key) {
    Key* const keys = &at(0);
    while (i > 0) {
      const std::size_t parent = (i - 1) / 4;
      if (keys[parent] < key) {
        break;
      }
      keys[i] = keys[parent];
      i = parent;
    }
    keys[i] = key;
  }

  /// Opens a hole at the top, lets it fall to the bottom and puts `key` in from there.
  void sink(Key key) {
    Key* const keys = &at(0);
    const std::size_t size = size_;
    std::size_t hole = 0;
    for (;;) {
      const std::size_t child = 4 * hole + 1;
      if (child + 3 >= size) [[unlikely]] {
        break;
      }
      const std::size_t a = child + static_cast<std::size_t>(keys[child + 1] < keys[child]);
      const std::size_t b = child + 2 + static_cast<std::size_t>(keys[child + 3] < keys[child + 2]);
      const auto take_b = static_cast<std::size_t>(keys[b] < keys[a]);
      const std::size_t least = a + ((0 - take_b) & (b - a));
      keys[hole] = keys[least];
      hole = least;
    }
    const std::size_t child = 4 * hole + 1;
    if (child < size) {
      std::size_t least = child;
      for (std::size_t i = child + 1; i < size; ++i) {
        least = keys[i] < keys[least] ? i : least;
      }
      keys[hole] = keys[least];
      hole = least;
    }
    rise(hole, key);
  }

  std::vector<Key, boost::alignment::aligned_allocator<Key, 64>> keys_;
  std::size_t size_ = 0;
};

[[nodiscard]] inline Measurement mm1(std::uint32_t customers) {
  enum Kind : std::uint32_t { arrival, departure };
  const Exponential exponential;
  Random random(1);
  Heap heap(8);
  std::vector<double> waiting(std::size_t{1} << 16);
  const std::size_t mask = waiting.size() - 1;
  std::size_t head = 0;
  std::size_t tail = 0;
  std::uint32_t sequence = 0;
  double time_in_system_s_sum = 0.0;
  const double cpu_s = cpu_time_s_of([&] {
    std::uint32_t arrived = 0;
    std::uint32_t served = 0;
    heap.push(make_key(arrival_interval_s_mean * exponential(random), sequence++, arrival));
    while (served < customers) {
      const Key event = heap.pop();
      const double now = time_of(event);
      switch (kind_of(event)) {
        case arrival: {
          const bool idle = head == tail;
          waiting[tail++ & mask] = now;
          if (++arrived < customers) {
            heap.push(make_key(now + arrival_interval_s_mean * exponential(random), sequence++, arrival));
          }
          if (idle) {
            heap.push(make_key(now + service_s_mean * exponential(random), sequence++, departure));
          }
          break;
        }
        default:
          time_in_system_s_sum += now - waiting[head++ & mask];
          ++served;
          if (head != tail) {
            heap.push(make_key(now + service_s_mean * exponential(random), sequence++, departure));
          }
      }
    }
  });
  return {cpu_s, static_cast<double>(customers), time_in_system_s_sum / customers};
}

[[nodiscard]] inline Measurement phold(std::uint32_t messages) {
  const Exponential exponential;
  Random random(1);
  Heap heap(phold_actors);
  std::vector<std::uint32_t> received(phold_actors);
  std::uint32_t sequence = 0;
  for (std::uint32_t actor = 0; actor < phold_actors; ++actor) {
    heap.push(make_key(hop_s_min + hop_s_mean_extra * exponential(random), sequence++, actor));
  }
  double now = 0.0;
  const double cpu_s = cpu_time_s_of([&] {
    for (std::uint32_t i = 0; i < messages; ++i) {
      const Key event = heap.top();
      now = time_of(event);
      ++received[kind_of(event)];
      const std::uint32_t target = random.below(phold_actors);
      heap.replace_top(make_key(now + hop_s_min + hop_s_mean_extra * exponential(random), sequence++, target));
    }
  });
  return {cpu_s, static_cast<double>(messages), now * phold_actors / messages};
}

}  // namespace bench::bare
