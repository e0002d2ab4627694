#include "libsim/text/json_text.hpp"

#include <nlohmann/json.hpp>

#include "libsim/text/page.hpp"

namespace sim {

std::string json_text(const nlohmann::ordered_json& json) {
  using Json = nlohmann::ordered_json;
  constexpr int indent = 2;
  const auto dumped = [&](bool only_ascii) {
    return json.dump(indent, ' ', only_ascii, Json::error_handler_t::replace) + "\n";
  };
  std::string text = dumped(false);
  return Page::of_lines(text).text() == text ? text : dumped(true);
}

}  // namespace sim
