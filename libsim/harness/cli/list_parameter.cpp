#include "libsim/harness/cli/list_parameter.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace sim::harness {

std::string ListParameter::text() const { return fmt::format("{}", fmt::join(values_, " ")); }

Expected<void> ListParameter::set(std::string_view text, SampleFiles& /*files*/) {
  if (text.empty() || text.find('\n') != std::string_view::npos) {
    return unexpected("expected " + expected());
  }
  values_.emplace_back(text);
  return {};
}

}  // namespace sim::harness
