#pragma once

#include <concepts>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "libsim/expected.hpp"
#include "libsim/files/input_limits.hpp"
#include "libsim/harness/cli/list_parameter.hpp"
#include "libsim/harness/experiment/parameter.hpp"

namespace sim::harness {

/// All parameters of an experiment in the order of their declaration. A model declares each of them once:
///
///     void describe(sim::harness::Parameters& parameters, Config& config) {
///       parameters.add("container.concurrency", config.container.concurrency)
///           .unit("messages").range(1, 1000)
///           .meaning("messages that a container works on at once")
///           .source("the platform's documentation");
///     }
///
/// The parameters refer to the variables, which must outlive them. A name is lower-case letters, digits, `_` and dots
/// between its parts. A flaw of a declaration is a bug of the model and throws an `AssertionFailure`: at once for a bad
/// or repeated name, from `check_declarations` for the rest.
class Parameters {
 public:
  /// A whole number; it must get a `range`.
  template <std::integral T>
  requires(!std::same_as<T, bool>) IntegerParameter<T>
  &add(std::string name, T& value) { return insert(std::make_unique<IntegerParameter<T>>(std::move(name), value)); }

  NumberParameter& add(std::string name, double& value);                   ///< a finite number; it must get a `range`
  SwitchParameter& add(std::string name, bool& value);                     ///< `on` or `off`
  DurationParameter& add(std::string name, Duration& value);               ///< such as `250ms`
  DistributionParameter& add(std::string name, Distribution& value);       ///< such as `exponential(2s)`
  TextParameter& add(std::string name, std::string& value);                ///< one line of text
  ListParameter& add(std::string name, std::vector<std::string>& values);  ///< lines of text; for flags

  /// One of the named values of an enumeration: `add("cache.policy", config.policy, {{"lru", Policy::lru}, …})`.
  template <class E>
  requires std::is_enum_v<E> ChoiceParameter<E>
  &add(std::string name, E& value, std::vector<std::pair<std::string, std::type_identity_t<E>>> choices) {
    return insert(std::make_unique<ChoiceParameter<E>>(std::move(name), value, std::move(choices)));
  }

  /// Throws an `AssertionFailure` that names the first parameter without range, meaning or source, or with a default
  /// out of its range.
  void check_declarations() const;

  [[nodiscard]] const std::vector<std::unique_ptr<Parameter>>& all() const { return parameters_; }
  [[nodiscard]] std::vector<std::string> names() const;

  /// The parameter of this name, or none.
  [[nodiscard]] Parameter* find(std::string_view name) const;

  /// The name and the current value of each parameter.
  [[nodiscard]] std::vector<std::pair<std::string, std::string>> values() const;

 private:
  template <class P>
  P& insert(std::unique_ptr<P> parameter) {
    P& declared = *parameter;
    check_name(declared.name());
    parameters_.push_back(std::move(parameter));
    return declared;
  }
  void check_name(const std::string& name) const;

  std::vector<std::unique_ptr<Parameter>> parameters_;
};

/// Sets one parameter. The error is `where: expected …`, where `where` says how the value was given, as in
/// `--container.concurrency 0`.
[[nodiscard]] Expected<void> set_parameter(Parameter& parameter, std::string_view text, SampleFiles& files,
                                           const std::string& where);

}  // namespace sim::harness
