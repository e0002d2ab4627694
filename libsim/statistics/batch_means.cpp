#include "libsim/statistics/batch_means.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <fmt/format.h>

#include "libsim/failure.hpp"
#include "libsim/statistics/quantiles.hpp"

namespace sim {

namespace {

constexpr std::uint32_t batches_min = 3;  // the variance of von Neumann's ratio has the factor (batches - 2)

double mean_of(std::span<const double> values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

Expected<void> validate(const BatchMeansConfig& config) {
  if (config.batches < batches_min) {
    return unexpected(fmt::format("batches {}: expected at least {}", config.batches, batches_min));
  }
  if (!(config.warm_up_share >= 0.0 && config.warm_up_share < 1.0)) {
    return unexpected(
        fmt::format("warm_up_share {}: expected a number from 0 to below 1, such as 0.1", config.warm_up_share));
  }
  return validate_confidence(config.confidence);
}

std::uint64_t warm_up_of(std::uint64_t observations, const BatchMeansConfig& config) {
  const double share = std::ceil(config.warm_up_share * static_cast<double>(observations));
  return std::max(config.warm_up_observations, static_cast<std::uint64_t>(share));
}

tl::unexpected<Error> too_few(std::uint64_t observations, const BatchMeansConfig& config) {
  return unexpected(fmt::format("{} observations with a warm-up of {}: too few for {} batches", observations,
                                warm_up_of(observations, config), config.batches));
}

/// Von Neumann's ratio as a correlation: the lag-1 estimate plus the end terms that make its expectation 0. Of
/// independent normal values it has variance (k - 2) / (k² - 1).
bool passes_von_neumann_test(std::span<const double> values, double correlation) {
  const double mean = mean_of(values);
  double squares = 0.0;
  for (const double value : values) {
    squares += (value - mean) * (value - mean);
  }
  if (squares == 0.0) {
    return true;
  }
  const double first = values.front() - mean;
  const double last = values.back() - mean;
  const double statistic = correlation + (first * first + last * last) / (2.0 * squares);
  const double k = static_cast<double>(values.size());
  return statistic <= normal_quantile(1.0 - independence_level) * std::sqrt((k - 2.0) / (k * k - 1.0));
}

/// Cuts the end of `cells`, each the mean of as many observations as the others, into equal batches.
std::vector<double> means_of_last_cells(std::span<const double> cells, std::size_t cells_per_batch,
                                        std::uint32_t batches) {
  std::vector<double> means;
  means.reserve(batches);
  auto rest = cells.last(cells_per_batch * batches);
  for (std::uint32_t batch = 0; batch < batches; ++batch) {
    means.push_back(mean_of(rest.first(cells_per_batch)));
    rest = rest.subspan(cells_per_batch);
  }
  return means;
}

/// The analysis of `cells`, after the first `warm_up_cells`; each stands for `cell_size` of `observations`.
Expected<BatchMeansResult> analyse(std::span<const double> cells, std::uint64_t warm_up_cells, std::uint64_t cell_size,
                                   std::uint64_t observations, const BatchMeansConfig& config) {
  if (warm_up_cells >= cells.size() || cells.size() - warm_up_cells < config.batches) {
    return too_few(observations, config);
  }
  const std::size_t cells_per_batch = (cells.size() - warm_up_cells) / config.batches;
  const auto means = means_of_last_cells(cells, cells_per_batch, config.batches);
  auto interval = mean_interval(means, config.confidence);
  if (!interval) {
    return tl::unexpected(interval.error());
  }
  BatchMeansResult result;
  result.interval = *interval;
  result.batch_size = cells_per_batch * cell_size;
  result.dropped = observations - result.batch_size * config.batches;
  result.lag1_autocorrelation = lag1_autocorrelation(means);
  result.independent = passes_von_neumann_test(means, result.lag1_autocorrelation);
  return result;
}

}  // namespace

double lag1_autocorrelation(std::span<const double> values) {
  if (values.size() < 2) {
    return 0.0;
  }
  const double mean = mean_of(values);
  double squares = 0.0;
  double products = 0.0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double deviation = values[i] - mean;
    squares += deviation * deviation;
    products += i + 1 < values.size() ? deviation * (values[i + 1] - mean) : 0.0;
  }
  return squares == 0.0 ? 0.0 : products / squares;
}

Expected<BatchMeansResult> batch_means(std::span<const double> observations, const BatchMeansConfig& config) {
  if (const auto valid = validate(config); !valid) {
    return tl::unexpected(valid.error());
  }
  return analyse(observations, warm_up_of(observations.size(), config), 1, observations.size(), config);
}

BatchMeans::BatchMeans() { sums_.reserve(groups_max); }

void BatchMeans::add(double observation) {
  check(std::abs(observation) <= Moments::magnitude_max,
        "an observed value is a finite number of magnitude at most 1e100");
  sum_ += observation;
  if (++in_group_ == group_size_) {
    finish_group();
  }
}

void BatchMeans::finish_group() {
  sums_.push_back(sum_);
  sum_ = 0.0;
  in_group_ = 0;
  if (sums_.size() < groups_max) {
    return;
  }
  for (std::size_t i = 0; i < groups_max / 2; ++i) {
    sums_[i] = sums_[2 * i] + sums_[2 * i + 1];
  }
  sums_.resize(groups_max / 2);
  group_size_ *= 2;
}

Expected<BatchMeansResult> BatchMeans::result(const BatchMeansConfig& config) const {
  if (const auto valid = validate(config); !valid) {
    return tl::unexpected(valid.error());
  }
  if (config.batches > groups_max / 2) {
    return unexpected(fmt::format("batches {}: expected at most {}", config.batches, groups_max / 2));
  }
  std::vector<double> means(sums_);
  for (double& mean : means) {
    mean /= static_cast<double>(group_size_);
  }
  const std::uint64_t warm_up = warm_up_of(count(), config);
  const std::uint64_t warm_up_groups = warm_up / group_size_ + (warm_up % group_size_ == 0 ? 0 : 1);
  return analyse(means, warm_up_groups, group_size_, count(), config);
}

}  // namespace sim
