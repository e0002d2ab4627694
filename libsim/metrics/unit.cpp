#include "libsim/metrics/unit.hpp"

#include <algorithm>
#include <array>

namespace sim {

namespace {

struct Suffix {
  std::string_view text;
  std::string_view unit;
};

// A suffix that ends with another one stands before it.
constexpr std::array suffixes{
    Suffix{"_ops_per_s", "ops/s"},
    Suffix{"_per_s", "1/s"},
    Suffix{"_ns", "ns"},
    Suffix{"_us", "us"},
    Suffix{"_ms", "ms"},
    Suffix{"_s", "s"},
    Suffix{"_minutes", "min"},
    Suffix{"_hours", "h"},
    Suffix{"_bytes", "B"},
    Suffix{"_kb", "kB"},
    Suffix{"_mb", "MB"},
    Suffix{"_gb", "GB"},
    Suffix{"_percent", "percent"},
    Suffix{"_ratio", "ratio"},
    Suffix{"_bool", "bool"},
    Suffix{"_count", "count"},
    Suffix{"_messages", "messages"},
    Suffix{"_requests", "requests"},
    Suffix{"_sessions", "sessions"},
    Suffix{"_users", "users"},
    Suffix{"_tasks", "tasks"},
    Suffix{"_tokens", "tokens"},
    Suffix{"_entries", "entries"},
    Suffix{"_items", "items"},
    Suffix{"_usd", "USD"},
};

constexpr std::array<std::string_view, 4> qualifiers{"_max", "_min", "_mean", "_total"};

std::string_view without_qualifier(std::string_view metric) {
  const auto found = std::find_if(qualifiers.begin(), qualifiers.end(),
                                  [metric](std::string_view qualifier) { return metric.ends_with(qualifier); });
  return found == qualifiers.end() ? metric : metric.substr(0, metric.size() - found->size());
}

}  // namespace

std::string_view unit_of(std::string_view metric) {
  const std::string_view name = without_qualifier(metric);
  const auto found = std::find_if(suffixes.begin(), suffixes.end(),
                                  [name](const Suffix& suffix) { return name.ends_with(suffix.text); });
  return found == suffixes.end() ? std::string_view{} : found->unit;
}

}  // namespace sim
