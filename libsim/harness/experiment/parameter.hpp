#pragma once

#include <cmath>
#include <concepts>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "libsim/expected.hpp"
#include "libsim/harness/experiment/sample_files.hpp"
#include "libsim/random/distribution.hpp"
#include "libsim/text/number_text.hpp"
#include "libsim/time.hpp"

namespace sim::harness {

/// One setting of an experiment, bound to the variable that holds its value. The variable's value at the time of the
/// declaration is the default. Everything that shows or reads a parameter comes from its declaration: flags, keys of
/// INI files, `--help`, `--list-parameters`, the manifest.
class Parameter {
 public:
  explicit Parameter(std::string name) : name_(std::move(name)) {}
  Parameter(const Parameter&) = delete;
  Parameter& operator=(const Parameter&) = delete;
  virtual ~Parameter() = default;

  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] const std::string& unit() const { return unit_; }                ///< empty: none
  [[nodiscard]] const std::string& placeholder() const { return placeholder_; }  ///< the value in a usage text
  [[nodiscard]] const std::string& meaning() const { return meaning_; }          ///< one line
  [[nodiscard]] const std::string& source() const { return source_; }            ///< where the default comes from
  [[nodiscard]] const std::string& default_text() const { return default_text_; }

  /// What may be written, as in `a whole number from 1 to 1000`.
  [[nodiscard]] virtual std::string expected() const = 0;

  /// The kind of value in one word, for tables.
  [[nodiscard]] virtual std::string_view kind() const = 0;

  /// The allowed values for tables, as in `1 … 1000`; empty where any value of the kind is allowed.
  [[nodiscard]] virtual std::string range_text() const { return {}; }

  /// The allowed values of a parameter that is a whole number, the least and the most; nothing for others.
  [[nodiscard]] virtual std::optional<std::pair<std::int64_t, std::int64_t>> whole_range() const { return {}; }

  /// The current value as text that `set` reads back.
  [[nodiscard]] virtual std::string text() const = 0;

  /// Reads a value. The error says what was expected; the value then stays what it was. `files` reads the samples of
  /// empirical distributions.
  [[nodiscard]] virtual Expected<void> set(std::string_view text, SampleFiles& files) = 0;

  /// Whether the user set it, be it to its default.
  [[nodiscard]] bool is_given() const { return is_given_; }
  void mark_given() { is_given_ = true; }

  /// What is wrong with the declaration itself, or empty: a missing range, meaning or source, a default out of range.
  [[nodiscard]] std::string flaw() const;

 protected:
  /// What is wrong with the default or with the range, or empty.
  [[nodiscard]] virtual std::string flaw_of_range() const { return {}; }

  std::string name_;
  std::string unit_;
  std::string placeholder_ = "VALUE";
  std::string meaning_;
  std::string source_;
  std::string default_text_;

 private:
  bool is_given_ = false;
};

/// The words of a declaration that every kind of parameter has, in the order in which they read best:
/// `parameters.add("container.concurrency", config.concurrency).unit("messages").range(1,
/// 1000).meaning("…").source("…")`.
template <class Self>
class Declaration : public Parameter {
 public:
  using Parameter::meaning;
  using Parameter::Parameter;
  using Parameter::placeholder;
  using Parameter::source;
  using Parameter::unit;

  /// The unit of a plain number; durations and distributions carry theirs in the text.
  Self& unit(std::string text) {
    unit_ = std::move(text);
    return self();
  }
  /// What stands for the value in a usage text, as in `FILE.csv`.
  Self& placeholder(std::string text) {
    placeholder_ = std::move(text);
    return self();
  }
  /// What the parameter does, in one line.
  Self& meaning(std::string text) {
    meaning_ = std::move(text);
    return self();
  }
  /// Where the default comes from: a document, a measurement, or the reason why it is plausible.
  Self& source(std::string text) {
    source_ = std::move(text);
    return self();
  }

 private:
  Self& self() { return static_cast<Self&>(*this); }
};

/// A whole number within a range that the declaration must give.
template <std::integral T>
class IntegerParameter final : public Declaration<IntegerParameter<T>> {
 public:
  IntegerParameter(std::string name, T& value) : Declaration<IntegerParameter<T>>(std::move(name)), value_(value) {
    this->default_text_ = text();
  }

  /// The smallest and the largest value allowed.
  IntegerParameter& range(T least, T most) {
    least_ = least;
    most_ = most;
    has_range_ = true;
    return *this;
  }

  [[nodiscard]] std::string expected() const override {
    return "a whole number from " + std::to_string(least_) + " to " + std::to_string(most_);
  }
  [[nodiscard]] std::string_view kind() const override { return "integer"; }
  [[nodiscard]] std::string range_text() const override {
    return std::to_string(least_) + " … " + std::to_string(most_);
  }
  [[nodiscard]] std::optional<std::pair<std::int64_t, std::int64_t>> whole_range() const override {
    constexpr auto limit = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    const bool too_much = std::cmp_greater(most_, limit);
    return std::pair(static_cast<std::int64_t>(least_),
                     too_much ? std::numeric_limits<std::int64_t>::max() : static_cast<std::int64_t>(most_));
  }
  [[nodiscard]] std::string text() const override { return std::to_string(value_); }
  [[nodiscard]] Expected<void> set(std::string_view text, SampleFiles&) override {
    const auto number = parse_whole_number<T>(text);
    if (!number || !allows(*number)) {
      return unexpected("expected " + expected());
    }
    value_ = *number;
    return {};
  }

 private:
  [[nodiscard]] bool allows(T number) const { return least_ <= number && number <= most_; }
  [[nodiscard]] std::string flaw_of_range() const override {
    return !has_range_ ? "has no range" : allows(value_) ? "" : "has a default out of its range";
  }

  T& value_;
  T least_ = std::numeric_limits<T>::min();
  T most_ = std::numeric_limits<T>::max();
  bool has_range_ = false;
};

/// A finite number.
class NumberParameter final : public Declaration<NumberParameter> {
 public:
  NumberParameter(std::string name, double& value);

  /// The smallest and the largest value allowed.
  NumberParameter& range(double least, double most);

  [[nodiscard]] std::string expected() const override;
  [[nodiscard]] std::string_view kind() const override { return "number"; }
  [[nodiscard]] std::string range_text() const override;
  [[nodiscard]] std::string text() const override;
  [[nodiscard]] Expected<void> set(std::string_view text, SampleFiles& files) override;

 private:
  [[nodiscard]] bool allows(double number) const { return least_ <= number && number <= most_; }
  [[nodiscard]] bool has_range() const { return std::isfinite(least_); }
  [[nodiscard]] std::string flaw_of_range() const override;

  double& value_;
  double least_ = -std::numeric_limits<double>::infinity();
  double most_ = std::numeric_limits<double>::infinity();
};

/// A span of virtual time such as `250ms`; any that is not negative unless the declaration gives a range. `forever` is
/// a value of its own, for those that declare it.
class DurationParameter final : public Declaration<DurationParameter> {
 public:
  DurationParameter(std::string name, Duration& value);

  /// The smallest and the largest value allowed.
  DurationParameter& range(Duration least, Duration most);

  /// `forever` may be written beside the range, and is shown so: no end at all.
  DurationParameter& or_forever();

  /// As `or_forever`, and 0 means the same, as in many libraries.
  DurationParameter& zero_is_forever();

  [[nodiscard]] std::string expected() const override;
  [[nodiscard]] std::string_view kind() const override { return "duration"; }
  [[nodiscard]] std::string range_text() const override;
  [[nodiscard]] std::string text() const override;
  [[nodiscard]] Expected<void> set(std::string_view text, SampleFiles& files) override;

 private:
  [[nodiscard]] bool allows(Duration duration) const { return least_ <= duration && duration <= most_; }
  [[nodiscard]] bool means_forever(std::string_view text) const;
  [[nodiscard]] std::string flaw_of_range() const override;

  Duration& value_;
  Duration least_{};
  Duration most_ = forever;
  bool may_be_forever_ = false;
  bool zero_is_forever_ = false;
};

/// A distribution of times such as `lognormal(p50=2.5s, p99=14s)`.
class DistributionParameter final : public Declaration<DistributionParameter> {
 public:
  DistributionParameter(std::string name, Distribution& value);

  [[nodiscard]] std::string expected() const override;
  [[nodiscard]] std::string_view kind() const override { return "distribution"; }
  [[nodiscard]] std::string text() const override;
  [[nodiscard]] Expected<void> set(std::string_view text, SampleFiles& files) override;

 private:
  Distribution& value_;
};

/// `on` or `off` (also `true` and `false`).
class SwitchParameter final : public Declaration<SwitchParameter> {
 public:
  SwitchParameter(std::string name, bool& value);

  [[nodiscard]] std::string expected() const override { return "on or off"; }
  [[nodiscard]] std::string_view kind() const override { return "switch"; }
  [[nodiscard]] std::string range_text() const override { return "on, off"; }
  [[nodiscard]] std::string text() const override { return value_ ? "on" : "off"; }
  [[nodiscard]] Expected<void> set(std::string_view text, SampleFiles& files) override;

 private:
  bool& value_;
};

/// One line of text.
class TextParameter final : public Declaration<TextParameter> {
 public:
  TextParameter(std::string name, std::string& value);

  /// Refuses an empty text; the default may be empty all the same.
  TextParameter& not_empty();

  [[nodiscard]] std::string expected() const override;
  [[nodiscard]] std::string_view kind() const override { return "text"; }
  [[nodiscard]] std::string text() const override { return value_; }
  [[nodiscard]] Expected<void> set(std::string_view text, SampleFiles& files) override;

 private:
  std::string& value_;
  bool may_be_empty_ = true;
};

/// The refusal of a choice: the known names and the nearest of them.
[[nodiscard]] Error unknown_choice(std::string_view text, const std::vector<std::string>& names);

/// The names of a choice as `a, b or c`.
[[nodiscard]] std::string one_of(const std::vector<std::string>& names);

/// One of several named values of an enumeration.
template <class E>
requires std::is_enum_v<E>
class ChoiceParameter final : public Declaration<ChoiceParameter<E>> {
 public:
  using Choices = std::vector<std::pair<std::string, E>>;

  ChoiceParameter(std::string name, E& value, Choices choices)
      : Declaration<ChoiceParameter<E>>(std::move(name)), value_(value), choices_(std::move(choices)) {
    this->default_text_ = text();
  }

  [[nodiscard]] std::string expected() const override { return one_of(names()); }
  [[nodiscard]] std::string_view kind() const override { return "choice"; }
  [[nodiscard]] std::string range_text() const override { return one_of(names()); }
  [[nodiscard]] std::string text() const override {
    for (const auto& [name, choice] : choices_) {
      if (choice == value_) {
        return name;
      }
    }
    return {};
  }
  [[nodiscard]] Expected<void> set(std::string_view text, SampleFiles&) override {
    for (const auto& [name, choice] : choices_) {
      if (name == text) {
        value_ = choice;
        return {};
      }
    }
    return tl::unexpected(unknown_choice(text, names()));
  }

 private:
  [[nodiscard]] std::vector<std::string> names() const {
    std::vector<std::string> names;
    for (const auto& choice : choices_) {
      names.push_back(choice.first);
    }
    return names;
  }
  [[nodiscard]] std::string flaw_of_range() const override {
    return text().empty() ? "has a default without a name" : "";
  }

  E& value_;
  Choices choices_;
};

}  // namespace sim::harness
