#pragma once

#include <bit>
#include <cstdint>
#include <string_view>
#include <type_traits>

namespace sim {

namespace detail {

template <class T>
constexpr std::string_view raw_type_name() {
  // g++: "... [with T = X; std::string_view = ...]", clang: "... [T = X]".
  constexpr std::string_view text = __PRETTY_FUNCTION__;
  constexpr std::size_t begin = text.find("T = ") + 4;
#if defined(__clang__)
  constexpr std::size_t end = text.rfind(']');
#else
  constexpr std::size_t end = text.find(';', begin);
#endif
  return text.substr(begin, end - begin);
}

/// Drops every enclosing namespace and function, because compilers print those differently (and moving a type into
/// another namespace is no change of behaviour); keeps the class that a message is nested in.
constexpr std::string_view local_type_name(std::string_view name) {
  std::size_t depth = 0;
  std::size_t last = 0;
  std::size_t before_last = 0;
  for (std::size_t i = 0; i + 1 < name.size(); ++i) {
    const char c = name[i];
    if (c == '<' || c == '(' || c == '{') {
      ++depth;
    } else if ((c == '>' || c == ')' || c == '}') && depth > 0) {
      --depth;
    } else if (depth == 0 && c == ':' && name[i + 1] == ':') {
      before_last = last;
      last = i + 2;
    }
  }
  // "outer::Inner" keeps "outer" only when it is a class, which by the style of this project starts with a capital.
  const char first = before_last < name.size() ? name[before_last] : '\0';
  const bool in_template = name.substr(before_last, last - before_last).find('<') != std::string_view::npos;
  const bool nested_in_class = last != 0 && first >= 'A' && first <= 'Z' && !in_template;
  name = name.substr(nested_in_class ? before_last : last);
  return name.substr(0, name.find('<'));
}

/// The names of built-in numbers, which compilers write in different ways, as in "long unsigned int".
template <class T>
constexpr std::string_view number_name() {
  if constexpr (std::is_same_v<T, bool>) {
    return "bool";
  } else if constexpr (std::is_floating_point_v<T>) {
    return sizeof(T) == 4 ? "float" : "double";
  } else {
    constexpr std::string_view signed_names[] = {"int8", "int16", "int32", "int64"};
    constexpr std::string_view unsigned_names[] = {"uint8", "uint16", "uint32", "uint64"};
    constexpr int size_class = std::countr_zero(sizeof(T));
    return std::is_signed_v<T> ? signed_names[size_class] : unsigned_names[size_class];
  }
}

constexpr std::uint64_t hash_text(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325u;  // FNV-1a, 64 bits
  for (const char c : text) {
    hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
  }
  return hash;
}

}  // namespace detail

/// The name of a message or actor type as logs and fingerprints show it: `Execute`, or `Queue::ServiceDone` for a type
/// nested in a class; a template is left out when it is the class, and its arguments when it is the type. A type may
/// choose its own with `static constexpr std::string_view message_name`. The same with g++ and clang.
template <class T>
constexpr std::string_view type_name() {
  if constexpr (requires { std::string_view{T::message_name}; }) {
    return T::message_name;
  } else if constexpr (std::is_arithmetic_v<T>) {
    return detail::number_name<T>();
  } else {
    return detail::local_type_name(detail::raw_type_name<T>());
  }
}

}  // namespace sim
