#include "actors/faults/fault.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <system_error>

#include "libsim/failure.hpp"

namespace sim::policies {

namespace {

constexpr Duration latency_max = std::chrono::hours(24 * 36'525);
constexpr Duration fault_delay_max = std::chrono::hours(1000);

struct KindName {
  FaultKind kind;
  std::string_view name;
};
constexpr std::array<KindName, 11> kind_names{{{FaultKind::kill, "kill"},
                                               {FaultKind::down, "down"},
                                               {FaultKind::pause, "pause"},
                                               {FaultKind::slow, "slow"},
                                               {FaultKind::errors, "errors"},
                                               {FaultKind::capacity, "capacity"},
                                               {FaultKind::latency, "latency"},
                                               {FaultKind::loss, "loss"},
                                               {FaultKind::duplication, "duplication"},
                                               {FaultKind::reordering, "reordering"},
                                               {FaultKind::partition, "partition"}}};

struct ClassName {
  ErrorClass error_class;
  std::string_view name;
};
constexpr std::array<ClassName, 6> class_names{{{ErrorClass::connection_failed, "connection_failed"},
                                                {ErrorClass::timed_out, "timed_out"},
                                                {ErrorClass::throttled, "throttled"},
                                                {ErrorClass::server_error, "server_error"},
                                                {ErrorClass::rejected, "rejected"},
                                                {ErrorClass::client_error, "client_error"}}};

/// Which parameters a kind has. Of the required ones one is enough.
struct Grammar {
  std::vector<std::string_view> allowed;
  std::vector<std::string_view> required;
};

Grammar grammar_of(FaultKind kind) {
  switch (kind) {
    case FaultKind::slow:
      return {{"factor", "delay"}, {"factor", "delay"}};
    case FaultKind::errors:
      return {{"probability", "class"}, {"probability"}};
    case FaultKind::capacity:
      return {{"requests_max"}, {"requests_max"}};
    case FaultKind::latency:
      return {{"delay", "jitter"}, {"delay"}};
    case FaultKind::loss:
    case FaultKind::duplication:
      return {{"probability"}, {"probability"}};
    case FaultKind::reordering:
      return {{"probability", "delay"}, {}};
    case FaultKind::kill:
    case FaultKind::down:
    case FaultKind::pause:
    case FaultKind::partition:
      break;
  }
  return {};
}

template <class Number>
std::optional<Number> read_number(std::string_view text) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = error == std::errc{} && end == text.data() + text.size();
  return whole ? std::optional(value) : std::nullopt;
}

tl::unexpected<Error> wrong(std::string_view part, std::string_view expected) {
  return unexpected(fmt::format("{}: expected {}", part, expected));
}

Expected<void> set_number(double& field, std::string_view part, std::string_view value, double most,
                          std::string_view expected) {
  const auto number = read_number<double>(value);
  if (!number || !(*number >= 0 && *number <= most)) {
    return wrong(part, expected);
  }
  field = *number;
  return {};
}

Expected<void> set_duration(Duration& field, std::string_view part, std::string_view value) {
  const auto duration = parse_duration(value);
  if (!duration || *duration > fault_delay_max) {
    return wrong(part, "a duration of at most 1000h, such as 50ms");
  }
  field = *duration;
  return {};
}

Expected<void> set_error_class(ErrorClass& field, std::string_view part, std::string_view value) {
  for (const ClassName& entry : class_names) {
    if (entry.name == value) {
      field = entry.error_class;
      return {};
    }
  }
  return wrong(part, "connection_failed, timed_out, throttled, server_error, rejected or client_error");
}

Expected<void> set_requests_max(std::uint32_t& field, std::string_view part, std::string_view value) {
  const auto number = read_number<std::uint32_t>(value);
  if (!number) {
    return wrong(part, "a whole number from 0 to 4294967295");
  }
  field = *number;
  return {};
}

Expected<void> set_parameter(Fault& fault, std::string_view part, std::string_view name, std::string_view value) {
  if (name == "factor") {
    return set_number(fault.factor, part, value, 1e6, "a factor from 0 to 1000000");
  }
  if (name == "probability") {
    return set_number(fault.probability, part, value, 1, "a probability from 0 to 1");
  }
  if (name == "delay") {
    return set_duration(fault.delay, part, value);
  }
  if (name == "jitter") {
    return set_duration(fault.jitter, part, value);
  }
  if (name == "class") {
    return set_error_class(fault.error_class, part, value);
  }
  return set_requests_max(fault.requests_max, part, value);
}

/// Takes the first part off `text`; empty when there is none.
std::string_view next_part(std::string_view& text) {
  constexpr std::string_view separators = " ,;\t";
  const auto begin = text.find_first_not_of(separators);
  if (begin == std::string_view::npos) {
    text = {};
    return {};
  }
  text.remove_prefix(begin);
  const std::string_view part = text.substr(0, text.find_first_of(separators));
  text.remove_prefix(part.size());
  return part;
}

bool is_among(const std::vector<std::string_view>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

std::string describe(FaultKind kind, const Grammar& grammar) {
  return grammar.allowed.empty() ? fmt::format("no parameters for {}", to_text(kind))
                                 : fmt::format("{}=… for {}", fmt::join(grammar.allowed, "=… or "), to_text(kind));
}

double either(double first, double second) { return 1 - (1 - first) * (1 - second); }

void add_to(ActiveFaults::Effect& effect, const Fault& fault) {
  switch (fault.kind) {
    case FaultKind::down:
      effect.is_down = true;
      break;
    case FaultKind::pause:
      effect.is_paused = true;
      break;
    case FaultKind::slow:
      effect.latency_factor *= fault.factor;
      effect.slow_delay += fault.delay;
      break;
    case FaultKind::capacity:
      effect.requests_max = std::min(effect.requests_max, fault.requests_max);
      break;
    case FaultKind::latency:
      effect.link_delay += fault.delay;
      effect.link_jitter += fault.jitter;
      break;
    case FaultKind::loss:
      effect.loss_probability = either(effect.loss_probability, fault.probability);
      break;
    case FaultKind::duplication:
      effect.duplication_probability = either(effect.duplication_probability, fault.probability);
      break;
    case FaultKind::reordering:
      effect.reordering_probability = either(effect.reordering_probability, fault.probability);
      effect.reordering_delay = std::max(effect.reordering_delay, fault.delay);
      break;
    case FaultKind::partition:
      effect.is_partitioned = true;
      break;
    case FaultKind::kill:
    case FaultKind::errors:
      break;
  }
}

}  // namespace

std::string_view to_text(FaultKind kind) { return kind_names.at(static_cast<std::size_t>(kind)).name; }

std::string to_text(FaultKinds kinds) {
  std::vector<std::string_view> names;
  for (const KindName& entry : kind_names) {
    if (kinds.contains(entry.kind)) {
      names.push_back(entry.name);
    }
  }
  return fmt::format("{}", fmt::join(names, ", "));
}

Expected<FaultKind> parse_fault_kind(std::string_view text) {
  std::vector<std::string_view> names;
  for (const KindName& entry : kind_names) {
    if (entry.name == text) {
      return entry.kind;
    }
    names.push_back(entry.name);
  }
  return wrong(text, fmt::format("one of {}", fmt::join(names, ", ")));
}

Expected<Fault> parse_fault(FaultKind kind, std::string_view parameters) {
  const Grammar grammar = grammar_of(kind);
  Fault fault{.kind = kind};
  std::vector<std::string_view> given;
  for (auto part = next_part(parameters); !part.empty(); part = next_part(parameters)) {
    const auto equals = part.find('=');
    const std::string_view name = part.substr(0, equals);
    if (equals == std::string_view::npos || !is_among(grammar.allowed, name)) {
      return wrong(part, describe(kind, grammar));
    }
    if (is_among(given, name)) {
      return wrong(part, fmt::format("{} once", name));
    }
    given.push_back(name);
    if (auto set = set_parameter(fault, part, name, part.substr(equals + 1)); !set) {
      return tl::unexpected(std::move(set.error()));
    }
  }
  const bool enough = grammar.required.empty() || std::any_of(grammar.required.begin(), grammar.required.end(),
                                                              [&](auto name) { return is_among(given, name); });
  if (!enough) {
    return wrong("no parameters", fmt::format("{}=… for {}", fmt::join(grammar.required, "=… or "), to_text(kind)));
  }
  if (fault.jitter > fault.delay) {
    return wrong(fmt::format("jitter={}", sim::to_text(fault.jitter)), "a jitter of at most the delay");
  }
  return fault;
}

void ActiveFaults::apply(Number number, const Fault& fault) {
  check(fault.kind != FaultKind::kill, "a kill is over at once and never acts on");
  check(fault.factor >= 0, "the factor of a fault is not negative");
  check(fault.delay >= 0s && fault.delay <= fault_delay_max, "the delay of a fault is from 0 to 1000 h");
  check(fault.jitter >= 0s && fault.jitter <= fault.delay, "the jitter of a fault is from 0 to its delay");
  check(fault.probability >= 0 && fault.probability <= 1, "a probability is between 0 and 1");
  check(std::none_of(faults_.begin(), faults_.end(), [&](const Entry& entry) { return entry.number == number; }),
        "a fault begins once");
  faults_.push_back({number, fault});
  combine();
}

bool ActiveFaults::end(Number number) {
  const auto ended = std::erase_if(faults_, [&](const Entry& entry) { return entry.number == number; });
  combine();
  return ended > 0;
}

std::optional<ErrorClass> ActiveFaults::error(SplitDraw& draw) const {
  for (const Entry& entry : faults_) {
    if (entry.fault.kind == FaultKind::errors && draw.chance(entry.fault.probability)) {
      return entry.fault.error_class;
    }
  }
  return std::nullopt;
}

void ActiveFaults::combine() {
  effect_ = {};
  for (const Entry& entry : faults_) {
    add_to(effect_, entry.fault);
  }
}

Duration scaled_latency(Duration latency, double factor) {
  const double scaled = std::nearbyint(static_cast<double>(latency.count()) * factor);
  return scaled < static_cast<double>(latency_max.count()) ? Duration(static_cast<std::int64_t>(scaled)) : latency_max;
}

}  // namespace sim::policies
