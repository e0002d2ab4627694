#pragma once

#include <cstdint>
#include <optional>
#include <utility>

#include "actors/retry/error_class.hpp"
#include "libsim/failure.hpp"
#include "libsim/time.hpp"

namespace sim::policies {

/// What to answer when a dependency fails: the last good answer while it is not too old, else a default, else the
/// failure.
///
/// One value per thing that is asked for. Source of the rule for old answers: RFC 5861, stale-if-error.
template <class Value>
class Fallback {
 public:
  struct Config {
    Duration stale_max = forever;  ///< age up to which (inclusive) an old answer is better than none
    ErrorClasses handled = {ErrorClass::connection_failed, ErrorClass::timed_out, ErrorClass::throttled,
                            ErrorClass::server_error, ErrorClass::rejected};
    std::optional<Value> default_value = std::nullopt;  ///< when there is no good answer, or only one that is too old

    friend bool operator==(const Config&, const Config&) = default;
  };

  enum class Source { cached, default_value, none };

  struct Answer {
    Source source = Source::none;
    std::optional<Value> value;
    Duration age{};  ///< of a cached one

    friend bool operator==(const Answer&, const Answer&) = default;
  };

  struct Statistics {
    std::uint64_t cached_count = 0;
    std::uint64_t default_count = 0;
    std::uint64_t failed_count = 0;  ///< failures passed on

    friend bool operator==(const Statistics&, const Statistics&) = default;
  };

  explicit Fallback(Config config) : config_(std::move(config)) {
    check(config_.stale_max >= Duration{0}, "an age is not negative");
  }

  /// The dependency answered at `now`. An answer that is overtaken by a later one is of no use.
  void on_success(Time now, Value value) {
    if (!good_ || now >= answered_at_) {
      good_ = std::move(value);
      answered_at_ = now;
    }
  }

  /// The dependency failed at `now`.
  [[nodiscard]] Answer on_failure(Time now, ErrorClass error) {
    if (config_.handled.contains(error)) {
      if (good_ && now - answered_at_ <= config_.stale_max) {
        ++statistics_.cached_count;
        return {Source::cached, good_, now - answered_at_};
      }
      if (config_.default_value) {
        ++statistics_.default_count;
        return {Source::default_value, config_.default_value, Duration{0}};
      }
    }
    ++statistics_.failed_count;
    return {};
  }

  [[nodiscard]] const Statistics& statistics() const { return statistics_; }

 private:
  Config config_;
  std::optional<Value> good_;
  Time answered_at_{};
  Statistics statistics_;
};

/// An answer made of several parts, from several dependencies: complete, partial when enough of them are there, or
/// none.
struct PartialAnswer {
  enum class Result { complete, partial, failed };

  std::uint32_t parts_min = 1;  ///< that a partial answer needs

  [[nodiscard]] constexpr Result result(std::uint32_t parts_answered, std::uint32_t parts_asked) const {
    if (parts_answered >= parts_asked) {
      return Result::complete;
    }
    return parts_answered >= parts_min ? Result::partial : Result::failed;
  }

  friend bool operator==(const PartialAnswer&, const PartialAnswer&) = default;
};

}  // namespace sim::policies
