#include "libsim/harness/store/replication_json.hpp"

#include <fmt/format.h>

#include <cmath>
#include <exception>
#include <limits>
#include <optional>

#include "libsim/harness/store/exact_json.hpp"
#include "libsim/text/quoting.hpp"

namespace sim::harness {

namespace {

using exact_json::Reader;
using exact_json::Writer;

template <class Item, class Write>
void write_list(Writer& json, const std::vector<Item>& items, const Write& write) {
  json.begin_list();
  for (const auto& item : items) {
    write(json, item);
  }
  json.end_list();
}

template <class Read>
auto read_list(Reader& json, const Read& read) {
  std::vector<decltype(read(json))> items;
  json.begin_list();
  while (!json.at_end_of_list()) {
    items.push_back(read(json));
  }
  return items;
}

void write_text(Writer& json, const std::string& text) { json.text(text); }

std::string read_text(Reader& json) { return json.text(); }

void write_totals(Writer& json, const RunTotals& totals) {
  json.begin_list();
  json.whole_number(totals.fingerprint);
  json.whole_number(totals.events);
  json.whole_number(totals.dead_letters);
  json.whole_number(std::int64_t{totals.virtual_time.nearest().count()});
  json.end_list();
}

RunTotals read_totals(Reader& json) {
  RunTotals totals;
  json.begin_list();
  totals.fingerprint = json.unsigned_number();
  totals.events = json.unsigned_number();
  totals.dead_letters = json.unsigned_number();
  totals.virtual_time = Duration(json.signed_number());
  json.end_list();
  return totals;
}

void write_report(Writer& json, const Report& report) {
  json.begin_list();
  json.text(report.metric);
  json.text(report.unit);
  json.number(report.value);
  json.whole_number(report.samples);
  json.whole_number(std::uint64_t{report.is_share});
  json.number(report.standard_error);
  json.whole_number(report.independent);
  json.end_list();
}

Report read_report(Reader& json) {
  Report report;
  json.begin_list();
  report.metric = json.text();
  report.unit = json.text();
  report.value = json.number();
  report.samples = json.unsigned_number();
  report.is_share = json.unsigned_number() != 0;
  report.standard_error = json.number();
  report.independent = json.unsigned_number();
  json.end_list();
  return report;
}

void write_account(Writer& json, const Account& account) {
  json.begin_list();
  json.text(account.whole);
  write_list(json, account.parts, write_text);
  json.end_list();
}

Account read_account(Reader& json) {
  Account account;
  json.begin_list();
  account.whole = json.text();
  account.parts = read_list(json, read_text);
  json.end_list();
  return account;
}

void write_metric(Writer& json, const MetricRow& metric) {
  json.begin_list();
  json.text(metric.name);
  json.text(metric.unit);
  json.text(metric.statistic);
  json.number(metric.value);
  json.whole_number(metric.samples);
  json.end_list();
}

MetricRow read_metric(Reader& json) {
  MetricRow metric;
  json.begin_list();
  metric.name = json.text();
  metric.unit = json.text();
  metric.statistic = json.text();
  metric.value = json.number();
  metric.samples = json.unsigned_number();
  json.end_list();
  return metric;
}

/// The label of a simulation stands once in front of its rows, of which there may be hundreds.
void write_measurements(Writer& json, const std::vector<Measurement>& measurements) {
  json.begin_list();
  for (auto first = measurements.begin(); first != measurements.end();) {
    json.begin_list();
    json.text(first->simulation);
    json.begin_list();
    const std::string& label = first->simulation;
    for (; first != measurements.end() && first->simulation == label; ++first) {
      write_metric(json, first->row);
    }
    json.end_list();
    json.end_list();
  }
  json.end_list();
}

std::vector<Measurement> read_measurements(Reader& json) {
  std::vector<Measurement> measurements;
  json.begin_list();
  while (!json.at_end_of_list()) {
    json.begin_list();
    const std::string label = json.text();
    json.begin_list();
    while (!json.at_end_of_list()) {
      measurements.push_back({label, read_metric(json)});
    }
    json.end_list();
  }
  return measurements;
}

void write_curve(Writer& json, const Curve& curve) {
  json.begin_list();
  json.text(curve.simulation);
  json.text(curve.metric);
  json.text(curve.actor);
  json.begin_list();
  for (const auto& point : curve.points) {
    json.whole_number(std::int64_t{point.at.time_since_epoch().count()});
    json.number(point.value);
  }
  json.end_list();
  json.end_list();
}

Curve read_curve(Reader& json) {
  Curve curve;
  json.begin_list();
  curve.simulation = json.text();
  curve.metric = json.text();
  curve.actor = json.text();
  json.begin_list();
  while (!json.at_end_of_list()) {
    const Time at{Duration(json.signed_number())};
    curve.points.push_back({at, json.number()});
  }
  json.end_list();
  return curve;
}

void write_attachment(Writer& json, const Attachment& attachment) {
  json.begin_list();
  json.text(attachment.file_name);
  json.text(attachment.text);
  json.end_list();
}

Attachment read_attachment(Reader& json) {
  Attachment attachment;
  json.begin_list();
  attachment.file_name = json.text();
  attachment.text = json.text();
  json.end_list();
  return attachment;
}

Replication read_replication(Reader& json) {
  Replication replication;
  json.begin_object();
  json.key("totals");
  replication.totals = read_totals(json);
  json.key("reports");
  replication.reports = read_list(json, read_report);
  json.key("accounts");
  replication.accounts = read_list(json, read_account);
  json.key("measurements");
  replication.measurements = read_measurements(json);
  json.key("curves");
  replication.curves = read_list(json, read_curve);
  json.key("warnings");
  replication.warnings = read_list(json, read_text);
  json.key("attachments");
  replication.attachments = read_list(json, read_attachment);
  json.end_object();
  return replication;
}

}  // namespace

std::string replication_json(const Replication& replication) {
  Writer json;
  json.begin_object();
  json.key("totals");
  write_totals(json, replication.totals);
  json.key("reports");
  write_list(json, replication.reports, write_report);
  json.key("accounts");
  write_list(json, replication.accounts, write_account);
  json.key("measurements");
  write_measurements(json, replication.measurements);
  json.key("curves");
  write_list(json, replication.curves, write_curve);
  json.key("warnings");
  write_list(json, replication.warnings, write_text);
  json.key("attachments");
  write_list(json, replication.attachments, write_attachment);
  json.end_object();
  return json.json();
}

Expected<Replication> parse_replication(std::string_view json) {
  try {
    Reader reader(json);
    return read_replication(reader);
  } catch (const std::exception& failure) {
    return unexpected(fmt::format("is no replication: {}", one_line(failure.what())));
  }
}

}  // namespace sim::harness
