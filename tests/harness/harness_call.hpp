#pragma once

#include <filesystem>
#include <map>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "libsim/harness.hpp"

namespace toy {

/// What one call of an experiment's program left behind.
struct Call {
  int status = -1;
  std::string out;
  std::string err;

  friend bool operator==(const Call&, const Call&) = default;
  friend std::ostream& operator<<(std::ostream& out, const Call& call);
};

/// Runs an experiment within this process as its program would, away from any terminal.
[[nodiscard]] Call call(const sim::harness::Experiment& experiment, const std::vector<std::string>& arguments,
                        sim::harness::Environment environment = {.program = "toy", .executable = {}});

/// How a program refuses its input: one line, status 2.
[[nodiscard]] Call refusal(const std::string& line);

/// Runs a line of shell in a process of its own.
[[nodiscard]] Call call_shell(const std::string& line);

/// A new folder that is the working folder until the object goes, and then goes with all that is in it.
class WorkingFolder {
 public:
  WorkingFolder();
  WorkingFolder(const WorkingFolder&) = delete;
  WorkingFolder& operator=(const WorkingFolder&) = delete;
  ~WorkingFolder();

 private:
  std::filesystem::path before_;
  std::filesystem::path folder_;
};

/// All files and folders below the working folder, hidden ones too, in order.
[[nodiscard]] std::vector<std::string> files_here();

void write_file(const std::filesystem::path& file, std::string_view content);
[[nodiscard]] std::string read_file(const std::filesystem::path& file);

/// The cells of CSV, read by a rule of its own: no cell that the harness writes spans lines.
[[nodiscard]] std::vector<std::vector<std::string>> parse_csv(const std::string& text);

[[nodiscard]] std::vector<std::string> lines_of(const std::string& text);

/// The only folder within `parent` whose name begins with `prefix`.
[[nodiscard]] std::filesystem::path only_folder(const std::filesystem::path& parent, std::string_view prefix);

/// All files below the working folder with their contents, except for what is different each time: the command line and
/// the wall clock of a manifest.
[[nodiscard]] std::map<std::string, std::string> contents_here();

/// CSV with a header, a map from column to cell for each row.
[[nodiscard]] std::vector<std::map<std::string, std::string>> table_of(const std::string& csv);

/// The text with what stands between `begin` and `end` for the first time replaced.
[[nodiscard]] std::string with_between(std::string text, std::string_view begin, std::string_view end,
                                       std::string_view replacement);

}  // namespace toy
