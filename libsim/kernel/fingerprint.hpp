#pragma once

#include <bit>
#include <chrono>
#include <concepts>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <type_traits>
#include <utility>

#include "libsim/kernel/type_name.hpp"
#include "libsim/time.hpp"

namespace sim {

namespace detail {

/// One step of a 64-bit hash: xor, multiply by an odd constant (the golden ratio), fold the high half down.
constexpr std::uint64_t mix(std::uint64_t hash, std::uint64_t value) {
  hash = (hash ^ value) * 0x9e3779b97f4a7c15u;
  return hash ^ (hash >> 32);
}

/// Whether `T` can be initialised from `I...` values of any type: how the number of fields of an aggregate is found.
struct AnyField {
  template <class T>
  operator T() const;  // NOLINT(google-explicit-constructor): stands for a field of any type
};

template <class T, std::size_t... I>
constexpr bool has_fields(std::index_sequence<I...>) {
  return requires { T{(static_cast<void>(I), AnyField{})...}; };
}

inline constexpr std::size_t readable_fields_max = 12;

template <class T, std::size_t N = readable_fields_max>
constexpr std::size_t field_count() {
  if constexpr (has_fields<T>(std::make_index_sequence<N>{})) {
    return N;
  } else if constexpr (N == 0) {
    return 0;
  } else {
    return field_count<T, N - 1>();
  }
}

template <class T>
std::uint64_t hash_value(const T& value);

template <class... Fields>
std::uint64_t hash_fields(const Fields&... fields) {
  std::uint64_t hash = sizeof...(fields);
  ((hash = mix(hash, hash_value(fields))), ...);
  return hash;
}

/// The content of an aggregate, field by field, so that padding never counts.
template <class T>
std::uint64_t hash_aggregate(const T& value) {
  constexpr std::size_t n = field_count<T>();
  constexpr bool has_more = has_fields<T>(std::make_index_sequence<readable_fields_max + 1>{});
  // clang-format off
  if constexpr (n == 0) { return 0; }
  else if constexpr (has_more) { return hash_text(type_name<T>()); }
  else if constexpr (n == 1) { const auto& [a] = value; return hash_fields(a); }
  else if constexpr (n == 2) { const auto& [a, b] = value; return hash_fields(a, b); }
  else if constexpr (n == 3) { const auto& [a, b, c] = value; return hash_fields(a, b, c); }
  else if constexpr (n == 4) { const auto& [a, b, c, d] = value; return hash_fields(a, b, c, d); }
  else if constexpr (n == 5) { const auto& [a, b, c, d, e] = value; return hash_fields(a, b, c, d, e); }
  else if constexpr (n == 6) { const auto& [a, b, c, d, e, f] = value; return hash_fields(a, b, c, d, e, f); }
  else if constexpr (n == 7) { const auto& [a, b, c, d, e, f, g] = value; return hash_fields(a, b, c, d, e, f, g); }
  else if constexpr (n == 8) { const auto& [a, b, c, d, e, f, g, h] = value; return hash_fields(a, b, c, d, e, f, g, h); }
  else if constexpr (n == 9) { const auto& [a, b, c, d, e, f, g, h, i] = value; return hash_fields(a, b, c, d, e, f, g, h, i); }
  else if constexpr (n == 10) { const auto& [a, b, c, d, e, f, g, h, i, j] = value; return hash_fields(a, b, c, d, e, f, g, h, i, j); }
  else if constexpr (n == 11) { const auto& [a, b, c, d, e, f, g, h, i, j, k] = value; return hash_fields(a, b, c, d, e, f, g, h, i, j, k); }
  else { const auto& [a, b, c, d, e, f, g, h, i, j, k, l] = value; return hash_fields(a, b, c, d, e, f, g, h, i, j, k, l); }
  // clang-format on
}

/// A hash of what `value` says: numbers, enums, times, text, ranges, optionals and aggregates of up to twelve such
/// fields. A type may bring its own `std::uint64_t hash_payload() const`. Of anything else only the type counts.
template <class T>
std::uint64_t hash_value(const T& value) {
  if constexpr (requires {
                  { value.hash_payload() } -> std::convertible_to<std::uint64_t>;
                }) {
    return value.hash_payload();
  } else if constexpr (std::is_enum_v<T> || std::is_integral_v<T>) {
    return static_cast<std::uint64_t>(value);
  } else if constexpr (std::is_floating_point_v<T>) {
    return std::bit_cast<std::uint64_t>(static_cast<double>(value));
  } else if constexpr (requires { value.time_since_epoch().count(); }) {
    return static_cast<std::uint64_t>(value.time_since_epoch().count());
  } else if constexpr (requires {
                         { value.count() } -> std::convertible_to<std::int64_t>;
                         requires !std::is_floating_point_v<decltype(value.count())>;
                       }) {
    return static_cast<std::uint64_t>(value.count());
  } else if constexpr (std::is_convertible_v<const T&, std::string_view>) {
    return hash_text(value);
  } else if constexpr (requires {
                         value.begin();
                         value.end();
                       }) {
    std::uint64_t hash = 1;
    for (const auto& element : value) {
      hash = mix(hash, hash_value(element));
    }
    return hash;
  } else if constexpr (requires {
                         value.has_value();
                         *value;
                       }) {
    return value.has_value() ? mix(2, hash_value(*value)) : 3;
  } else if constexpr (std::is_aggregate_v<T> && std::is_class_v<T>) {
    return hash_aggregate(value);
  } else {
    return hash_text(type_name<T>());
  }
}

}  // namespace detail

/// What the fingerprint of a run covers.
enum class FingerprintOf : std::uint8_t {
  names,    ///< virtual time, actor name and message name of every event
  payload,  ///< and what each message says
};

/// A 64-bit hash over all events of a run, in order. Equal fingerprints mean the same run; not meant against
/// adversaries.
class Fingerprint {
 public:
  void add(Time at, std::uint64_t actor_hash, std::uint64_t message_hash) {
    // The products do not depend on the running value, so that the chain from event to event is short.
    const auto time = static_cast<std::uint64_t>(at.time_since_epoch().count());
    const std::uint64_t event = time * 0xd6e8feb86659fd93u + actor_hash * 0xa0761d6478bd642fu + message_hash;
    value_ = (std::rotl(value_, 5) ^ event) * 0x9e3779b97f4a7c15u;
  }
  void add(std::uint64_t payload_hash) { value_ = detail::mix(value_, payload_hash); }

  [[nodiscard]] std::uint64_t value() const { return detail::mix(value_, value_ >> 29); }

 private:
  std::uint64_t value_ = 0x2545f4914f6cdd1du;
};

}  // namespace sim
