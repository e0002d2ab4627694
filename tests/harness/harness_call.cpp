#include "tests/harness/harness_call.hpp"

#include <sys/wait.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <sstream>
#include <stdexcept>

namespace toy {

namespace fs = std::filesystem;

namespace {

fs::path new_folder() {
  std::string name = (fs::temp_directory_path() / "libsim-test-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) {
    throw std::runtime_error("no temporary folder");
  }
  return name;
}

}  // namespace

Call call(const sim::harness::Experiment& experiment, const std::vector<std::string>& arguments,
          sim::harness::Environment environment) {
  std::ostringstream out;
  std::ostringstream err;
  const int status = sim::harness::run(experiment, arguments, out, err, environment);
  return {status, out.str(), err.str()};
}

std::ostream& operator<<(std::ostream& out, const Call& call) {
  return out << "status " << call.status << "\nout:\n" << call.out << "err:\n" << call.err;
}

Call refusal(const std::string& line) { return {2, "", "toy_shop: " + line + "\n"}; }

Call call_shell(const std::string& line) {
  const fs::path folder = new_folder();
  const std::string redirected = "( " + line + " ) >" + (folder / "out").string() + " 2>" + (folder / "err").string();
  const int status = std::system(redirected.c_str());
  Call call{WIFEXITED(status) ? WEXITSTATUS(status) : -1, read_file(folder / "out"), read_file(folder / "err")};
  fs::remove_all(folder);
  return call;
}

WorkingFolder::WorkingFolder() : before_(fs::current_path()), folder_(new_folder()) { fs::current_path(folder_); }

WorkingFolder::~WorkingFolder() {
  std::error_code ignored;
  fs::current_path(before_, ignored);
  fs::remove_all(folder_, ignored);
}

std::vector<std::string> files_here() {
  std::vector<std::string> files;
  for (const auto& entry : fs::recursive_directory_iterator(fs::current_path())) {
    files.push_back(fs::relative(entry.path()).string());
  }
  std::sort(files.begin(), files.end());
  return files;
}

void write_file(const fs::path& file, std::string_view content) {
  std::ofstream out(file, std::ios::binary);
  out << content;
  out.close();
  if (!out) {
    throw std::runtime_error("cannot write " + file.string());
  }
}

std::string read_file(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) {
    throw std::runtime_error("cannot read " + file.string());
  }
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

std::vector<std::vector<std::string>> parse_csv(const std::string& text) {
  std::vector<std::vector<std::string>> rows;
  for (const auto& line : lines_of(text)) {
    std::vector<std::string> cells(1);
    bool quoted = false;
    for (std::size_t at = 0; at < line.size(); ++at) {
      if (line[at] == '"' && quoted && at + 1 < line.size() && line[at + 1] == '"') {
        cells.back() += line[at++];
      } else if (line[at] == '"') {
        quoted = !quoted;
      } else if (line[at] == ',' && !quoted) {
        cells.emplace_back();
      } else {
        cells.back() += line[at];
      }
    }
    if (quoted) {
      throw std::runtime_error("a quote that does not end: " + line);
    }
    rows.push_back(std::move(cells));
  }
  return rows;
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) {
    lines.push_back(line);
  }
  return lines;
}

fs::path only_folder(const fs::path& parent, std::string_view prefix) {
  std::vector<fs::path> found;
  for (const auto& entry : fs::directory_iterator(parent)) {
    if (entry.is_directory() && entry.path().filename().string().starts_with(prefix)) {
      found.push_back(entry.path());
    }
  }
  if (found.size() != 1) {
    throw std::runtime_error(std::to_string(found.size()) + " folders " + std::string(prefix) + "*");
  }
  return found.front();
}

std::map<std::string, std::string> contents_here() {
  std::map<std::string, std::string> contents;
  for (const auto& file : files_here()) {
    if (fs::is_regular_file(file)) {
      std::string text = read_file(file);
      if (fs::path(file).filename() == "manifest.json") {
        text = with_between(text, "\"command_line\": \"", "\n", "");
        text = with_between(text, "\"wall\": {", "}", "");
      }
      contents[file] = std::move(text);
    }
  }
  return contents;
}

std::vector<std::map<std::string, std::string>> table_of(const std::string& csv) {
  const auto rows = parse_csv(csv);
  std::vector<std::map<std::string, std::string>> table;
  for (std::size_t index = 1; index < rows.size(); ++index) {
    table.emplace_back();
    for (std::size_t column = 0; column < rows.front().size(); ++column) {
      table.back()[rows.front()[column]] = rows[index].at(column);
    }
  }
  return table;
}

std::string with_between(std::string text, std::string_view begin, std::string_view end, std::string_view replacement) {
  const auto from = text.find(begin);
  const auto to = from == std::string::npos ? from : text.find(end, from + begin.size());
  if (to == std::string::npos) {
    throw std::runtime_error("no such part: " + std::string(begin) + "…" + std::string(end));
  }
  return text.replace(from + begin.size(), to - from - begin.size(), replacement);
}

}  // namespace toy
