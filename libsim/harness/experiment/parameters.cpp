#include "libsim/harness/experiment/parameters.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "libsim/failure.hpp"
#include "libsim/text/quoting.hpp"

namespace sim::harness {

namespace {

bool is_parameter_name(std::string_view name) {
  constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyz0123456789_-.";
  return !name.empty() && name.find_first_not_of(letters) == std::string_view::npos && name.front() != '.' &&
         name.back() != '.' && name.find("..") == std::string_view::npos && name.front() != '-';
}

}  // namespace

NumberParameter& Parameters::add(std::string name, double& value) {
  return insert(std::make_unique<NumberParameter>(std::move(name), value));
}

SwitchParameter& Parameters::add(std::string name, bool& value) {
  return insert(std::make_unique<SwitchParameter>(std::move(name), value));
}

DurationParameter& Parameters::add(std::string name, Duration& value) {
  return insert(std::make_unique<DurationParameter>(std::move(name), value));
}

DistributionParameter& Parameters::add(std::string name, Distribution& value) {
  return insert(std::make_unique<DistributionParameter>(std::move(name), value));
}

TextParameter& Parameters::add(std::string name, std::string& value) {
  return insert(std::make_unique<TextParameter>(std::move(name), value));
}

ListParameter& Parameters::add(std::string name, std::vector<std::string>& values) {
  return insert(std::make_unique<ListParameter>(std::move(name), values));
}

void Parameters::check_declarations() const {
  for (const auto& parameter : parameters_) {
    const std::string flaw = parameter->flaw();
    check(flaw.empty(), fmt::format("parameter {} {}", parameter->name(), flaw));
  }
}

std::vector<std::string> Parameters::names() const {
  std::vector<std::string> names;
  for (const auto& parameter : parameters_) {
    names.push_back(parameter->name());
  }
  return names;
}

Parameter* Parameters::find(std::string_view name) const {
  const auto found = std::find_if(parameters_.begin(), parameters_.end(),
                                  [&](const auto& parameter) { return parameter->name() == name; });
  return found == parameters_.end() ? nullptr : found->get();
}

std::vector<std::pair<std::string, std::string>> Parameters::values() const {
  std::vector<std::pair<std::string, std::string>> values;
  for (const auto& parameter : parameters_) {
    values.emplace_back(parameter->name(), parameter->text());
  }
  return values;
}

void Parameters::check_name(const std::string& name) const {
  check(is_parameter_name(name),
        fmt::format("the parameter name \"{}\" is lower-case letters, digits, _ and dots", name));
  check(find(name) == nullptr, fmt::format("parameter {} is declared once", name));
}

Expected<void> set_parameter(Parameter& parameter, std::string_view text, SampleFiles& files,
                             const std::string& where) {
  if (text.size() > value_bytes_max) {
    return unexpected(fmt::format("{}: expected at most {} bytes", where, value_bytes_max));
  }
  parameter.mark_given();
  return parameter.set(text, files).map_error([&](const Error& error) {
    const std::string unit = parameter.unit().empty() ? "" : fmt::format(" ({})", parameter.unit());
    return Error{fmt::format("{}: {}{}", where, one_line(error.message), unit)};
  });
}

}  // namespace sim::harness
