#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <memory_resource>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "libsim/expected.hpp"
#include "libsim/harness/experiment/parameters.hpp"
#include "libsim/text/csv_file.hpp"
#include "libsim/time.hpp"

namespace sim::models::replay {

/// One row of a recorded trace. A component reads its own columns into the members that it needs. There may be tens of
/// millions: texts lie in the trace.
struct TraceRow {
  Time at{};                   ///< since the first row, which is time 0
  std::string_view time_text;  ///< as the trace has it
  std::string_view word;       ///< the outcome or the operation
  std::string_view key;
  Duration span{};  ///< how long the call took, or a connection was held
  std::uint32_t permits = 1;
};

/// A recorded trace.
class Trace {
 public:
  std::vector<TraceRow> rows;
  Duration origin{};  ///< what the first row has as its time

  /// The same text, which lives as long as the trace.
  [[nodiscard]] std::string_view keep(std::string_view text);

 private:
  std::unique_ptr<std::pmr::monotonic_buffer_resource> texts_ = std::make_unique<std::pmr::monotonic_buffer_resource>();
};

/// A column of a trace.
struct Column {
  std::string name;
  bool required = true;
};

/// Takes the rows of a trajectory, one per row of the trace, in its order.
using RowWriter = std::function<void(const std::vector<std::string>& row)>;

/// What a component did, in a few names and values.
using Summary = std::vector<std::pair<std::string, std::string>>;

/// A component under one configuration, to be run on a trace.
class Component {
 public:
  Component() = default;
  Component(const Component&) = delete;
  Component& operator=(const Component&) = delete;
  virtual ~Component() = default;

  [[nodiscard]] harness::Parameters& parameters() { return parameters_; }

  [[nodiscard]] virtual std::vector<Column> columns() const = 0;
  /// Reads what `columns` names, in that order, from the present row; `places` says where they are, -1 where missing.
  /// Texts of its own are kept in the trace.
  [[nodiscard]] virtual Expected<void> read(const CsvFile& file, const std::vector<int>& places, Trace& trace,
                                            TraceRow& row) const = 0;
  /// The columns of the trajectory.
  [[nodiscard]] virtual std::vector<std::string> header() const = 0;

  /// Refuses combinations of values that contradict each other; the error names the parameters.
  [[nodiscard]] virtual Expected<void> validate() const = 0;
  /// Refuses a trace over which the component would be busy for much too long; the user may insist (`--long`).
  [[nodiscard]] virtual Expected<void> can_be_run(const Trace& /*trace*/) const { return {}; }
  /// What it would have done.
  [[nodiscard]] virtual Summary replay(const Trace& trace, const RowWriter& write) const = 0;

 protected:
  harness::Parameters parameters_;
};

/// A kind of component that can be replayed.
struct ComponentKind {
  std::string_view name;
  std::string_view summary;                                     ///< one line
  std::vector<std::string_view> presets;                        ///< names of libraries
  std::unique_ptr<Component> (*make)(std::string_view preset);  ///< an empty preset: the defaults
};

/// All of them.
[[nodiscard]] const std::vector<ComponentKind>& component_kinds();

/// Reads a trace for a component. Refused with file, line and column: what the component cannot read, a time before
/// the one above it, and a file without rows.
[[nodiscard]] Expected<Trace> read_trace(InputFiles& files, const std::string& path, const Component& component);

// --- what components share

/// A field that is one of some words: that one, which lives as long as they do.
[[nodiscard]] Expected<std::string_view> read_word(const CsvFile& file, int place,
                                                   std::span<const std::string_view> words);
/// From the first row of a trace to the end of the last call or hold, in seconds.
[[nodiscard]] double span_s(const Trace& trace);

/// Refuses more than ten million of something that a component does by itself, and names the parameter that asks for
/// it.
[[nodiscard]] Expected<void> check_work(std::string_view parameter, Duration value, std::string_view what,
                                        double count);

/// A field in seconds, not negative.
[[nodiscard]] Expected<Duration> read_seconds(const CsvFile& file, int place);

/// Seconds with as many decimals as the value needs, at most nine.
[[nodiscard]] std::string seconds_text(Duration duration);
[[nodiscard]] inline std::string bool_text(bool value) { return value ? "true" : "false"; }
/// `part` of `whole` in percent, as in `12.5 %`.
[[nodiscard]] std::string percent_text(std::uint64_t part, std::uint64_t whole);

std::unique_ptr<Component> make_circuit_breaker(std::string_view preset);
std::unique_ptr<Component> make_rate_limiter(std::string_view preset);
std::unique_ptr<Component> make_cache(std::string_view preset);
std::unique_ptr<Component> make_connection_pool(std::string_view preset);
std::unique_ptr<Component> make_bulkhead(std::string_view preset);

}  // namespace sim::models::replay
