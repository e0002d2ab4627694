#include "libsim/harness/report/report_json.hpp"

#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "libsim/failure.hpp"
#include "libsim/harness/cli/build_info.hpp"
#include "libsim/text/csv_file.hpp"
#include "libsim/text/json_text.hpp"
#include "libsim/text/number_text.hpp"

namespace sim::harness {

namespace {

using Json = nlohmann::ordered_json;

Json number(double value) { return std::isfinite(value) ? Json(value) : Json(nullptr); }

Json number(const std::optional<double>& value) { return value ? number(*value) : Json(nullptr); }

Json to_json(const JudgedTarget& judged) {
  return {{"op", to_text(judged.target.relation)},
          {"target", number(judged.target.target)},
          {"critical", number(judged.target.critical)},
          {"verdict", to_text(judged.verdict)}};
}

Json metrics(const ScenarioOutcome& outcome) {
  Json all = Json::array();
  for (const auto& estimate : outcome.result.metrics) {
    Json one{{"metric", estimate.metric},      {"unit", estimate.unit},
             {"value", number(estimate.mean)}, {"half_width", number(estimate.half_width)},
             {"samples", estimate.samples},    {"targets", Json::array()}};
    for (const auto& judged : outcome.targets) {
      if (judged.target.metric == estimate.metric) {
        one["targets"].push_back(to_json(judged));
      }
    }
    all.push_back(std::move(one));
  }
  return all;
}

Json to_json(const VerdictCounts& counts) {
  return {{"met", counts.met}, {"degraded", counts.degraded}, {"missed", counts.missed}};
}

void add_totals(Json& json, const RunTotals& totals) {
  json["fingerprint"] = fingerprint_text(totals.fingerprint);
  json["events"] = totals.events;
  json["dead_letters"] = totals.dead_letters;
  json["virtual_time_s"] = to_seconds(totals.virtual_time);
}

Json scenario(const ScenarioOutcome& outcome) {
  Json json{{"scenario", outcome.result.scenario}};
  add_totals(json, outcome.result.totals);
  json["metrics"] = metrics(outcome);
  json["warnings"] = outcome.result.warnings;
  json["folder"] = outcome.folder.string();
  return json;
}

Json all_values(const Parameters& parameters) {
  Json values = Json::object();
  for (const auto& [name, value] : parameters.values()) {
    values[name] = value;
  }
  return values;
}

Json all_declared(const Parameters& parameters) {
  Json all = Json::array();
  for (const auto& parameter : parameters.all()) {
    all.push_back({{"name", parameter->name()},
                   {"value", parameter->text()},
                   {"unit", parameter->unit()},
                   {"default", parameter->default_text()}});
  }
  return all;
}

Json hashes(const std::vector<InputHash>& inputs) {
  Json json = Json::object();
  for (const auto& input : inputs) {
    json[input.path] = to_text(input.hash);
  }
  return json;
}

/// CSV that the harness itself has written.
Json rows_of(const std::string& csv) {
  auto file = CsvFile::of_text("rows", csv);
  check(file.has_value(), "the harness reads its own CSV");
  Json rows = Json::array();
  while (file->next_row().value()) {
    Json row = Json::object();
    for (std::size_t column = 0; column < file->columns().size(); ++column) {
      const std::string field(file->field(column));
      const auto number = parse_number(field);
      row[file->columns()[column]] = number ? Json(*number) : Json(field);
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

/// What differs between equal runs.
Json wall(const RunDescription& run, double elapsed_s, const std::vector<std::string>& notes) {
  Json json{{"started_at", run.started_at}, {"elapsed_s", elapsed_s}};
  if (!notes.empty()) {
    json["notes"] = notes;
  }
  return json;
}

}  // namespace

std::string report_json(const RunDescription& run, const std::vector<ScenarioOutcome>& outcomes,
                        const Parameters& parameters) {
  Json json{{"experiment", run.experiment}, {"version", version()}, {"config_hash", to_text(run.config_hash)}};
  if (!outcomes.empty()) {
    json["seed"] = outcomes.front().result.seed;
    json["replications"] = outcomes.front().result.replications;
  }
  json["parameters"] = all_values(parameters);
  json["verdicts"] = to_json(count_verdicts(outcomes));
  json["scenarios"] = Json::array();
  for (const auto& outcome : outcomes) {
    json["scenarios"].push_back(scenario(outcome));
  }
  return json_text(json);
}

std::string manifest_json(const RunDescription& run, const ScenarioOutcome& outcome, const Parameters& parameters) {
  const auto& result = outcome.result;
  Json json{{"experiment", run.experiment},
            {"scenario", result.scenario},
            {"version", version()},
            {"compiler", compiler()},
            {"command_line", run.command_line},
            {"seed", result.seed},
            {"replications", result.replications},
            {"confidence", result.confidence},
            {"config_hash", to_text(run.config_hash)},
            {"fingerprint_of", run.fingerprint_of}};
  add_totals(json, result.totals);
  json["parameters"] = all_declared(parameters);
  json["arrivals"] = run.arrivals.empty() ? Json(nullptr) : Json(run.arrivals);
  json["faults"] = run.faults.empty() ? Json(nullptr) : Json(run.faults);
  json["input_hashes"] = hashes(run.inputs);
  json["targets"] = run.targets;
  json["verdicts"] = to_json(count_verdicts({outcome}));
  json["warnings"] = result.warnings;
  json["wall"] = wall(run, outcome.wall_s, outcome.notes);
  return json_text(json);
}

std::string study_json(const RunDescription& run, const std::string& kind, const std::string& csv,
                       const Parameters& parameters) {
  Json json{{"experiment", run.experiment},
            {"version", version()},
            {"study", kind},
            {"config_hash", to_text(run.config_hash)}};
  json["parameters"] = all_values(parameters);
  json["rows"] = rows_of(csv);
  return json_text(json);
}

std::string study_manifest_json(const RunDescription& run, const StudyDescription& study,
                                const Parameters& parameters) {
  Json json{{"experiment", run.experiment},
            {"study", study.kind},
            {"version", version()},
            {"compiler", compiler()},
            {"command_line", run.command_line},
            {"seed", study.seed},
            {"confidence", study.confidence},
            {"interval_confidence", study.interval_confidence},
            {"config_hash", to_text(run.config_hash)},
            {"study_hash", to_text(study.study_hash)}};
  json["parameters"] = all_declared(parameters);
  json["arrivals"] = run.arrivals.empty() ? Json(nullptr) : Json(run.arrivals);
  json["faults"] = run.faults.empty() ? Json(nullptr) : Json(run.faults);
  json["input_hashes"] = hashes(run.inputs);
  json["targets"] = run.targets;
  json["wall"] = wall(run, study.wall_s, study.notes);
  return json_text(json);
}

}  // namespace sim::harness
