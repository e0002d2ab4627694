#pragma once

#include <string_view>
#include <vector>

namespace attack {

/// A reader of the project, and what is done to it with an input that may be anything. What it promises is required
/// within; a promise that is broken ends the process (see `require`), and so does a sanitizer's report.
struct Reader {
  std::string_view name;
  void (*read)(std::string_view input);
};

/// All of them. An input that broke one of them once stands in `tests/attack/corpus/NAME/`.
[[nodiscard]] std::vector<Reader> readers();

// By what is read; each returns the readers of one source.
[[nodiscard]] std::vector<Reader> text_readers();
[[nodiscard]] std::vector<Reader> file_readers();
[[nodiscard]] std::vector<Reader> study_readers();
[[nodiscard]] std::vector<Reader> store_readers();
[[nodiscard]] std::vector<Reader> command_line_readers();
[[nodiscard]] std::vector<Reader> model_readers();

}  // namespace attack
