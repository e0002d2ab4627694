#pragma once

#include <cstdint>
#include <initializer_list>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "actors/retry/error_class.hpp"
#include "libsim/expected.hpp"
#include "libsim/time.hpp"

namespace sim::policies {

/// What is done to a target. The last five are done to links.
enum class FaultKind : std::uint8_t {
  kill,         ///< the actor is killed, at once and for good; who restarts it is not a matter of the fault
  down,         ///< connections are refused, and what is in progress fails; over at the end
  pause,        ///< nothing moves on; goes on where it stood at the end
  slow,         ///< latency × `factor` + `delay`
  errors,       ///< a request fails as `error_class` with `probability`
  capacity,     ///< at most `requests_max` at a time; 0: none
  latency,      ///< each message takes `delay` more, ± up to `jitter`
  loss,         ///< a message is lost with `probability`
  duplication,  ///< a message comes twice with `probability`
  reordering,   ///< a message leaves the line with `probability`, and comes up to `delay` later
  partition,    ///< every message is lost
};

[[nodiscard]] std::string_view to_text(FaultKind kind);

/// A set of kinds of faults: those that a target takes.
class FaultKinds {
 public:
  constexpr FaultKinds() = default;
  constexpr FaultKinds(std::initializer_list<FaultKind> kinds) {
    for (const FaultKind kind : kinds) {
      bits_ |= bit(kind);
    }
  }

  [[nodiscard]] constexpr bool contains(FaultKind kind) const { return (bits_ & bit(kind)) != 0; }

  friend constexpr bool operator==(const FaultKinds&, const FaultKinds&) = default;

 private:
  [[nodiscard]] static constexpr std::uint32_t bit(FaultKind kind) {
    return std::uint32_t{1} << static_cast<std::uint8_t>(kind);
  }

  std::uint32_t bits_ = 0;
};

/// The kinds in their order, as in `kill, pause`.
[[nodiscard]] std::string to_text(FaultKinds kinds);

/// One fault. Which parameters matter depends on its kind.
struct Fault {
  FaultKind kind = FaultKind::kill;
  double factor = 1;                                  ///< slow; 0 or more
  double probability = 1;                             ///< errors, loss, duplication, reordering; 0 to 1
  Duration delay{};                                   ///< slow, latency, reordering
  Duration jitter{};                                  ///< latency; at most `delay`
  ErrorClass error_class = ErrorClass::server_error;  ///< errors
  std::uint32_t requests_max = 0;                     ///< capacity

  friend bool operator==(const Fault&, const Fault&) = default;
};

/// The kind of this name; the error lists all names.
[[nodiscard]] Expected<FaultKind> parse_fault_kind(std::string_view text);

/// Reads the parameters of a fault, `name=value` separated by spaces, commas or semicolons:
///
///     slow         factor=3 delay=50ms      at least one of the two
///     errors       probability=0.2 class=timed_out      the class may be missing: server_error
///     capacity     requests_max=10
///     latency      delay=50ms jitter=10ms               the jitter may be missing: 0
///     loss, duplication      probability=0.01
///     reordering   probability=0.5 delay=20ms           both may be missing: 1 and 0
///
/// The others have none. The error says which part is wrong and what was expected.
[[nodiscard]] Expected<Fault> parse_fault(FaultKind kind, std::string_view parameters);

/// One draw for several independent decisions: what is left of it after each is uniform again.
class SplitDraw {
 public:
  explicit SplitDraw(double uniform01) : left_(uniform01) {}

  /// True with this probability.
  bool chance(double probability) {
    if (left_ < probability) {
      left_ /= probability;
      return true;
    }
    left_ = probability < 1 ? (left_ - probability) / (1 - probability) : left_;
    return false;
  }

  /// What is left of the draw: uniform in [0, 1).
  [[nodiscard]] double rest() const { return left_; }

 private:
  double left_;
};

/// All faults that act on one target now. Those of one kind combine as independent causes do: factors multiply, delays
/// add up, probabilities p and q become 1 - (1 - p)(1 - q), the smallest capacity holds. Each ends for itself.
class ActiveFaults {
 public:
  /// Names one fault for as long as it acts; chosen by the caller.
  enum class Number : std::uint64_t {};

  /// What all of them come to.
  struct Effect {
    bool is_down = false;
    bool is_paused = false;
    bool is_partitioned = false;
    double latency_factor = 1;
    Duration slow_delay{};
    std::uint32_t requests_max = std::numeric_limits<std::uint32_t>::max();
    Duration link_delay{};
    Duration link_jitter{};
    double loss_probability = 0;
    double duplication_probability = 0;
    double reordering_probability = 0;
    Duration reordering_delay{};  ///< the longest

    friend bool operator==(const Effect&, const Effect&) = default;
  };

  /// A number that acts already, and a fault with parameters out of bounds, are bugs (asserted).
  void apply(Number number, const Fault& fault);

  /// False when no fault of this number acts, as when its target came to life after it began.
  bool end(Number number);

  [[nodiscard]] const Effect& effect() const { return effect_; }

  /// How a request fails because of these faults, if it does: the earliest fault decides first.
  [[nodiscard]] std::optional<ErrorClass> error(SplitDraw& draw) const;

  [[nodiscard]] std::size_t size() const { return faults_.size(); }

 private:
  struct Entry {
    Number number{};
    Fault fault;
  };

  void combine();

  std::vector<Entry> faults_;
  Effect effect_;
};

/// `latency` × `factor` to the nearest nanosecond. More than a hundred years are cut to that, so that a time in a
/// simulation plus such a latency is still a time.
[[nodiscard]] Duration scaled_latency(Duration latency, double factor);

}  // namespace sim::policies
