#include "libsim/harness/target.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <utility>

#include "libsim/harness/csv_file.hpp"
#include "libsim/harness/input_file.hpp"
#include "libsim/harness/quoting.hpp"

namespace sim::harness {

namespace {

constexpr std::array comparisons{Comparison::less, Comparison::less_or_equal, Comparison::greater,
                                 Comparison::greater_or_equal, Comparison::equal};

std::optional<Comparison> parse_comparison(std::string_view text) {
  const auto found = std::find_if(comparisons.begin(), comparisons.end(),
                                  [&](Comparison comparison) { return to_text(comparison) == text; });
  return found == comparisons.end() ? std::nullopt : std::optional(*found);
}

/// Whether whatever reaches the target also reaches the critical bound, but not the other way round.
bool is_weaker(Comparison comparison, double critical, double target) {
  switch (comparison) {
    case Comparison::less:
    case Comparison::less_or_equal:
      return critical > target;
    case Comparison::greater:
    case Comparison::greater_or_equal:
      return critical < target;
    case Comparison::equal:
      return false;
  }
  return false;
}

/// The positions of the columns in one file.
struct Columns {
  std::size_t experiment, scenario, metric, unit, op, target, critical, source, definition;
};

Expected<Columns> find_columns(const CsvFile& csv) {
  Columns columns{};
  const std::array<std::pair<const char*, std::size_t*>, 9> wanted{{{"experiment", &columns.experiment},
                                                                    {"scenario", &columns.scenario},
                                                                    {"metric", &columns.metric},
                                                                    {"unit", &columns.unit},
                                                                    {"op", &columns.op},
                                                                    {"target", &columns.target},
                                                                    {"critical", &columns.critical},
                                                                    {"source", &columns.source},
                                                                    {"definition", &columns.definition}}};
  for (const auto& [name, index] : wanted) {
    const auto column = csv.column(name);
    if (!column) {
      return tl::unexpected(column.error());
    }
    *index = *column;
  }
  return columns;
}

Expected<std::string> name_in(const CsvFile& csv, std::size_t column, std::string_view expected) {
  const auto text = csv.field(column);
  return text.empty() ? tl::unexpected(csv.wrong_field(column, expected)) : Expected<std::string>(text);
}

Expected<std::optional<double>> critical_in(const CsvFile& csv, const Columns& columns, Comparison comparison,
                                            double target) {
  if (csv.field(columns.critical).empty()) {
    return std::optional<double>{};
  }
  const auto critical = csv.number(columns.critical);
  if (!critical) {
    return tl::unexpected(critical.error());
  }
  if (!is_weaker(comparison, *critical, target)) {
    const auto expected = comparison == Comparison::equal ? std::string("nothing, as no bound is weaker than ==")
                                                          : fmt::format("a bound that is weaker than the target {} {}",
                                                                        to_text(comparison), csv.field(columns.target));
    return tl::unexpected(csv.wrong_field(columns.critical, expected));
  }
  return std::optional<double>{*critical};
}

Expected<Target> read_row(const CsvFile& csv, const Columns& columns, const std::string& name) {
  const auto experiment = name_in(csv, columns.experiment, "the name of an experiment");
  const auto scenario = name_in(csv, columns.scenario, "the name of a scenario");
  const auto metric = name_in(csv, columns.metric, "the name of a metric");
  const auto unit = name_in(csv, columns.unit, "a unit");
  for (const auto* field : {&experiment, &scenario, &metric, &unit}) {
    if (!*field) {
      return tl::unexpected(field->error());
    }
  }
  const auto comparison = parse_comparison(csv.field(columns.op));
  if (!comparison) {
    return tl::unexpected(csv.wrong_field(columns.op, "<, <=, >, >= or =="));
  }
  const auto bound = csv.number(columns.target);
  if (!bound) {
    return tl::unexpected(bound.error());
  }
  const auto critical = critical_in(csv, columns, *comparison, *bound);
  if (!critical) {
    return tl::unexpected(critical.error());
  }
  return Target{.experiment = *experiment,
                .scenario = *scenario,
                .metric = *metric,
                .unit = *unit,
                .comparison = *comparison,
                .target = *bound,
                .critical = *critical,
                .source = std::string(csv.field(columns.source)),
                .definition = std::string(csv.field(columns.definition)),
                .place = fmt::format("{}:{}", shown_path(name), csv.line())};
}

/// Refuses a second bound of the same kind on the same metric.
class Duplicates {
 public:
  Expected<void> add(const Target& target) {
    const std::string key =
        fmt::format("{},{},{},{}", target.experiment, target.scenario, target.metric, to_text(target.comparison));
    const auto [first, is_new] = place_of_.emplace(key, target.place);
    return is_new
               ? Expected<void>{}
               : unexpected(fmt::format("{}: target {}: given already in {}", target.place, shown(key), first->second));
  }

 private:
  std::map<std::string, std::string> place_of_;
};

[[nodiscard]] Expected<TargetTable> read_table(CsvFile csv, std::string name) {
  const auto columns = find_columns(csv);
  if (!columns) {
    return tl::unexpected(columns.error());
  }
  TargetTable table{.source = name, .rows = {}};
  Duplicates duplicates;
  for (;;) {
    const auto row = csv.next_row();
    if (!row) {
      return tl::unexpected(row.error());
    }
    if (!*row) {
      return table;
    }
    auto target = read_row(csv, *columns, name);
    if (!target) {
      return tl::unexpected(target.error());
    }
    if (auto added = duplicates.add(*target); !added) {
      return tl::unexpected(added.error());
    }
    table.rows.push_back(std::move(*target));
  }
}

}  // namespace

std::string_view to_text(Comparison comparison) {
  switch (comparison) {
    case Comparison::less:
      return "<";
    case Comparison::less_or_equal:
      return "<=";
    case Comparison::greater:
      return ">";
    case Comparison::greater_or_equal:
      return ">=";
    case Comparison::equal:
      return "==";
  }
  return "?";
}

bool holds(Comparison comparison, double value, double bound) {
  if (!std::isfinite(value)) {
    return false;
  }
  switch (comparison) {
    case Comparison::less:
      return value < bound;
    case Comparison::less_or_equal:
      return value <= bound;
    case Comparison::greater:
      return value > bound;
    case Comparison::greater_or_equal:
      return value >= bound;
    case Comparison::equal:
      return value == bound;
  }
  return false;
}

std::set<std::string> TargetTable::experiments() const {
  std::set<std::string> names;
  for (const auto& target : rows) {
    names.insert(target.experiment);
  }
  return names;
}

std::vector<Target> TargetTable::of_experiment(std::string_view experiment) const {
  std::vector<Target> found;
  std::copy_if(rows.begin(), rows.end(), std::back_inserter(found),
               [&](const Target& target) { return target.experiment == experiment; });
  return found;
}

Expected<TargetTable> parse_targets(std::string name, std::string text) {
  auto csv = CsvFile::of_text(name, std::move(text));
  return csv ? read_table(std::move(*csv), std::move(name)) : tl::unexpected(std::move(csv.error()));
}

Expected<TargetTable> read_targets(const std::filesystem::path& path) {
  auto csv = CsvFile::open(path, settings_bytes_max);
  if (!csv) {
    return tl::unexpected(std::move(csv.error()));
  }
  auto table = read_table(std::move(*csv), path.string());
  if (table) {
    table->from_user = true;
  }
  return table;
}

}  // namespace sim::harness
