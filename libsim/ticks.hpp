#pragma once

#include <concepts>
#include <cstdint>
#include <limits>
#include <type_traits>
#include <utility>

namespace sim {

namespace detail {

/// The nearest number that a signed one holds.
template <class Integer>
constexpr std::int64_t to_signed(Integer value) {
  if constexpr (std::is_signed_v<Integer> || sizeof(Integer) < sizeof(std::int64_t)) {
    return value;
  } else {
    constexpr auto max = std::numeric_limits<std::int64_t>::max();
    return value > std::uint64_t{max} ? max : static_cast<std::int64_t>(value);
  }
}

}  // namespace detail

/// A whole number of nanoseconds, the count of a `Duration`: a 64-bit integer whose sums, differences and products stop
/// at its limits. What lies beyond the end of virtual time is at its end, never before its start: no sum of times wraps
/// around, whatever parameters, draws and files say. It costs an addition and a branch that is never taken.
///
/// Converts to and from integers by itself, so that `count()` reads as the number it is; from a wider or an unsigned
/// one to the nearest limit. Not from floating point: see `from_seconds`.
class Ticks {
 public:
  constexpr Ticks() = default;
  template <std::integral Integer>
  constexpr Ticks(Integer value)  // NOLINT(google-explicit-constructor): see above
      : value_(detail::to_signed(value)) {}
  constexpr operator std::int64_t() const { return value_; }  // NOLINT(google-explicit-constructor)

  constexpr Ticks& operator+=(Ticks other) {
    if (__builtin_add_overflow(value_, other.value_, &value_)) [[unlikely]] {
      value_ = other.value_ < 0 ? min_value : max_value;
    }
    return *this;
  }
  constexpr Ticks& operator-=(Ticks other) {
    if (__builtin_sub_overflow(value_, other.value_, &value_)) [[unlikely]] {
      value_ = other.value_ < 0 ? max_value : min_value;
    }
    return *this;
  }
  constexpr Ticks& operator*=(Ticks other) {
    const bool is_negative = (value_ < 0) != (other.value_ < 0);
    if (__builtin_mul_overflow(value_, other.value_, &value_)) [[unlikely]] {
      value_ = is_negative ? min_value : max_value;
    }
    return *this;
  }
  constexpr Ticks& operator/=(Ticks other) {
    value_ = value_ == min_value && other.value_ == -1 ? max_value : value_ / other.value_;
    return *this;
  }
  constexpr Ticks& operator%=(Ticks other) {
    value_ = other.value_ == -1 ? 0 : value_ % other.value_;
    return *this;
  }
  constexpr Ticks& operator++() { return *this += 1; }
  constexpr Ticks& operator--() { return *this -= 1; }
  constexpr Ticks operator++(int) { return std::exchange(*this, *this + 1); }
  constexpr Ticks operator--(int) { return std::exchange(*this, *this - 1); }
  constexpr Ticks operator+() const { return *this; }
  constexpr Ticks operator-() const { return Ticks(0) -= *this; }

 private:
  static constexpr std::int64_t min_value = std::numeric_limits<std::int64_t>::min();
  static constexpr std::int64_t max_value = std::numeric_limits<std::int64_t>::max();

  // Not initialised, as an integer is not: durations are made by the million.
  std::int64_t value_;

  template <class Left, class Right>
  static constexpr bool are_operands = (std::same_as<Left, Ticks> && std::same_as<Right, Ticks>) ||
                                       (std::same_as<Left, Ticks> && std::integral<Right>) ||
                                       (std::integral<Left> && std::same_as<Right, Ticks>);

  // One template each: integers would do with the built-in operators, too, which overflow.
  template <class Left, class Right>
  requires(are_operands<Left, Right>) friend constexpr Ticks operator+(Left left, Right right) {
    return Ticks(left) += Ticks(right);
  }
  template <class Left, class Right>
  requires(are_operands<Left, Right>) friend constexpr Ticks operator-(Left left, Right right) {
    return Ticks(left) -= Ticks(right);
  }
  template <class Left, class Right>
  requires(are_operands<Left, Right>) friend constexpr Ticks operator*(Left left, Right right) {
    return Ticks(left) *= Ticks(right);
  }
  template <class Left, class Right>
  requires(are_operands<Left, Right>) friend constexpr Ticks operator/(Left left, Right right) {
    return Ticks(left) /= Ticks(right);
  }
  template <class Left, class Right>
  requires(are_operands<Left, Right>) friend constexpr Ticks operator%(Left left, Right right) {
    return Ticks(left) %= Ticks(right);
  }
};

}  // namespace sim

/// For `std::chrono`: what a sum of ticks and another number is.
template <std::integral Integer>
struct std::common_type<sim::Ticks, Integer> : std::type_identity<sim::Ticks> {};
template <std::integral Integer>
struct std::common_type<Integer, sim::Ticks> : std::type_identity<sim::Ticks> {};
template <std::floating_point Real>
struct std::common_type<sim::Ticks, Real> : std::type_identity<Real> {};
template <std::floating_point Real>
struct std::common_type<Real, sim::Ticks> : std::type_identity<Real> {};

/// For `Duration::max()` and its like.
template <>
struct std::numeric_limits<sim::Ticks> : std::numeric_limits<std::int64_t> {
  static constexpr sim::Ticks min() noexcept { return std::numeric_limits<std::int64_t>::min(); }
  static constexpr sim::Ticks max() noexcept { return std::numeric_limits<std::int64_t>::max(); }
  static constexpr sim::Ticks lowest() noexcept { return min(); }
};
