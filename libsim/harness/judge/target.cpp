#include "libsim/harness/judge/target.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <utility>

#include "libsim/text/csv_file.hpp"
#include "libsim/text/quoting.hpp"

namespace sim::harness {

namespace {

using study::Relation;

/// Whether whatever reaches the target also reaches the critical bound, but not the other way round.
bool is_weaker(Relation relation, double critical, double target) {
  switch (relation) {
    case Relation::less:
    case Relation::less_or_equal:
      return critical > target;
    case Relation::greater:
    case Relation::greater_or_equal:
      return critical < target;
    case Relation::equal:
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

Expected<std::optional<double>> critical_in(const CsvFile& csv, const Columns& columns, Relation relation,
                                            double target) {
  if (csv.field(columns.critical).empty()) {
    return std::optional<double>{};
  }
  const auto critical = csv.number(columns.critical);
  if (!critical) {
    return tl::unexpected(critical.error());
  }
  if (!is_weaker(relation, *critical, target)) {
    const auto expected = relation == Relation::equal ? std::string("nothing, as no bound is weaker than ==")
                                                      : fmt::format("a bound that is weaker than the target {} {}",
                                                                    to_text(relation), csv.field(columns.target));
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
  const auto relation = study::parse_relation(csv.field(columns.op));
  if (!relation) {
    return tl::unexpected(csv.wrong_field(columns.op, "<, <=, >, >= or =="));
  }
  const auto bound = csv.number(columns.target);
  if (!bound) {
    return tl::unexpected(bound.error());
  }
  const auto critical = critical_in(csv, columns, *relation, *bound);
  if (!critical) {
    return tl::unexpected(critical.error());
  }
  return Target{.experiment = *experiment,
                .scenario = *scenario,
                .metric = *metric,
                .unit = *unit,
                .relation = *relation,
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
        fmt::format("{},{},{},{}", target.experiment, target.scenario, target.metric, to_text(target.relation));
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
  const auto add_row = [&]() -> Expected<void> {
    auto target = read_row(csv, *columns, name);
    if (!target) {
      return tl::unexpected(target.error());
    }
    if (auto added = duplicates.add(*target); !added) {
      return tl::unexpected(added.error());
    }
    table.rows.push_back(std::move(*target));
    return {};
  };
  return csv.each_row(add_row).map([&] { return std::move(table); });
}

}  // namespace

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

Expected<TargetTable> read_targets(InputFiles& files, const std::filesystem::path& path) {
  auto csv = CsvFile::open(files, path, settings_bytes_max);
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
