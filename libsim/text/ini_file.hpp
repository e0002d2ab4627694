#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "libsim/expected.hpp"
#include "libsim/files/input_files.hpp"

namespace sim {

/// One `key = value` of an INI file. The section and the key are joined with a dot.
struct IniEntry {
  std::string key;
  std::string value;
  std::size_t line = 0;  ///< counted from 1

  friend bool operator==(const IniEntry&, const IniEntry&) = default;
};

/// Reads INI: `[section]` lines, `key = value` lines, and comments, which begin with `#` or `;` on a line of their own.
/// A value goes to the end of its line without the blanks around it. `name` stands for the file in messages, and every
/// error begins with it and the line. A key that comes twice is refused.
[[nodiscard]] Expected<std::vector<IniEntry>> parse_ini(const std::string& name, std::string_view text);

/// Reads an INI file of at most `settings_bytes_max` bytes.
[[nodiscard]] Expected<std::vector<IniEntry>> read_ini_file(InputFiles& files, const std::filesystem::path& path);

}  // namespace sim
