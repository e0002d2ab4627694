#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "libsim/harness/experiment/parameter.hpp"

namespace sim::harness {

/// Lines of text, in the order in which they are given: a flag that may come several times.
class ListParameter final : public Declaration<ListParameter> {
 public:
  ListParameter(std::string name, std::vector<std::string>& values)
      : Declaration<ListParameter>(std::move(name)), values_(values) {}

  [[nodiscard]] std::string expected() const override { return "one line of text, not empty"; }
  [[nodiscard]] std::string_view kind() const override { return "list"; }
  [[nodiscard]] std::string text() const override;

  /// Adds one value to those before.
  [[nodiscard]] Expected<void> set(std::string_view text, SampleFiles& files) override;

 private:
  std::vector<std::string>& values_;
};

}  // namespace sim::harness
