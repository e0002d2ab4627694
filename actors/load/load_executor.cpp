#include "actors/load/load_executor.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "libsim/failure.hpp"
#include "libsim/random/laws.hpp"

namespace sim::policies {

namespace {

/// Iterations of one virtual user at one moment that are taken for a loop without end.
constexpr std::uint32_t starts_without_time_max = 100'000;

}  // namespace

LoadExecutor::LoadExecutor(Config config, Time begin) : config_(std::move(config)) {
  check(config_.start_time >= 0s && config_.graceful_stop >= 0s, "start time and graceful stop are not negative");
  begin_ = begin + config_.start_time;
  now_ = begin;
  std::visit([this](const auto& settings) { set_up(settings); }, config_.executor);
}

void LoadExecutor::set_up(const SharedIterations& settings) {
  check(settings.iterations > 0 && settings.max_duration > 0s, "shared iterations are at least one, and have time");
  scheduled_count_ = settings.iterations;
  set_up_loops(settings.vus, {{settings.max_duration, settings.vus}});
}

void LoadExecutor::set_up(const PerVuIterations& settings) {
  check(settings.iterations > 0 && settings.max_duration > 0s, "iterations per user are at least one, and have time");
  check(settings.iterations <= 0xffff'ffff, "a virtual user has fewer than 2^32 iterations");
  scheduled_count_ = settings.vus * settings.iterations;
  iterations_per_vu_max_ = settings.iterations;
  set_up_loops(settings.vus, {{settings.max_duration, settings.vus}});
}

void LoadExecutor::set_up(const ConstantVus& settings) {
  check(settings.duration > 0s, "a closed loop has a duration");
  set_up_loops(settings.vus, {{settings.duration, settings.vus}});
}

void LoadExecutor::set_up(const RampingVus& settings) {
  check(settings.graceful_ramp_down >= 0s, "a graceful ramp-down is not negative");
  graceful_ramp_down_ = settings.graceful_ramp_down;
  set_up_loops(settings.start_vus, settings.stages);
}

void LoadExecutor::set_up(const ConstantArrivalRate& settings) {
  check(settings.rate > 0 && settings.duration > 0s, "an arrival rate is positive and has a duration");
  set_up_lines(settings.rate, {{settings.duration, settings.rate}});
  starts_at_once_ = true;
  set_up_arrivals(settings.time_unit, settings.pre_allocated_vus, settings.max_vus);
}

void LoadExecutor::set_up(const RampingArrivalRate& settings) {
  set_up_lines(settings.start_rate, settings.stages);
  set_up_arrivals(settings.time_unit, settings.pre_allocated_vus, settings.max_vus);
}

void LoadExecutor::set_up_lines(std::uint32_t start_level, const std::vector<LoadStage>& stages) {
  check(!stages.empty(), "a ramp has at least one stage");
  Time at = begin_;
  std::uint32_t level = start_level;
  for (const LoadStage& stage : stages) {
    check(stage.duration >= 0s, "a stage does not have a negative duration");
    const Time to_at = at + stage.duration;
    lines_.push_back({at, to_at, level, stage.target});
    at = to_at;
    level = stage.target;
  }
  end_ = at;
}

void LoadExecutor::set_up_loops(std::uint32_t start_vus, const std::vector<LoadStage>& stages) {
  lines_.push_back({begin_, begin_, 0, start_vus});
  set_up_lines(start_vus, stages);
  std::uint32_t vus_max = 0;
  for (const Line& line : lines_) {
    vus_max = std::max(vus_max, line.to);
  }
  check(vus_max > 0, "a closed loop has at least one virtual user");
  vus_.resize(vus_max);
  allocated_vus_ = vus_max;
  find_next_vu();
}

void LoadExecutor::set_up_arrivals(Duration time_unit, std::uint32_t pre_allocated_vus, std::uint32_t max_vus) {
  check(time_unit > 0s, "a rate is per some time");
  check(max_vus == 0 || max_vus >= pre_allocated_vus, "more virtual users are allowed than pre-allocated, or as many");
  check(std::max(pre_allocated_vus, max_vus) > 0, "an arrival rate has at least one virtual user");
  is_arrival_rate_ = true;
  vus_.resize(std::max(pre_allocated_vus, max_vus));
  allocated_vus_ = pre_allocated_vus;
  free_vus_.reserve(vus_.size());
  for (std::uint32_t vu = pre_allocated_vus; vu > 0; --vu) {
    free_vus_.push_back(vu - 1);
  }

  area_grain_ = time_unit;
  for (const Line& line : lines_) {
    area_grain_ =
        Duration(std::gcd<std::int64_t, std::int64_t>(area_grain_.count(), (line.to_at - line.from_at).count()));
  }
  area_per_iteration_ = 2 * static_cast<std::uint64_t>(time_unit / area_grain_);
  std::uint64_t area = 0;
  double rough_area = 0.0;
  for (const Line& line : lines_) {
    area += area_of(line);
    rough_area +=
        (static_cast<double>(line.from) + line.to) * static_cast<double>((line.to_at - line.from_at) / area_grain_);
  }
  check(rough_area < 9e18, "the stages of an arrival rate are a multiple of a longer time, or ask for less");
  scheduled_count_ =
      starts_at_once_ ? (area + area_per_iteration_ - 1) / area_per_iteration_ : area / area_per_iteration_;
  find_next_arrival();
}

std::optional<LoadExecutor::Iteration> LoadExecutor::start_next(Time now) {
  advance(now);
  while (step_at_ && *step_at_ <= now) {
    if (is_arrival_rate_) {
      ++arrivals_;
      find_next_arrival();
      if (const auto vu = take_free_vu()) {
        return start(*vu);
      }
      ++statistics_.dropped_count;
    } else {
      const std::uint32_t vu = begun_vus_++;
      find_next_vu();
      if (!vus_[vu].is_running && may_start(vu)) {
        return start(vu);
      }
    }
  }
  if (!is_arrival_rate_ && scheduled_count_ && now >= end_) {
    statistics_.dropped_count = *scheduled_count_ - statistics_.started_count;
  }
  return std::nullopt;
}

std::optional<LoadExecutor::Iteration> LoadExecutor::ended(Time now, VuId vu) {
  advance(now);
  const auto number = static_cast<std::uint32_t>(vu);
  check(number < vus_.size() && vus_[number].is_running, "an iteration ends after it has started");
  check(now <= vus_[number].interrupt_at, "an iteration is interrupted in time");
  vus_[number].is_running = false;
  --running_;
  ++(now < vus_[number].interrupt_at ? statistics_.completed_count : statistics_.interrupted_count);
  if (is_arrival_rate_) {
    free_vus_.push_back(number);
    return std::nullopt;
  }
  return may_start(number) ? std::optional(start(number)) : std::nullopt;
}

std::optional<Time> LoadExecutor::next_change_at() const {
  if (step_at_ || is_arrival_rate_) {
    return step_at_;
  }
  return scheduled_count_ && has_iterations_left() ? std::optional(end_) : std::nullopt;
}

Time LoadExecutor::ends_at() const { return end_ + config_.graceful_stop; }

void LoadExecutor::advance(Time now) {
  check(now >= now_, "the time of a load never goes back");
  check(!next_change_at() || now <= *next_change_at(), "a change of the load is not passed over");
  now_ = now;
  while (present_line_ + 1 < lines_.size() && lines_[present_line_ + 1].from_at <= now) {
    ++present_line_;
  }
}

Time LoadExecutor::reaches(const Line& line, std::uint32_t level) {
  const std::uint64_t levels = line.to > line.from ? line.to - line.from : line.from - line.to;
  const std::uint64_t passed = line.to > line.from ? level - line.from : line.from - level;
  const auto length = static_cast<std::uint64_t>((line.to_at - line.from_at).count());
  const std::uint64_t nanoseconds = length / levels * passed + length % levels * passed / levels;
  return line.from_at + Duration(static_cast<std::int64_t>(nanoseconds));
}

void LoadExecutor::find_next_vu() {
  for (; step_line_ < lines_.size(); ++step_line_) {
    const Line& line = lines_[step_line_];
    if (begun_vus_ < line.to) {
      const Time at = reaches(line, begun_vus_ + 1);
      step_at_ = at < end_ ? std::optional(at) : std::nullopt;
      return;
    }
    begun_vus_ = line.to;
  }
  step_at_.reset();
}

bool LoadExecutor::is_wanted(std::uint32_t vu) const {
  const Line& line = lines_[present_line_];
  if (vu < std::min(line.from, line.to)) {
    return true;
  }
  if (vu >= std::max(line.from, line.to)) {
    return false;
  }
  return line.to > line.from ? reaches(line, vu + 1) <= now_ : now_ < reaches(line, vu);
}

bool LoadExecutor::has_iterations_left() const {
  return !scheduled_count_ || statistics_.started_count + statistics_.dropped_count < *scheduled_count_;
}

bool LoadExecutor::may_start(std::uint32_t vu) const {
  return now_ < end_ && has_iterations_left() && vus_[vu].started_count < iterations_per_vu_max_ && is_wanted(vu);
}

/// The end of the first time in which the virtual user is not wanted for longer than the graceful ramp-down.
Time LoadExecutor::interruption_of(std::uint32_t vu) const {
  Time grace_ends_at = Time::max();  // while it is wanted
  for (std::size_t index = present_line_; index < lines_.size(); ++index) {
    const Line& line = lines_[index];
    if (line.from > vu && line.to <= vu) {
      grace_ends_at = reaches(line, vu) + graceful_ramp_down_;
    } else if (index > present_line_ && line.from <= vu && line.to > vu) {
      const Time wanted_again_at = reaches(line, vu + 1);
      if (wanted_again_at > grace_ends_at || wanted_again_at >= end_) {
        break;
      }
      grace_ends_at = Time::max();
    }
  }
  return std::min(grace_ends_at, ends_at());
}

void LoadExecutor::find_next_arrival() {
  if (arrivals_ == *scheduled_count_) {
    step_at_.reset();
    return;
  }
  const std::uint64_t area = (arrivals_ + (starts_at_once_ ? 0 : 1)) * area_per_iteration_;
  while (area_before_ + area_of(lines_[step_line_]) < area) {
    area_before_ += area_of(lines_[step_line_]);
    ++step_line_;
  }
  const Time at = reaches_area(lines_[step_line_], area - area_before_);
  step_at_ = std::max(at, now_);  // rounding must not turn the time back
}

std::uint64_t LoadExecutor::area_of(const Line& line) const {
  const auto length = static_cast<std::uint64_t>((line.to_at - line.from_at) / area_grain_);
  return (std::uint64_t{line.from} + line.to) * length;
}

/// Solves slope t² + 2 from t = area for t, in a form that subtracts nothing.
Time LoadExecutor::reaches_area(const Line& line, std::uint64_t area) const {
  const double from = line.from;
  const double length = static_cast<double>((line.to_at - line.from_at) / area_grain_);
  const double slope = (static_cast<double>(line.to) - from) / length;
  const double wanted = static_cast<double>(area);
  if (area == 0) {
    return line.from_at;
  }
  const double grains = wanted / (from + std::sqrt(std::max(from * from + slope * wanted, 0.0)));
  const Duration since = laws::rounded(grains * static_cast<double>(area_grain_.count()));
  return std::min(line.from_at + since, line.to_at);
}

std::optional<std::uint32_t> LoadExecutor::take_free_vu() {
  if (!free_vus_.empty()) {
    const std::uint32_t vu = free_vus_.back();
    free_vus_.pop_back();
    return vu;
  }
  return allocated_vus_ < vus_.size() ? std::optional(allocated_vus_++) : std::nullopt;
}

LoadExecutor::Iteration LoadExecutor::start(std::uint32_t number) {
  Vu& vu = vus_[number];
  const bool loops_in_no_time = vu.started_count > 0 && vu.started_at == now_ && !scheduled_count_;
  vu.starts_without_time = loops_in_no_time ? vu.starts_without_time + 1 : 0;
  check(vu.starts_without_time <= starts_without_time_max, "the iterations of a closed loop take time");
  vu.is_running = true;
  vu.started_at = now_;
  vu.interrupt_at = is_arrival_rate_ ? ends_at() : interruption_of(number);
  ++vu.started_count;
  ++running_;
  return {VuId{number}, statistics_.started_count++, vu.interrupt_at};
}

}  // namespace sim::policies
