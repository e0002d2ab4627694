#include "libsim/statistics/batch_quantile.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "libsim/statistics/moments.hpp"
#include "libsim/statistics/observations.hpp"
#include "libsim/statistics/order_statistics.hpp"

namespace sim {

namespace {

/// The percentile of one batch, which has a sample at or below it and one above.
Expected<double> quantile_of_batch(std::vector<double> batch, double percent) {
  if (const auto valid = validate_observations(batch); !valid) {
    return tl::unexpected(valid.error());
  }
  const double tail = std::min(percent, 100.0 - percent) / 100.0;
  const double samples_in_tail = tail * static_cast<double>(batch.size());
  constexpr double one_sample = 1.0 - 1e-9;  // 100 - 99.9 is a little less than 0.1
  if (samples_in_tail < one_sample) {
    return unexpected(fmt::format("{} samples: too few for a percentile of {}", batch.size(), percent));
  }
  const auto place = batch.begin() + static_cast<std::ptrdiff_t>(nearest_rank(percent, batch.size()) - 1);
  std::nth_element(batch.begin(), place, batch.end());
  return *place;
}

}  // namespace

Expected<Interval> batch_quantile_interval(std::span<const std::vector<double>> batches, double percent,
                                           double confidence) {
  if (!(percent > 0.0 && percent < 100.0)) {
    return unexpected(fmt::format("percentile {}: expected a number strictly between 0 and 100", percent));
  }
  Moments quantiles;
  for (std::size_t i = 0; i < batches.size(); ++i) {
    const auto quantile = quantile_of_batch(batches[i], percent);
    if (!quantile) {
      return unexpected(fmt::format("batch {}: {}", i, quantile.error().message));
    }
    quantiles.add(*quantile);
  }
  return mean_interval(quantiles, confidence);
}

Expected<Interval> batch_quantile_interval(std::span<const double> observations, std::uint32_t batches, double percent,
                                           double confidence) {
  if (batches < 2) {
    return unexpected(fmt::format("batches {}: expected at least 2", batches));
  }
  const std::size_t batch_size = observations.size() / batches;
  auto rest = observations.last(batch_size * batches);
  std::vector<std::vector<double>> pieces;
  for (std::uint32_t i = 0; i < batches; ++i) {
    pieces.emplace_back(rest.begin(), rest.begin() + static_cast<std::ptrdiff_t>(batch_size));
    rest = rest.subspan(batch_size);
  }
  return batch_quantile_interval(pieces, percent, confidence);
}

}  // namespace sim
