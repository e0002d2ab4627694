#include "libsim/harness/run/replications.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "libsim/failure.hpp"
#include "libsim/statistics/proportion.hpp"
#include "libsim/statistics/quantiles.hpp"

namespace sim::harness {

ReportColumn::ReportColumn(const Report& first) : last_(first) {}

void ReportColumn::add(const Report& report) {
  check(last_.unit == report.unit && last_.is_share == report.is_share,
        fmt::format("metric {} is reported alike in each replication", report.metric));
  is_constant_ = is_constant_ && (values_.empty() || values_.back() == report.value);
  is_measured_ = is_measured_ && std::isfinite(report.value);
  if (samples_.empty() && last_.samples != report.samples) {
    samples_.assign(values_.size(), last_.samples);
  }
  values_.push_back(report.value);
  if (!samples_.empty()) {
    samples_.push_back(report.samples);
  }
  samples_of_all_ += report.samples;
  if (report.is_share && std::isfinite(report.value)) {
    samples_with_property_ +=
        static_cast<std::uint64_t>(std::llround(report.value / 100 * static_cast<double>(report.samples)));
  }
  last_.samples = report.samples;
  last_.standard_error = report.standard_error;
  last_.independent = report.independent;
}

Report ReportColumn::at(std::size_t index) const {
  Report report = last_;
  report.value = values_.at(index);
  report.samples = samples_.empty() ? last_.samples : samples_.at(index);
  return report;
}

Estimate ReportColumn::estimate(double confidence) const {
  Estimate estimate{.metric = last_.metric,
                    .unit = last_.unit,
                    .mean = std::numeric_limits<double>::quiet_NaN(),
                    .half_width = std::nullopt,
                    .samples = samples_of_all_,
                    .replications = static_cast<std::uint32_t>(values_.size()),
                    .is_constant = is_constant_,
                    .values = values_,
                    .is_share = last_.is_share};
  if (is_measured_ && values_.size() == 1) {
    estimate.mean = values_.front();
    estimate.half_width = own_half_width(confidence);
    estimate.standard_error = last_.standard_error;
  } else if (is_measured_) {
    const auto interval = mean_interval(values_, confidence);
    check(interval.has_value(), "two or more finite values have an interval");
    estimate.mean = interval->mean;
    estimate.half_width =
        last_.is_share ? std::max(interval->half_width, share_half_width(confidence)) : interval->half_width;
    estimate.standard_error = interval->standard_error;
  }
  return estimate;
}

std::optional<double> ReportColumn::own_half_width(double confidence) const {
  return last_.independent < 2
             ? std::nullopt
             : std::optional(student_t_quantile(0.5 + confidence / 2, last_.independent - 1) * last_.standard_error);
}

/// Of Wilson's interval, in percent: the wider side.
double ReportColumn::share_half_width(double confidence) const {
  return 100 * proportion_half_width(samples_with_property_, samples_of_all_, confidence).value_or(0.0);
}

MeasurementColumn::MeasurementColumn(const Measurement& first) : last_(first) {}

void MeasurementColumn::add(const Measurement& measurement) {
  check(last_.row.unit == measurement.row.unit,
        fmt::format("metric {} is reported alike in each replication", measurement.row.name));
  const double value = measurement.row.value;
  is_constant_ = is_constant_ && (replications_ == 0 || last_.row.value == value);
  is_measured_ = is_measured_ && std::isfinite(value);
  if (is_measured_) {
    moments_.add(value);
  }
  samples_ += measurement.row.samples;
  ++replications_;
  last_.row.value = value;
}

bool MeasurementColumn::is_of(const Measurement& measurement) const {
  return last_.row.name == measurement.row.name && last_.row.statistic == measurement.row.statistic &&
         last_.simulation == measurement.simulation;
}

MeasuredEstimate MeasurementColumn::estimate(double confidence) const {
  Estimate estimate{.metric = last_.row.name,
                    .unit = last_.row.unit,
                    .mean = std::numeric_limits<double>::quiet_NaN(),
                    .half_width = std::nullopt,
                    .samples = samples_,
                    .replications = replications_,
                    .is_constant = is_constant_};
  if (is_measured_ && replications_ == 1) {
    estimate.mean = last_.row.value;
  } else if (is_measured_) {
    const auto interval = mean_interval(moments_, confidence);
    check(interval.has_value(), "two or more finite values have an interval");
    estimate.mean = interval->mean;
    estimate.half_width = interval->half_width;
    estimate.standard_error = interval->standard_error;
  }
  return {last_.simulation, last_.row.statistic, std::move(estimate)};
}

void Warnings::add(std::size_t replication, const std::vector<std::string>& texts) {
  for (const auto& text : texts) {
    auto found = given_by_.find(text);
    if (found == given_by_.end()) {
      if (texts_.size() == texts_max) {
        ++left_out_;
        continue;
      }
      texts_.push_back(text);
      found = given_by_.emplace(text, Givers{.first = replication, .last = replication, .count = 1}).first;
    }
    auto& [first, last, count] = found->second;
    count += std::exchange(last, replication) == replication ? 0 : 1;
  }
}

std::vector<std::string> Warnings::texts(std::size_t replications) const {
  std::vector<std::string> texts;
  for (const auto& text : texts_) {
    const auto& [first, last, count] = given_by_.find(text)->second;
    texts.push_back(count == replications ? text
                    : count == 1          ? fmt::format("replication {}: {}", first, text)
                                          : fmt::format("replication {} and {} more: {}", first, count - 1, text));
  }
  if (left_out_ > 0) {
    texts.push_back(fmt::format("{} more warnings of other texts", left_out_));
  }
  return texts;
}

void Replications::add(Replication replication) {
  const std::size_t number = count();
  const RunTotals& totals = replication.totals;
  fingerprints_.push_back(totals.fingerprint);
  totals_.events += totals.events;
  totals_.dead_letters += totals.dead_letters;
  totals_.virtual_time += totals.virtual_time;
  add_reports(replication.reports);
  add_measurements(replication.measurements);
  warnings_.add(number, replication.warnings);
  if (number == 0) {
    first_ = std::move(replication);
    first_.measurements = {};
    are_alike_ = first_.reports == first_.reports;  // NOLINT(misc-redundant-expression): not so with a NaN among them
  } else {
    are_alike_ = are_alike_ && totals.fingerprint == first_.totals.fingerprint && replication.reports == first_.reports;
  }
}

void Replications::add_reports(const std::vector<Report>& reports) {
  Shape shape;
  for (const auto& report : reports) {
    shape.push_back(column_of(report, shape.size()));
    reports_[shape.back()].add(report);
  }
  if (shape_of_.empty() || shapes_[shape_of_.back()] != shape) {
    const auto known = std::find(shapes_.begin(), shapes_.end(), shape);
    shape_of_.push_back(static_cast<std::uint32_t>(known - shapes_.begin()));
    if (known == shapes_.end()) {
      shapes_.push_back(std::move(shape));
    }
  } else {
    shape_of_.push_back(shape_of_.back());
  }
}

/// Most replications report what the first one did, in its order.
std::uint32_t Replications::column_of(const Report& report, std::size_t position) {
  const auto is_its = [&](const ReportColumn& column) { return column.metric() == report.metric; };
  if (position < reports_.size() && is_its(reports_[position])) {
    return static_cast<std::uint32_t>(position);
  }
  const auto found = std::find_if(reports_.begin(), reports_.end(), is_its);
  const auto column = static_cast<std::uint32_t>(found - reports_.begin());
  if (found == reports_.end()) {
    reports_.emplace_back(report);
  }
  return column;
}

void Replications::add_measurements(const std::vector<Measurement>& measurements) {
  for (std::size_t position = 0; position < measurements.size(); ++position) {
    column_of(measurements[position], position).add(measurements[position]);
  }
}

MeasurementColumn& Replications::column_of(const Measurement& measurement, std::size_t position) {
  if (position < measurements_.size() && measurements_[position].is_of(measurement)) {
    return measurements_[position];
  }
  const auto [found, is_new] = measurement_at_.emplace(
      std::array{measurement.simulation, measurement.row.name, measurement.row.statistic}, measurements_.size());
  if (is_new) {
    measurements_.emplace_back(measurement);
  }
  return measurements_[found->second];
}

const Replication& Replications::first() const {
  check(count() > 0, "there is a first replication");
  return first_;
}

std::vector<double> Replications::values_of(std::string_view metric) const {
  const auto found =
      std::find_if(reports_.begin(), reports_.end(), [&](const auto& column) { return column.metric() == metric; });
  return found == reports_.end() ? std::vector<double>{} : found->values();
}

void Replications::each_report(const std::function<void(std::size_t, const Report&)>& read) const {
  std::vector<std::size_t> next(reports_.size());  // by column
  for (std::size_t replication = 0; replication < shape_of_.size(); ++replication) {
    for (const std::uint32_t column : shapes_[shape_of_[replication]]) {
      read(replication, reports_[column].at(next[column]++));
    }
  }
}

ScenarioResult Replications::result(std::string experiment, std::string scenario, std::uint64_t seed,
                                    double confidence) const {
  ScenarioResult result{.experiment = std::move(experiment),
                        .scenario = std::move(scenario),
                        .seed = seed,
                        .replications = count(),
                        .confidence = confidence,
                        .totals = totals_,
                        .metrics = {},
                        .accounts = first_.accounts,
                        .measurements = {},
                        .curves = first_.curves,
                        .warnings = warnings_.texts(count()),
                        .attachments = first_.attachments};
  result.totals.fingerprint = combined_fingerprint(fingerprints_);
  for (const auto& column : reports_) {
    result.metrics.push_back(column.estimate(confidence));
  }
  for (const auto& column : measurements_) {
    result.measurements.push_back(column.estimate(confidence));
  }
  return result;
}

}  // namespace sim::harness
