#include "libsim/harness/study/sweep.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include "libsim/harness/study/point_rows.hpp"
#include "libsim/harness/study/point_tables.hpp"
#include "libsim/random/stream.hpp"
#include "libsim/study/constraint.hpp"
#include "libsim/study/design.hpp"
#include "libsim/text/number_text.hpp"
#include "libsim/text/quoting.hpp"

namespace sim::harness {

namespace {

/// As many points are in memory: enough to keep all jobs busy.
constexpr std::size_t points_at_once = 256;

std::string progress_text(std::size_t first, std::size_t count, std::size_t all) {
  return count == all ? fmt::format("{} points", all)
                      : fmt::format("points {} to {} of {}", first + 1, first + count, all);
}

Expected<std::size_t> sample_size_of(const std::string& text) {
  const std::string_view prefix = "lhs:";
  const auto points =
      text.starts_with(prefix) ? parse_whole_number<std::size_t>(text.substr(prefix.size())) : std::nullopt;
  if (!points || *points == 0 || *points > study::points_max) {
    return unexpected(fmt::format("--sample {}: expected lhs: and a number of points from 1 to {}, as in lhs:200",
                                  shown(text), study::points_max));
  }
  return *points;
}

Expected<std::vector<study::Point>> combinations(const Study& study, const std::vector<study::AxisSpec>& axes) {
  const std::string& sampling = study.options().study.sample;
  if (sampling.empty()) {
    return study::full_grid(axes).map_error([](const Error& error) { return Error{"--sweep: " + error.message}; });
  }
  const auto points = sample_size_of(sampling);
  if (!points) {
    return tl::unexpected(points.error());
  }
  RandomStream random({.seed = study.options().seed, .replication = 0, .actor = "study", .purpose = "design"});
  return study::latin_hypercube(axes, *points, random).map_error([](const Error& error) {
    return Error{"--sample: " + error.message};
  });
}

Expected<std::vector<study::Constraint>> constraints(const Study& study) {
  std::vector<study::Constraint> constraints;
  for (const auto& text : study.options().study.where) {
    auto constraint = study::Constraint::parse(text, study.base().setup().parameters().names());
    if (!constraint) {
      return unexpected(fmt::format("--where {}", constraint.error().message));
    }
    constraints.push_back(std::move(*constraint));
  }
  return constraints;
}

/// The numbers of all parameters at a point.
std::map<std::string, double> numbers_at(const Study& study, const study::Point& point) {
  auto numbers = study::numbers_of(study.base().setup().parameters().values());
  for (const auto& [parameter, number] : study::numbers_of(point)) {
    numbers[parameter] = number;
  }
  return numbers;
}

Expected<std::vector<study::Point>> without_excluded(const Study& study, std::vector<study::Point> points) {
  const auto conditions = constraints(study);
  if (!conditions) {
    return tl::unexpected(conditions.error());
  }
  std::vector<study::Point> kept;
  for (auto& point : points) {
    bool all_hold = true;
    for (const auto& condition : *conditions) {
      const auto holds = condition.holds(numbers_at(study, point));
      if (!holds) {
        return unexpected(fmt::format("--where {}", holds.error().message));
      }
      all_hold = all_hold && *holds;
    }
    if (all_hold) {
      kept.push_back(std::move(point));
    }
  }
  if (kept.empty()) {
    return unexpected("--where: leaves no point");
  }
  return kept;
}

/// Runs the points that begin with number `first`, and writes what they gave.
Expected<void> run_batch(Study& study, std::span<const study::Point> batch, std::size_t first, const Printable& what,
                         PointTables& tables, StudyReport& report) {
  const auto points = study.points(batch);
  if (!points) {
    return tl::unexpected(points.error());
  }
  auto known = first == 0 ? study.check_metrics(*points->front()) : Expected<void>{};
  return known.and_then([&] { return study.run(*points, what); })
      .and_then([&] { return write_points(study, *points, first); })
      .map([&] {
        tables.add(*points);
        add_notes(*points, report);
      });
}

}  // namespace

Expected<std::vector<study::Point>> design_of(const Study& study) {
  const auto axes = study.axes();
  if (!axes) {
    return tl::unexpected(axes.error());
  }
  return combinations(study, *axes).and_then([&](std::vector<study::Point> points) {
    return without_excluded(study, std::move(points));
  });
}

Expected<StudyReport> run_sweep(Study& study) {
  study.replicate_at_least(10);
  const auto design = design_of(study);
  if (!design) {
    return tl::unexpected(design.error());
  }
  if (auto checked = study.check_points(*design); !checked) {
    return tl::unexpected(checked.error());
  }
  PointTables tables(study);
  StudyReport report{.kind = "sweep", .text = {}, .rows = "summary.csv"};
  for (std::size_t first = 0; first < design->size(); first += points_at_once) {
    const std::span batch = std::span(*design).subspan(first, std::min(points_at_once, design->size() - first));
    if (auto ran = run_batch(study, batch, first, progress_text(first, batch.size(), design->size()), tables, report);
        !ran) {
      return tl::unexpected(ran.error());
    }
  }
  report.text = tables.text();
  return report;
}

}  // namespace sim::harness
