#include "models/value_tree/config.hpp"

#include <fmt/format.h>

#include <array>
#include <utility>

namespace sim::models::value_tree {

Expected<void> validate(const Config& config) {
  const std::array<std::pair<const char*, Config::Shape>, 3> shapes = {
      {{"small", config.small}, {"medium", config.medium}, {"large", config.large}}};
  for (const auto& [name, shape] : shapes) {
    if (policies::regular_tree_size(shape.children, shape.levels) > nodes_max) {
      return unexpected(
          fmt::format("--{}.levels {}: expected fewer, so that a tree with --{}.children, which is {}, has at most {} "
                      "nodes",
                      name, shape.levels, name, shape.children, nodes_max));
    }
  }
  return {};
}

}  // namespace sim::models::value_tree
