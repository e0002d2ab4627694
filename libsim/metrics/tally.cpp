#include "libsim/metrics/tally.hpp"

#include <algorithm>

#include "libsim/failure.hpp"
#include "libsim/statistics/order_statistics.hpp"

namespace sim {

void Tally::merge(const Tally& other) {
  if (&other == this) {
    merge(Tally(other));
    return;
  }
  moments_.merge(other.moments_);
  if (exact() && other.exact() && samples_.size() + other.samples_.size() <= exact_samples_max) {
    samples_.insert(samples_.end(), other.samples_.begin(), other.samples_.end());
    return;
  }
  move_samples_to_histogram();
  histogram_->add(other.samples_);
  if (other.histogram_) {
    histogram_->merge(*other.histogram_);
  }
}

double Tally::percentile(double percent) const {
  check(!empty(), "a percentile has at least one sample");
  if (exact()) {
    return sim::percentile(sorted_samples(), percent);
  }
  const std::uint64_t rank = nearest_rank(percent, count());
  if (rank == 1 || rank == count()) {
    return rank == 1 ? min() : max();
  }
  move_samples_to_histogram();
  return std::clamp(histogram_->value_at_rank(rank), min(), max());
}

std::span<const double> Tally::samples() const {
  check(exact(), "the samples of a tally are asked for while it still has them all");
  return samples_;
}

std::span<const double> Tally::sorted_samples() const {
  if (sorted_.size() != samples_.size()) {
    sorted_ = samples_;
    std::sort(sorted_.begin(), sorted_.end());
  }
  return sorted_;
}

void Tally::move_samples_to_histogram() const {
  if (!histogram_) {
    histogram_.emplace();
  }
  histogram_->add(samples_);
  if (samples_max_ != pending_samples_max) {
    samples_max_ = pending_samples_max;
    samples_ = {};
    samples_.reserve(pending_samples_max);
    sorted_ = {};
  }
  samples_.clear();
}

}  // namespace sim
