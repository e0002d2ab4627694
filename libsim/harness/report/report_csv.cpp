#include "libsim/harness/report/report_csv.hpp"

#include <fmt/format.h>

#include <cmath>
#include <iterator>
#include <optional>

#include "libsim/text/csv_file.hpp"
#include "libsim/text/number_text.hpp"

namespace sim::harness {

namespace {

/// Programs read an empty field as a missing number.
std::string number_field(double number) { return std::isfinite(number) ? exact_text(number) : ""; }

std::string number_field(const std::optional<double>& number) { return number ? number_field(*number) : ""; }

std::string metric_row(const std::string& simulation, const std::string& statistic, const Estimate& estimate) {
  return csv_row({simulation, estimate.metric, statistic, estimate.unit, number_field(estimate.mean),
                  number_field(estimate.half_width), std::to_string(estimate.samples),
                  std::to_string(estimate.replications)});
}

std::vector<std::string> report_fields(const ScenarioResult& result, const Estimate& estimate,
                                       const JudgedTarget* judged) {
  std::vector<std::string> fields{result.experiment,
                                  result.scenario,
                                  std::to_string(result.seed),
                                  std::to_string(result.replications),
                                  fingerprint_text(result.totals.fingerprint),
                                  estimate.metric,
                                  estimate.unit,
                                  number_field(estimate.mean),
                                  number_field(estimate.half_width),
                                  std::to_string(estimate.samples)};
  if (judged == nullptr) {
    fields.insert(fields.end(), 4, "");
  } else {
    fields.insert(fields.end(), {std::string(to_text(judged->target.relation)), number_field(judged->target.target),
                                 number_field(judged->target.critical), std::string(to_text(judged->verdict))});
  }
  return fields;
}

void append(std::vector<std::string>& fields, const std::vector<std::string>& more) {
  fields.insert(fields.end(), more.begin(), more.end());
}

}  // namespace

std::string report_csv(const std::vector<ScenarioOutcome>& outcomes, const Parameters& parameters) {
  std::vector<std::string> names;
  std::vector<std::string> values;
  for (const auto& [name, value] : parameters.values()) {
    names.push_back(name);
    values.push_back(value);
  }
  std::vector<std::string> header{"experiment", "scenario", "seed",     "replications", "fingerprint",
                                  "metric",     "unit",     "value",    "half_width",   "samples",
                                  "op",         "target",   "critical", "verdict"};
  append(header, names);
  std::string text = csv_row(header);
  const auto add = [&](const ScenarioResult& result, const Estimate& estimate, const JudgedTarget* judged) {
    auto fields = report_fields(result, estimate, judged);
    append(fields, values);
    text += csv_row(fields);
  };
  for (const auto& outcome : outcomes) {
    for (const auto& estimate : outcome.result.metrics) {
      if (outcome.judged(estimate.metric) == nullptr) {
        add(outcome.result, estimate, nullptr);
      }
      for (const auto& judged : outcome.targets) {
        if (judged.target.metric == estimate.metric) {
          add(outcome.result, estimate, &judged);
        }
      }
    }
  }
  return text;
}

std::string metrics_csv(const ScenarioResult& result) {
  std::string text = "simulation,metric,statistic,unit,value,half_width,samples,replications\n";
  for (const auto& estimate : result.metrics) {
    text += metric_row("", "reported", estimate);
  }
  for (const auto& [simulation, statistic, estimate] : result.measurements) {
    text += metric_row(simulation, statistic, estimate);
  }
  return text;
}

std::string targets_csv(const std::vector<JudgedTarget>& targets) {
  std::string text =
      "experiment,scenario,metric,unit,op,target,critical,value,half_width,samples,verdict,source,definition\n";
  for (const auto& [target, estimate, verdict, more] : targets) {
    text += csv_row({target.experiment, target.scenario, target.metric, target.unit,
                     std::string(to_text(target.relation)), number_field(target.target), number_field(target.critical),
                     number_field(estimate.mean), number_field(estimate.half_width), std::to_string(estimate.samples),
                     std::string(to_text(verdict)), target.source, target.definition});
  }
  return text;
}

std::string series_csv(const std::vector<Curve>& curves) {
  std::string text = "simulation,metric,actor,time_s,value\n";
  for (const auto& curve : curves) {
    const std::string key =
        fmt::format("{},{},{}", csv_field(curve.simulation), csv_field(curve.metric), csv_field(curve.actor));
    for (const auto& point : curve.points) {
      fmt::format_to(std::back_inserter(text), "{},{},{}\n", key, sim::to_text(point.at), number_field(point.value));
    }
  }
  return text;
}

std::string replications_csv(const ScenarioResult& result) {
  std::string text = "replication,metric,unit,value\n";
  for (const auto& estimate : result.metrics) {
    for (std::size_t replication = 0; replication < estimate.values.size(); ++replication) {
      text += csv_row(
          {std::to_string(replication), estimate.metric, estimate.unit, exact_text(estimate.values[replication])});
    }
  }
  return text;
}

}  // namespace sim::harness
