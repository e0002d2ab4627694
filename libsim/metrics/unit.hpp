#pragma once

#include <string_view>

namespace sim {

/// The unit in a metric's name, from its last component; empty when there is none that is known here.
///
/// | ends with | unit | | ends with | unit |
/// | --- | --- | --- | --- | --- |
/// | `_ns _us _ms _s` | ns us ms s | | `_percent _ratio _bool` | percent ratio bool |
/// | `_minutes _hours` | min h | | `_count` | count |
/// | `_bytes _kb _mb _gb` | B kB MB GB | | `_messages _requests _sessions _users` | the same word |
/// | `_per_s` | 1/s | | `_tasks _tokens _entries _items` | the same word |
/// | `_ops_per_s` | ops/s | | `_usd` | USD |
///
/// A last `_max`, `_min`, `_mean` or `_total` is passed over: the unit of `latency_s_max` is s.
[[nodiscard]] std::string_view unit_of(std::string_view metric);

}  // namespace sim
