#include "tests/attack/shell.hpp"

namespace attack {

Program behind(const std::string& shell_line, const Program& program) {
  Program wrapped = program;
  wrapped.file = "/bin/bash";
  wrapped.arguments = {"-c", shell_line, "attack", program.file.string()};
  wrapped.arguments.insert(wrapped.arguments.end(), program.arguments.begin(), program.arguments.end());
  return wrapped;
}

}  // namespace attack
