#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "libsim/harness/runner.hpp"
#include "models/experiments.hpp"
#include "models/queueing/experiment.hpp"

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

std::vector<Example> examples_of(const fs::path& page) {
  std::vector<Example> examples;
  std::ifstream file(page);
  bool in_example = false;
  int number = 0;
  for (std::string line; std::getline(file, line);) {
    ++number;
    if (line.starts_with("    $ ")) {
      examples.push_back({fmt::format("{}:{}", page.filename().string(), number), line.substr(indent + 2), {}});
      in_example = true;
    } else if (in_example && line.starts_with("    ")) {
      examples.back().output.push_back(line.substr(indent));
    } else if (in_example && !line.empty()) {
      in_example = false;
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

/// What a program prints, run in a folder of its own.
std::string output_of(const Lines& words) {
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
  harness::run(*experiment, arguments, out, out, {.program = words.at(0), .executable = {}});
  fs::remove_all(folder);
  return out.str();
}

/// The first line that the output does not have below those before it; `…` stands for any lines.
std::string first_missing_line(const Example& example, const std::string& output) {
  std::size_t from = 0;
  for (const std::string& line : example.output) {
    if (line == "…" || line == "  …" || line.empty()) {
      continue;
    }
    const auto at = output.find(line, from);
    if (at == std::string::npos) {
      return line;
    }
    from = at + line.size();
  }
  return {};
}

}  // namespace

TEST_CASE("every command of the pages about models prints what the page shows", "[docs]") {
  const fs::path root = fs::path(LIBSIM_TEST_DATA).parent_path();
  const fs::path before = fs::current_path();
  fs::current_path(root);  // the pages name files as seen from there
  std::size_t count = 0;
  for (const auto& entry : fs::directory_iterator(root / "docs" / "models")) {
    for (const Example& example : examples_of(entry.path())) {
      const std::string output = output_of(words_of(example.command));
      INFO(example.place << ": " << example.command << "\n" << output);
      CHECK_FALSE(example.output.empty());
      CHECK(first_missing_line(example, output) == "");
      ++count;
    }
  }
  fs::current_path(before);
  CHECK(count >= 2 * models::experiments().size());
}
