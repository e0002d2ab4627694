#include "libsim/text/ini_file.hpp"

#include <fmt/format.h>

#include <map>

#include "libsim/text/quoting.hpp"

// Written here because the INI readers of Boost lose the line of a key, and a message must name it.
namespace sim {

namespace {

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r");
  return first == std::string_view::npos ? std::string_view{}
                                         : text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

bool is_key(std::string_view text) {
  constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.";
  return !text.empty() && text.find_first_not_of(letters) == std::string_view::npos;
}

bool is_comment(std::string_view line) { return line.empty() || line.front() == '#' || line.front() == ';'; }

std::string_view without_byte_order_mark(std::string_view text) {
  return text.starts_with("\xEF\xBB\xBF") ? text.substr(3) : text;
}

/// The lines of one file on their way to entries.
class IniReader {
 public:
  explicit IniReader(const std::string& name) : name_(name) {}

  Expected<void> read_line(std::string_view line) {
    ++line_;
    line = trimmed(line);
    if (is_comment(line)) {
      return {};
    }
    return line.front() == '[' ? read_section(line) : read_entry(line);
  }

  std::vector<IniEntry> entries() && { return std::move(entries_); }

 private:
  Expected<void> read_section(std::string_view line) {
    const bool closed = line.size() >= 2 && line.back() == ']';
    const std::string_view section = closed ? trimmed(line.substr(1, line.size() - 2)) : std::string_view{};
    if (!is_key(section)) {
      return wrong(fmt::format("{}: expected [section]", shown(line)));
    }
    section_ = section;
    return {};
  }

  Expected<void> read_entry(std::string_view line) {
    const auto equals = line.find('=');
    const std::string_view key = trimmed(line.substr(0, equals));
    if (equals == std::string_view::npos || !is_key(key)) {
      return wrong(fmt::format("{}: expected key = value", shown(line)));
    }
    IniEntry entry{section_.empty() ? std::string(key) : fmt::format("{}.{}", section_, key),
                   std::string(trimmed(line.substr(equals + 1))), line_};
    const auto [first, is_new] = line_of_key_.emplace(entry.key, line_);
    if (!is_new) {
      return wrong(
          fmt::format("{} = {}: given already in line {}", shown(entry.key), shown(entry.value), first->second));
    }
    entries_.push_back(std::move(entry));
    return {};
  }

  [[nodiscard]] Expected<void> wrong(const std::string& what) const {
    return unexpected(fmt::format("{}:{}: {}", shown_path(name_), line_, what));
  }

  const std::string& name_;
  std::size_t line_ = 0;
  std::string section_;
  std::map<std::string, std::size_t> line_of_key_;
  std::vector<IniEntry> entries_;
};

}  // namespace

Expected<std::vector<IniEntry>> parse_ini(const std::string& name, std::string_view text) {
  IniReader reader(name);
  std::string_view rest = without_byte_order_mark(text);
  if (rest.find_first_not_of(" \t\r\n") == std::string_view::npos) {
    return unexpected(fmt::format("{}: is empty: expected lines of key = value", shown_path(name)));
  }
  while (!rest.empty()) {
    const auto end = rest.find('\n');
    if (auto read = reader.read_line(rest.substr(0, end)); !read) {
      return tl::unexpected(std::move(read.error()));
    }
    rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
  }
  return std::move(reader).entries();
}

Expected<std::vector<IniEntry>> read_ini_file(InputFiles& files, const std::filesystem::path& path) {
  return files.read(path, settings_bytes_max).and_then([](const InputFile& file) {
    return parse_ini(file.path, file.text());
  });
}

}  // namespace sim
