#include "tests/attack/readers/reader.hpp"

namespace attack {

std::vector<Reader> readers() {
  std::vector<Reader> all;
  for (const auto& some :
       {text_readers(), file_readers(), study_readers(), store_readers(), command_line_readers(), model_readers()}) {
    all.insert(all.end(), some.begin(), some.end());
  }
  return all;
}

}  // namespace attack
