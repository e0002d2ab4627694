#include "libsim/harness/experiment/parameter.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "libsim/text/nearest_name.hpp"

namespace sim::harness {

std::string Parameter::flaw() const {
  if (meaning_.empty()) {
    return "has no meaning";
  }
  if (source_.empty()) {
    return "has no source";
  }
  return flaw_of_range();
}

NumberParameter::NumberParameter(std::string name, double& value) : Declaration(std::move(name)), value_(value) {
  default_text_ = text();
}

NumberParameter& NumberParameter::range(double least, double most) {
  least_ = least;
  most_ = most;
  return *this;
}

std::string NumberParameter::expected() const {
  return fmt::format("a number from {} to {}", exact_text(least_), exact_text(most_));
}

std::string NumberParameter::range_text() const {
  return fmt::format("{} … {}", exact_text(least_), exact_text(most_));
}

std::string NumberParameter::text() const { return exact_text(value_); }

Expected<void> NumberParameter::set(std::string_view text, SampleFiles&) {
  const auto number = parse_number(text);
  if (!number || !allows(*number)) {
    return unexpected("expected " + expected());
  }
  value_ = *number;
  return {};
}

std::string NumberParameter::flaw_of_range() const {
  return !has_range() ? "has no range" : allows(value_) ? "" : "has a default out of its range";
}

DurationParameter::DurationParameter(std::string name, Duration& value) : Declaration(std::move(name)), value_(value) {
  default_text_ = text();
}

DurationParameter& DurationParameter::range(Duration least, Duration most) {
  least_ = least;
  most_ = most;
  return *this;
}

DurationParameter& DurationParameter::or_forever() {
  may_be_forever_ = true;
  default_text_ = text();
  return *this;
}

DurationParameter& DurationParameter::zero_is_forever() {
  zero_is_forever_ = true;
  return or_forever();
}

std::string DurationParameter::expected() const {
  const std::string range = most_ == forever ? fmt::format("of at least {}", sim::to_text(least_))
                                             : fmt::format("from {} to {}", sim::to_text(least_), sim::to_text(most_));
  return fmt::format("a duration {}, such as 250ms, 1.5s or 2h (ns, us, ms, s, min, h, d){}{}", range,
                     may_be_forever_ ? ", or forever" : "", zero_is_forever_ ? ", as which 0 counts" : "");
}

std::string DurationParameter::range_text() const {
  const std::string range = most_ == forever ? fmt::format("{} …", sim::to_text(least_))
                                             : fmt::format("{} … {}", sim::to_text(least_), sim::to_text(most_));
  return range + (zero_is_forever_ ? ", 0 or forever" : may_be_forever_ ? ", forever" : "");
}

std::string DurationParameter::text() const {
  return may_be_forever_ && value_ == forever ? "forever" : sim::to_text(value_);
}

bool DurationParameter::means_forever(std::string_view text) const {
  return may_be_forever_ && (text == "forever" || (zero_is_forever_ && parse_duration(text) == Duration::zero()));
}

Expected<void> DurationParameter::set(std::string_view text, SampleFiles&) {
  if (means_forever(text)) {
    value_ = forever;
    return {};
  }
  const auto duration = parse_duration(text);
  if (!duration || !allows(*duration)) {
    return unexpected("expected " + expected());
  }
  value_ = *duration;
  return {};
}

std::string DurationParameter::flaw_of_range() const {
  if (value_ == forever) {
    return may_be_forever_ ? "" : "has a default of forever, but does not declare the word";
  }
  return allows(value_) ? "" : "has a default out of its range";
}

DistributionParameter::DistributionParameter(std::string name, Distribution& value)
    : Declaration(std::move(name)), value_(value) {
  default_text_ = text();
}

std::string DistributionParameter::expected() const {
  return "a distribution of times, such as exponential(2s) or lognormal(p50=2.5s, p99=14s)";
}

std::string DistributionParameter::text() const { return sim::to_text(value_); }

Expected<void> DistributionParameter::set(std::string_view text, SampleFiles& files) {
  auto distribution = parse_distribution(text, files.loader());
  if (!distribution) {
    return tl::unexpected(std::move(distribution.error()));
  }
  value_ = std::move(*distribution);
  return {};
}

SwitchParameter::SwitchParameter(std::string name, bool& value) : Declaration(std::move(name)), value_(value) {
  default_text_ = text();
}

Expected<void> SwitchParameter::set(std::string_view text, SampleFiles&) {
  const bool on = text == "on" || text == "true";
  if (!on && text != "off" && text != "false") {
    return unexpected("expected on or off");
  }
  value_ = on;
  return {};
}

TextParameter::TextParameter(std::string name, std::string& value) : Declaration(std::move(name)), value_(value) {
  default_text_ = text();
}

TextParameter& TextParameter::not_empty() {
  may_be_empty_ = false;
  return *this;
}

std::string TextParameter::expected() const {
  return may_be_empty_ ? "a text without control characters" : "a text without control characters, not empty";
}

Expected<void> TextParameter::set(std::string_view text, SampleFiles&) {
  const auto is_control = [](char letter) { return static_cast<unsigned char>(letter) < 0x20 || letter == 0x7F; };
  if (std::any_of(text.begin(), text.end(), is_control) || (text.empty() && !may_be_empty_)) {
    return unexpected("expected " + expected());
  }
  value_ = text;
  return {};
}

Error unknown_choice(std::string_view text, const std::vector<std::string>& names) {
  return Error{fmt::format("expected {}{}", one_of(names), did_you_mean(text, names))};
}

std::string one_of(const std::vector<std::string>& names) {
  std::string text;
  for (std::size_t index = 0; index < names.size(); ++index) {
    text += (index == 0 ? "" : index + 1 == names.size() ? " or " : ", ") + names[index];
  }
  return text;
}

}  // namespace sim::harness
