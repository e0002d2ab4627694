#include "libsim/statistics/warm_up.hpp"

#include <algorithm>
#include <numeric>

#include <fmt/format.h>

#include "libsim/statistics/moments.hpp"
#include "libsim/statistics/observations.hpp"

namespace sim {

namespace {

constexpr std::size_t kept_batches_min = 5;
// With fewer the second half would not hold a single cut.
constexpr std::size_t mser_batches_min = 2 * kept_batches_min;

std::vector<double> means_of_five(std::span<const double> observations) {
  std::vector<double> means(observations.size() / mser_batch_size);
  for (double& mean : means) {
    const auto batch = observations.first(mser_batch_size);
    mean = std::accumulate(batch.begin(), batch.end(), 0.0) / static_cast<double>(mser_batch_size);
    observations = observations.subspan(mser_batch_size);
  }
  return means;
}

}  // namespace

Expected<WarmUp> mser5(std::span<const double> observations) {
  if (const auto valid = validate_observations(observations); !valid) {
    return tl::unexpected(valid.error());
  }
  const auto means = means_of_five(observations);
  if (means.size() < mser_batches_min) {
    return unexpected(fmt::format("{} observations: MSER-5 needs at least {}", observations.size(),
                                  mser_batches_min * mser_batch_size));
  }
  WarmUp best;
  best.observations = observations.size();
  Moments kept;
  // From the end, so that the sums over the kept batches grow by one value at each step.
  for (std::size_t cut = means.size(); cut-- > 0;) {
    kept.add(means[cut]);
    if (kept.count() < kept_batches_min) {
      continue;
    }
    const double count = static_cast<double>(kept.count());
    const double statistic = kept.variance() * (count - 1.0) / (count * count);
    if (kept.count() == kept_batches_min || statistic <= best.statistic) {
      best.dropped = cut * mser_batch_size;
      best.statistic = statistic;
    }
  }
  return best;
}

Expected<std::vector<double>> average_of_replications(std::span<const std::vector<double>> replications) {
  if (replications.empty()) {
    return unexpected("no replications: expected at least one");
  }
  std::size_t length = replications.front().size();
  for (std::size_t i = 0; i < replications.size(); ++i) {
    if (const auto valid = validate_observations(replications[i]); !valid) {
      return unexpected(fmt::format("replication {}: {}", i, valid.error().message));
    }
    if (replications[i].empty()) {
      return unexpected(fmt::format("replication {} has no values: expected at least one", i));
    }
    length = std::min(length, replications[i].size());
  }
  std::vector<double> averages(length, 0.0);
  for (std::size_t at = 0; at < length; ++at) {
    for (const auto& replication : replications) {
      averages[at] += replication[at];
    }
    averages[at] /= static_cast<double>(replications.size());
  }
  return averages;
}

}  // namespace sim
