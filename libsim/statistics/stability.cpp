#include "libsim/statistics/stability.hpp"

#include <cmath>

#include <fmt/format.h>

#include "libsim/statistics/moments.hpp"
#include "libsim/statistics/observations.hpp"
#include "libsim/statistics/quantiles.hpp"

namespace sim {

namespace {

constexpr std::size_t windows_min = 3;
constexpr std::uint32_t growth_batches_min = 4;

/// The least-squares line through equally spaced values.
struct FittedLine {
  double mean = 0.0;
  double slope = 0.0;                 ///< per step
  double slope_standard_error = 0.0;  ///< from the residuals, on n - 2 degrees of freedom
};

/// Three values at least.
FittedLine fit_line(std::span<const double> values) {
  const double count = static_cast<double>(values.size());
  const double centre = (count - 1.0) / 2.0;
  const double position_squares = count * (count * count - 1.0) / 12.0;
  FittedLine line;
  for (const double value : values) {
    line.mean += value / count;
  }
  for (std::size_t i = 0; i < values.size(); ++i) {
    line.slope += (static_cast<double>(i) - centre) * (values[i] - line.mean) / position_squares;
  }
  double squares = 0.0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double residual = values[i] - line.mean - line.slope * (static_cast<double>(i) - centre);
    squares += residual * residual;
  }
  line.slope_standard_error = std::sqrt(squares / (count - 2.0) / position_squares);
  return line;
}

Expected<void> validate_growth(const GrowthConfig& config) {
  if (!(config.relevant_share > 0.0)) {
    return unexpected(fmt::format("relevant_share {}: expected a positive number, such as 0.5", config.relevant_share));
  }
  if (config.batches < growth_batches_min) {
    return unexpected(fmt::format("batches {}: expected at least {}", config.batches, growth_batches_min));
  }
  return validate_confidence(config.confidence);
}

Expected<void> validate_replications(std::span<const std::vector<double>> replications) {
  for (std::size_t i = 0; i < replications.size(); ++i) {
    if (replications[i].size() != replications.front().size()) {
      return unexpected(fmt::format("replication {} has {} windows, replication 0 has {}: expected as many", i,
                                    replications[i].size(), replications.front().size()));
    }
    if (replications[i].size() < windows_min) {
      return unexpected(fmt::format("{} windows: a trend needs at least {}", replications[i].size(), windows_min));
    }
    if (const auto valid = validate_observations(replications[i]); !valid) {
      return unexpected(fmt::format("replication {}: {}", i, valid.error().message));
    }
  }
  return {};
}

Growth judge_growth(const Interval& slope, double mean_level, std::size_t windows, const GrowthConfig& config) {
  Growth growth;
  growth.slope = slope;
  growth.mean_level = mean_level;
  growth.share = mean_level == 0.0 ? 0.0 : slope.mean * static_cast<double>(windows) / std::abs(mean_level);
  growth.growing = slope.lower() > 0.0 && growth.share >= config.relevant_share;
  return growth;
}

}  // namespace

Expected<Growth> growth_of_replications(std::span<const std::vector<double>> replications, const GrowthConfig& config) {
  if (const auto valid = validate_growth(config); !valid) {
    return tl::unexpected(valid.error());
  }
  if (const auto valid = validate_replications(replications); !valid) {
    return tl::unexpected(valid.error());
  }
  Moments slopes;
  Moments levels;
  for (const auto& windows : replications) {
    const FittedLine line = fit_line(windows);
    slopes.add(line.slope);
    levels.add(line.mean);
  }
  const auto slope = mean_interval(slopes, config.confidence);
  if (!slope) {
    return tl::unexpected(slope.error());
  }
  return judge_growth(*slope, levels.mean(), replications.front().size(), config);
}

Expected<Growth> growth_of_run(std::span<const double> windows, const GrowthConfig& config) {
  if (const auto valid = validate_growth(config); !valid) {
    return tl::unexpected(valid.error());
  }
  if (const auto valid = validate_observations(windows); !valid) {
    return tl::unexpected(valid.error());
  }
  const std::size_t batch_size = windows.size() / config.batches;
  if (batch_size == 0) {
    return unexpected(fmt::format("{} windows: too few for {} batches", windows.size(), config.batches));
  }
  const std::size_t used = batch_size * config.batches;
  std::vector<double> means(config.batches, 0.0);
  for (std::size_t i = 0; i < used; ++i) {
    means[i / batch_size] += windows[windows.size() - used + i] / static_cast<double>(batch_size);
  }
  const FittedLine line = fit_line(means);
  Interval slope;
  slope.mean = line.slope / static_cast<double>(batch_size);
  slope.standard_error = line.slope_standard_error / static_cast<double>(batch_size);
  slope.half_width = student_t_quantile(0.5 + config.confidence / 2.0, config.batches - 2) * slope.standard_error;
  slope.samples = config.batches;
  slope.confidence = config.confidence;
  return judge_growth(slope, line.mean, used, config);
}

Load judge_load(const Interval& utilisation) {
  if (utilisation.lower() >= 1.0) {
    return Load::at_capacity;
  }
  return utilisation.upper() < 1.0 ? Load::below_capacity : Load::unclear;
}

}  // namespace sim
