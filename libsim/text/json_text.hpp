#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace sim {

/// JSON over several lines, with a line end at its end. It is valid UTF-8 for any content, and can be shown on a
/// terminal: where it holds what is not printable, such characters stand as `\uXXXX`, and bytes that are no UTF-8 as
/// U+FFFD.
[[nodiscard]] std::string json_text(const nlohmann::ordered_json& json);

}  // namespace sim
