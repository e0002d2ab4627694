#include "libsim/harness/replication_json.hpp"

#include <fmt/format.h>

#include <exception>

#include "libsim/harness/exact_json.hpp"
#include "libsim/harness/quoting.hpp"

namespace sim::harness {

namespace {

using exact_json::check_list;
using exact_json::check_row;
using exact_json::Json;
using exact_json::number;
using exact_json::read_number;
using exact_json::read_signed;
using exact_json::read_text;
using exact_json::read_unsigned;
using exact_json::text;

/// A row whatever its elements are: braces would make an object of pairs that begin with a text.
template <class... Elements>
Json row(Elements&&... elements) {
  Json json = Json::array();
  (json.push_back(std::forward<Elements>(elements)), ...);
  return json;
}

template <class Items, class Write>
Json written(const Items& items, const Write& write) {
  Json json = Json::array();
  for (const auto& item : items) {
    json.push_back(write(item));
  }
  return json;
}

template <class Item, class Read>
std::vector<Item> read_all(const Json& json, const Read& read) {
  std::vector<Item> items;
  check_list(json);
  items.reserve(json.size());
  for (const auto& element : json) {
    items.push_back(read(element));
  }
  return items;
}

Json totals_json(const RunTotals& totals) {
  return row(totals.fingerprint, totals.events, totals.dead_letters, totals.virtual_time.count());
}

RunTotals read_totals(const Json& json) {
  constexpr std::size_t columns = 4;
  check_row(json, columns);
  RunTotals totals;
  totals.fingerprint = read_unsigned(json[0]);
  totals.events = read_unsigned(json[1]);
  totals.dead_letters = read_unsigned(json[2]);
  totals.virtual_time = Duration(read_signed(json[3]));
  return totals;
}

Json report_row(const Report& report) {
  return row(text(report.metric), text(report.unit), number(report.value), report.samples);
}

Report read_report(const Json& json) {
  constexpr std::size_t columns = 4;
  check_row(json, columns);
  return {read_text(json[0]), read_text(json[1]), read_number(json[2]), read_unsigned(json[3])};
}

Json account_row(const Account& account) { return row(text(account.whole), written(account.parts, text)); }

Account read_account(const Json& json) {
  check_row(json, 2);
  return {read_text(json[0]), read_all<std::string>(json[1], read_text)};
}

Json metric_row(const MetricRow& metric) {
  return row(text(metric.name), text(metric.unit), text(metric.statistic), number(metric.value), metric.samples);
}

MetricRow read_metric(const Json& json) {
  constexpr std::size_t columns = 5;
  check_row(json, columns);
  return {read_text(json[0]), read_text(json[1]), read_text(json[2]), read_number(json[3]), read_unsigned(json[4])};
}

/// The label of a simulation stands once in front of its rows, of which there may be hundreds.
Json measurements_json(const std::vector<Measurement>& measurements) {
  Json groups = Json::array();
  const std::string* label = nullptr;
  for (const auto& measurement : measurements) {
    if (label == nullptr || *label != measurement.simulation) {
      label = &measurement.simulation;
      groups.push_back(row(text(*label), Json::array()));
    }
    groups.back()[1].push_back(metric_row(measurement.row));
  }
  return groups;
}

std::vector<Measurement> read_measurements(const Json& json) {
  std::vector<Measurement> measurements;
  check_list(json);
  for (const auto& group : json) {
    check_row(group, 2);
    const std::string label = read_text(group[0]);
    check_list(group[1]);
    for (const auto& metric : group[1]) {
      measurements.push_back({label, read_metric(metric)});
    }
  }
  return measurements;
}

Json curve_row(const Curve& curve) {
  return row(text(curve.simulation), text(curve.metric), text(curve.actor),
             written(curve.points, [](const Series::Point& point) { return point.at.time_since_epoch().count(); }),
             written(curve.points, [](const Series::Point& point) { return number(point.value); }));
}

Curve read_curve(const Json& json) {
  constexpr std::size_t columns = 5;
  check_row(json, columns);
  Curve curve{read_text(json[0]), read_text(json[1]), read_text(json[2]), {}};
  const Json& times = json[3];
  const Json& values = json[4];
  check_list(times);
  check_row(values, times.size());
  curve.points.reserve(times.size());
  for (std::size_t i = 0; i < times.size(); ++i) {
    curve.points.push_back({Time(Duration(read_signed(times[i]))), read_number(values[i])});
  }
  return curve;
}

Json attachment_row(const Attachment& attachment) { return row(text(attachment.file_name), text(attachment.text)); }

Attachment read_attachment(const Json& json) {
  check_row(json, 2);
  return {read_text(json[0]), read_text(json[1])};
}

}  // namespace

std::string replication_json(const Replication& replication) {
  Json json = Json::object();
  json["totals"] = totals_json(replication.totals);
  json["reports"] = written(replication.reports, report_row);
  json["accounts"] = written(replication.accounts, account_row);
  json["measurements"] = measurements_json(replication.measurements);
  json["curves"] = written(replication.curves, curve_row);
  json["warnings"] = written(replication.warnings, text);
  json["attachments"] = written(replication.attachments, attachment_row);
  return json.dump();
}

Expected<Replication> parse_replication(std::string_view json_text) {
  try {
    const Json json = Json::parse(json_text);
    Replication replication;
    replication.totals = read_totals(json.at("totals"));
    replication.reports = read_all<Report>(json.at("reports"), read_report);
    replication.accounts = read_all<Account>(json.at("accounts"), read_account);
    replication.measurements = read_measurements(json.at("measurements"));
    replication.curves = read_all<Curve>(json.at("curves"), read_curve);
    replication.warnings = read_all<std::string>(json.at("warnings"), read_text);
    replication.attachments = read_all<Attachment>(json.at("attachments"), read_attachment);
    return replication;
  } catch (const std::exception& failure) {
    return unexpected(fmt::format("is no replication: {}", one_line(failure.what())));
  }
}

}  // namespace sim::harness
