#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "libsim/harness/run/runner.hpp"
#include "models/experiments.hpp"
#include "models/queueing/experiment.hpp"
#include "models/replay/command.hpp"

using namespace sim;
namespace fs = std::filesystem;

namespace {

using Lines = std::vector<std::string>;

/// `    $ command` in a page, and the lines of output that the page shows below it.
struct Example {
  std::string place;
  std::string command;
  Lines output;
};

constexpr std::size_t indent = 4;

/// A command that ends in `\\` goes on in the next line.
std::vector<Example> examples_of(const fs::path& page) {
  std::vector<Example> examples;
  std::ifstream file(page);
  bool in_example = false;
  int number = 0;
  for (std::string line; std::getline(file, line);) {
    ++number;
    if (line.starts_with("    $ ")) {
      examples.push_back({fmt::format("{}:{}", page.filename().string(), number), line.substr(indent + 2), {}});
      for (std::string& command = examples.back().command; command.ends_with('\\') && std::getline(file, line);) {
        ++number;
        command = command.substr(0, command.size() - 1) + line.substr(line.find_first_not_of(' '));
      }
      in_example = true;
    } else if (in_example && (line.empty() || line.starts_with("    "))) {
      examples.back().output.push_back(line.substr(std::min(indent, line.size())));
    } else {
      in_example = false;
    }
  }
  for (Example& example : examples) {
    while (!example.output.empty() && example.output.back().empty()) {
      example.output.pop_back();
    }
  }
  return examples;
}

/// The words of a command, as a shell sees them; single quotes keep words together.
Lines words_of(const std::string& command) {
  Lines words;
  bool quoted = false;
  bool in_word = false;
  for (const char letter : command) {
    if (letter == '\'') {
      quoted = !quoted;
    } else if (letter == ' ' && !quoted) {
      in_word = false;
      continue;
    }
    if (!in_word) {
      words.emplace_back();
      in_word = true;
    }
    if (letter != '\'') {
      words.back() += letter;
    }
  }
  return words;
}

/// What a program prints, run in a folder of its own; `echo $?` prints the status of the one before. Pages about one
/// system leave `./dev run` out.
std::string output_of(Lines words, int& last_status) {
  if (words == Lines{"echo", "$?"}) {
    return std::to_string(last_status);
  }
  if (words.at(0) == "./dev") {
    words.erase(words.begin(), words.begin() + 2);
  }
  if (words.at(0) == "replay") {
    words.erase(std::remove_if(words.begin(), words.end(), [](const auto& word) { return word.starts_with('>'); }),
                words.end());
    std::ostringstream trajectory;
    std::ostringstream summary;
    models::replay::run({words.begin() + 1, words.end()}, trajectory, summary);
    return summary.str();
  }
  auto experiments = models::experiments();
  experiments.push_back(models::queueing::experiment());
  const auto experiment =
      std::find_if(experiments.begin(), experiments.end(), [&](const auto& one) { return one.name() == words.at(0); });
  if (experiment == experiments.end()) {
    return "there is no such experiment";
  }
  Lines arguments(words.begin() + 1, words.end());
  const fs::path folder = fs::temp_directory_path() / fmt::format("libsim-docs-{}", ::getpid());
  arguments.insert(arguments.end(), {"--out", folder.string()});
  std::ostringstream out;
  last_status = harness::run(*experiment, arguments, out, out, {.program = words.at(0), .executable = {}});
  fs::remove_all(folder);
  return out.str();
}

Lines lines_of(const std::string& text) {
  Lines lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) {
    lines.push_back(line);
  }
  return lines;
}

/// The first line of the page that the output does not have right below the one before it. A line `…` stands for lines
/// of the output that the page leaves out; what comes before the first line may be left out without.
std::string first_wrong_line(const Example& example, const std::string& output) {
  const Lines lines = lines_of(output);
  auto at = lines.begin();
  bool leaves_out = true;
  for (const std::string& line : example.output) {
    if (line.find_first_not_of(' ') == line.find("…")) {
      leaves_out = true;
      continue;
    }
    const auto found = leaves_out ? std::find(at, lines.end(), line) : at;
    if (found == lines.end() || *found != line) {
      return line;
    }
    at = found + 1;
    leaves_out = false;
  }
  return {};
}

}  // namespace

TEST_CASE("every command of README, guides and pages about models prints what the page shows", "[docs]") {
  const fs::path root = fs::path(LIBSIM_TEST_DATA).parent_path();
  const fs::path before = fs::current_path();
  fs::current_path(root);  // the pages name files as seen from there
  std::vector<fs::path> pages{root / "README.md"};
  for (const char* folder : {"models", "guides"}) {
    for (const auto& entry : fs::directory_iterator(root / "docs" / folder)) {
      pages.push_back(entry.path());
    }
  }
  std::size_t count = 0;
  int last_status = 0;
  for (const fs::path& page : pages) {
    for (const Example& example : examples_of(page)) {
      const std::string output = output_of(words_of(example.command), last_status);
      INFO(example.place << ": " << example.command << "\n" << output);
      CHECK_FALSE(example.output.empty());
      CHECK(first_wrong_line(example, output) == "");
      ++count;
    }
  }
  fs::current_path(before);
  CHECK(count >= 2 * models::experiments().size());
}

TEST_CASE("what a page shows of a scenario begins with the scenario and its summary", "[docs]") {
  const fs::path folder = fs::path(LIBSIM_TEST_DATA).parent_path() / "docs" / "models";
  for (const auto& entry : fs::directory_iterator(folder)) {
    for (const Example& example : examples_of(entry.path())) {
      INFO(example.place << ": " << example.command);
      const Lines words = words_of(example.command);
      const auto flag = std::find(words.begin(), words.end(), "--scenario");
      REQUIRE(flag < words.end() - 1);
      CHECK(example.output.at(0).starts_with(*(flag + 1) + ": "));
    }
  }
}
