#pragma once

#include <string>

#include "tests/attack/program.hpp"

namespace attack {

/// The program as a line of bash runs it, which has it and its arguments as `"$@"`: for what only a shell can do in one
/// line, such as pipes, closed streams and limits.
[[nodiscard]] Program behind(const std::string& shell_line, const Program& program);

}  // namespace attack
