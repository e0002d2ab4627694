#pragma once

#include <string>
#include <string_view>

#include "libsim/expected.hpp"
#include "libsim/harness/run/scenario_result.hpp"

namespace sim::harness {

/// All of a replication as JSON on one line (no line break inside or behind it), UTF-8. Equal replications give equal
/// texts, on every machine.
///
/// An object with `totals` [fingerprint, events, dead letters, virtual time in ns], `reports` [[metric, unit, value,
/// samples], …], `accounts` [[whole, [part, …]], …], `measurements` [[simulation, [[name, unit, statistic, value,
/// samples], …]], …] (neighbours of the same simulation together), `curves` [[simulation, metric, actor, [time in ns,
/// value, …]], …], `warnings` and `attachments` [[file name, text], …]. A value that is not finite is a string of
/// its bits, a text that is not UTF-8 an object with its bytes, both in hexadecimal digits.
[[nodiscard]] std::string replication_json(const Replication& replication);

/// The replication that `replication_json` wrote, with every number bit for bit (NaNs too) and every text byte for
/// byte. The error says what was wrong with the text.
[[nodiscard]] Expected<Replication> parse_replication(std::string_view json);

}  // namespace sim::harness
