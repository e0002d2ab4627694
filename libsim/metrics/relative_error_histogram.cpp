#include "libsim/metrics/relative_error_histogram.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <string_view>
#include <tuple>

#include <boost/histogram/axis/integer.hpp>
#include <boost/histogram/histogram.hpp>
#include <boost/histogram/make_histogram.hpp>
#include <boost/histogram/storage_adaptor.hpp>

#include "libsim/failure.hpp"
#include "libsim/statistics/moments.hpp"

namespace sim {

namespace {

namespace histogram = boost::histogram;

constexpr std::string_view no_such_rank = "a rank is counted from 1 and there is a value of that rank";
constexpr int mantissa_bits_dropped = 52 - 7;
constexpr double tiny = 0x1p-64;

constexpr std::uint64_t leading_bits(double magnitude) {
  return std::bit_cast<std::uint64_t>(magnitude) >> mantissa_bits_dropped;
}

constexpr auto leading_bits_of_tiny = static_cast<int>(leading_bits(tiny));

bool countable(double value) { return std::abs(value) <= Moments::magnitude_max; }

/// Numbers the bins in ascending order of their values: 0 around zero, negative ones mirrored.
int bin_of(double value) {
  const double magnitude = std::abs(value);
  if (magnitude < tiny) {
    return 0;
  }
  const int bin = static_cast<int>(leading_bits(magnitude)) - leading_bits_of_tiny + 1;
  return value < 0.0 ? -bin : bin;
}

double lower_magnitude(int bin) {
  return std::bit_cast<double>(static_cast<std::uint64_t>(bin - 1 + leading_bits_of_tiny) << mantissa_bits_dropped);
}

double midpoint(int bin) {
  if (bin == 0) {
    return 0.0;
  }
  const int mirrored = std::abs(bin);
  const double magnitude = (lower_magnitude(mirrored) + lower_magnitude(mirrored + 1)) / 2.0;
  return bin < 0 ? -magnitude : magnitude;
}

using Axis = histogram::axis::integer<int, histogram::use_default, histogram::axis::option::growth_t>;
using Counts = histogram::histogram<std::tuple<Axis>, histogram::dense_storage<std::uint64_t>>;

}  // namespace

struct RelativeErrorHistogram::Bins {
  explicit Bins(int first) : counts(std::tuple(Axis(first, first + 1))) {}

  void count(double value) {
    const int number = bin_of(value);
    const Axis& axis = counts.axis();
    const int index = number - axis.value(0);
    if (index >= 0 && index < axis.size()) [[likely]] {
      counts[index] += 1;
    } else {
      counts(number);  // lets the axis grow
    }
  }

  Counts counts;
};

RelativeErrorHistogram::RelativeErrorHistogram() = default;
RelativeErrorHistogram::RelativeErrorHistogram(const RelativeErrorHistogram& other)
    : bins_(other.bins_ ? std::make_unique<Bins>(*other.bins_) : nullptr) {}
RelativeErrorHistogram::RelativeErrorHistogram(RelativeErrorHistogram&& other) noexcept = default;
RelativeErrorHistogram& RelativeErrorHistogram::operator=(const RelativeErrorHistogram& other) {
  return *this = RelativeErrorHistogram(other);
}
RelativeErrorHistogram& RelativeErrorHistogram::operator=(RelativeErrorHistogram&& other) noexcept = default;
RelativeErrorHistogram::~RelativeErrorHistogram() = default;

void RelativeErrorHistogram::add(std::span<const double> values) {
  check(std::all_of(values.begin(), values.end(), countable),
        "a counted value is a finite number of magnitude at most 1e100");
  if (!bins_ && !values.empty()) {
    bins_ = std::make_unique<Bins>(bin_of(values.front()));
  }
  for (const double value : values) {
    bins_->count(value);
  }
}

void RelativeErrorHistogram::merge(const RelativeErrorHistogram& other) {
  if (!other.bins_) {
    return;
  }
  if (!bins_) {
    *this = other;
    return;
  }
  bins_->counts += other.bins_->counts;
}

double RelativeErrorHistogram::value_at_rank(std::uint64_t rank) const {
  check(rank > 0 && bins_ != nullptr, no_such_rank);
  const Axis& axis = bins_->counts.axis();
  int i = 0;
  for (std::uint64_t values = bins_->counts.at(i); values < rank; values += bins_->counts.at(i)) {
    ++i;
    check(i < axis.size(), no_such_rank);
  }
  return midpoint(axis.bin(i));
}

}  // namespace sim
