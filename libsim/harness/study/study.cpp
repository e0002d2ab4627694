#include "libsim/harness/study/study.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "libsim/caf/job_pool.hpp"
#include "libsim/harness/judge/metric_check.hpp"
#include "libsim/text/nearest_name.hpp"
#include "libsim/text/number_text.hpp"
#include "libsim/text/quoting.hpp"

namespace sim::harness {

namespace {

bool is_among(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

/// What is too long is no failure that a study could leave out: the user has to ask for less.
Expected<void> check_lengths(const std::vector<ReplicationSet*>& sets) {
  for (const ReplicationSet* set : sets) {
    if (set->failure() && set->failure()->is_refusal()) {
      return unexpected(set->failure()->what());
    }
  }
  return {};
}

/// The same, and names the point.
Expected<void> check_lengths(const StudyPoints& points) {
  for (const auto& point : points) {
    if (const ScenarioFailure* failure = point->failure(); failure != nullptr && failure->is_refusal()) {
      return unexpected(fmt::format("{} (at {})", failure->what(), one_line(point->label().text())));
    }
  }
  return {};
}

}  // namespace

Study::Study(const Experiment& experiment, const Invocation& base, const std::string& program, StudyFolder& folder,
             Progress& progress)
    : experiment_(experiment),
      base_(base),
      program_(program),
      folder_(folder),
      progress_(progress),
      plan_(sampling_plan(base.options())) {}

void Study::replicate_at_least(std::uint32_t otherwise) {
  if (plan_.replications == 1 && !base_.flags().find("replications")->is_given()) {
    plan_.replications = std::min(otherwise, plan_.replications_max);
  }
}

Expected<study::AxisSpec> Study::axis(const std::string& flag, const std::string& text) const {
  auto axis = study::parse_axis(text);
  if (!axis) {
    return unexpected(fmt::format("--{} {}", flag, axis.error().message));
  }
  const std::string& parameter = study::parameter_of(*axis);
  const auto names = base_.setup().parameters().names();
  if (!is_among(names, parameter)) {
    return unexpected(fmt::format("--{} {}: unknown parameter {}{}", flag, shown(text), shown(parameter),
                                  did_you_mean(parameter, names)));
  }
  return axis;
}

Expected<std::vector<study::AxisSpec>> Study::axes() const {
  std::vector<study::AxisSpec> axes;
  for (const auto& text : options().study.sweep) {
    auto next = axis("sweep", text);
    if (!next) {
      return tl::unexpected(next.error());
    }
    const std::string& parameter = study::parameter_of(*next);
    const bool is_second = std::any_of(axes.begin(), axes.end(), [&](const study::AxisSpec& earlier) {
      return study::parameter_of(earlier) == parameter;
    });
    if (is_second) {
      return unexpected(fmt::format("--sweep {}: parameter {} is on two axes, expected one axis for it", shown(text),
                                    shown(parameter)));
    }
    axes.push_back(std::move(*next));
  }
  return axes;
}

Expected<std::unique_ptr<StudyPoint>> Study::point(study::Point values) const {
  return StudyPoint::make(*this, std::move(values));
}

Expected<StudyPoints> Study::points(std::span<const study::Point> values) const {
  StudyPoints points;
  for (const auto& one : values) {
    auto made = point(one);
    if (!made) {
      return tl::unexpected(made.error());
    }
    points.push_back(std::move(*made));
  }
  return points;
}

Expected<std::unique_ptr<Invocation>> Study::trial(const study::Point& point) const {
  return base_.arguments_with(point)
      .and_then([&](const std::vector<std::string>& arguments) {
        return Invocation::read(experiment_, arguments, base_.files());
      })
      .map_error([&](const Error& error) { return wrong_point(error, point); });
}

Expected<void> Study::check_points(std::span<const study::Point> points) const {
  const auto tried = trial(points.front());
  if (!tried) {
    return tl::unexpected(tried.error());
  }
  for (const auto& point : points) {
    auto checked = (*tried)->try_values(point).and_then([&] { return (*tried)->check_lengths(); });
    if (!checked) {
      return tl::unexpected(wrong_point(checked.error(), point));
    }
  }
  return {};
}

Expected<void> Study::check_values(const std::string& parameter, const std::vector<std::string>& values) const {
  const auto tried = trial({{parameter, values.front()}});
  if (!tried) {
    return tl::unexpected(tried.error());
  }
  for (const auto& value : values) {
    if (auto checked = (*tried)->try_values({{parameter, value}}); !checked) {
      return checked;
    }
  }
  return {};
}

void Study::rehearse(const StudyPoints& points) const {
  run_jobs(
      points.size(), plan_.jobs, [&](std::size_t point) { static_cast<void>(points[point]->first_reports()); },
      [](std::size_t) {});
}

Expected<void> Study::run(const StudyPoints& points, const Printable& what) {
  std::vector<ReplicationSet*> sets;
  for (const auto& point : points) {
    for (auto& set : point->sets()) {
      sets.push_back(&set);
    }
  }
  return sample(sets, plan_, targets(), [&](std::size_t done, std::size_t all) { progress_.show(what, done, all); })
      .and_then([&] { return check_lengths(points); });
}

Expected<void> Study::run(const std::vector<ReplicationSet*>& sets, std::uint32_t replications, const Printable& what) {
  std::vector<Extension> extensions;
  for (ReplicationSet* set : sets) {
    extensions.push_back({set, replications});
  }
  return extend(extensions, plan_.jobs, [&](std::size_t done, std::size_t all) { progress_.show(what, done, all); })
      .and_then([&] { return check_lengths(sets); });
}

std::vector<Estimate> Study::shown_metrics(const ScenarioResult& result) const {
  std::vector<Estimate> chosen;
  for (const auto& estimate : result.metrics) {
    const auto is_its = [&](const Target& target) {
      return target.scenario == result.scenario && target.metric == estimate.metric;
    };
    if (options().metrics.empty() ? std::any_of(targets().begin(), targets().end(), is_its)
                                  : is_among(options().metrics, estimate.metric)) {
      chosen.push_back(estimate);
    }
  }
  return chosen.empty() && options().metrics.empty() ? result.metrics : chosen;
}

Expected<void> Study::check_metrics(StudyPoint& point) const {
  if (!names_metrics(base_)) {
    return {};
  }
  const auto reports = point.first_reports();
  if (!reports) {
    return {};
  }
  std::vector<ScenarioReports> scenarios;
  for (std::size_t scenario = 0; scenario < reports->size(); ++scenario) {
    scenarios.push_back({point.sets()[scenario].scenario(), (*reports)[scenario]});
  }
  return check_named_metrics(base_, experiment_, scenarios);
}

void add_notes(const StudyPoints& points, StudyReport& report) {
  for (const auto& point : points) {
    for (const auto& set : point->sets()) {
      report.notes.insert(report.notes.end(), set.notes().begin(), set.notes().end());
    }
    if (const ScenarioFailure* failure = point->failure()) {
      report.status = ExitStatus::run_failed;
      report.failures.push_back(
          {point->label(), *failure,
           point->invocation().reproducing_arguments(failure->scenario(), failure->replication())});
    }
  }
}

std::string with_half_width(double mean, const std::optional<double>& half_width) {
  return half_width ? fmt::format("{} ± {}", short_text(mean), short_text(*half_width)) : short_text(mean);
}

std::string with_half_width(const Estimate& estimate) { return with_half_width(estimate.mean, estimate.half_width); }

std::vector<double> values_of(const ReplicationSet& set, const std::string& metric) {
  return set.replications().values_of(metric);
}

}  // namespace sim::harness
