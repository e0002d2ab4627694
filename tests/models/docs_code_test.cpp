#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <vector>

namespace {

namespace fs = std::filesystem;

const fs::path root = fs::path(LIBSIM_TEST_DATA).parent_path();

/// A block of code in a page, and the file that the page says it is from.
struct Excerpt {
  std::string place;
  std::string file;  ///< that of the last link before the block; empty: none
  std::string code;
};

/// Where the last link to a file in `line` leads, or `otherwise`.
std::string last_link(const std::string& line, const fs::path& page, const std::string& otherwise) {
  std::string target = otherwise;
  for (auto at = line.find("]("); at != std::string::npos; at = line.find("](", at + 1)) {
    const fs::path file = page.parent_path() / line.substr(at + 2, line.find(')', at) - at - 2);
    if (fs::is_regular_file(file)) {
      target = file.string();
    }
  }
  return target;
}

/// The blocks of a page in a language that is compiled or read, as "```cpp".
std::vector<Excerpt> excerpts_of(const fs::path& page) {
  const std::set<std::string> compared{"```cpp", "```cmake", "```ini", "```csv"};
  std::vector<Excerpt> excerpts;
  std::ifstream file(page);
  std::string linked;
  bool in_block = false;
  bool is_compared = false;
  int number = 0;
  for (std::string line; std::getline(file, line);) {
    ++number;
    if (line.starts_with("```")) {
      in_block = !in_block;
      is_compared = in_block && compared.contains(line);
      if (is_compared) {
        excerpts.push_back({fmt::format("{}:{}", page.filename().string(), number), linked, {}});
      }
    } else if (is_compared) {
      excerpts.back().code += line + "\n";
    } else {
      linked = last_link(line, page, line.starts_with("#") ? "" : linked);
    }
  }
  return excerpts;
}

std::string content_of(const fs::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// The first part of an excerpt that its file does not have below the parts before it; parts are divided by a line `…`.
std::string first_part_that_differs(const Excerpt& excerpt) {
  const std::string content = "\n" + content_of(excerpt.file);
  const std::string code = "\n" + excerpt.code + "…\n";
  std::size_t from = 0;
  std::size_t begin = 0;
  for (auto end = code.find("\n…\n"); end != std::string::npos; end = code.find("\n…\n", begin)) {
    const std::string part = code.substr(begin, end - begin + 1);
    const auto at = content.find(part, from);
    if (at == std::string::npos) {
      return part;
    }
    from = at + part.size() - 1;
    begin = end + std::string_view("\n…").size();
  }
  return {};
}

}  // namespace

TEST_CASE("the code that pages show is that of the files they name, which are compiled", "[docs]") {
  std::vector<fs::path> pages{root / "README.md"};
  for (const auto& entry : fs::directory_iterator(root / "docs" / "guides")) {
    pages.push_back(entry.path());
  }
  std::size_t count = 0;
  for (const fs::path& page : pages) {
    for (const Excerpt& excerpt : excerpts_of(page)) {
      INFO(excerpt.place << ", from \"" << excerpt.file << "\"");
      REQUIRE_FALSE(excerpt.file.empty());
      CHECK(first_part_that_differs(excerpt) == "");
      ++count;
    }
  }
  CHECK(count >= 15);
}

TEST_CASE("links between pages lead to files and folders that are there", "[docs]") {
  std::vector<fs::path> pages{root / "README.md", root / "CONTRIBUTING.md"};
  for (const char* folder : {"docs", "examples", "experiments", "benchmarks"}) {
    for (const auto& entry : fs::recursive_directory_iterator(root / folder)) {
      if (entry.path().extension() == ".md") {
        pages.push_back(entry.path());
      }
    }
  }
  std::vector<std::string> broken;
  for (const fs::path& page : pages) {
    const std::string text = content_of(page);
    for (auto at = text.find("]("); at != std::string::npos; at = text.find("](", at + 1)) {
      const std::string target = text.substr(at + 2, text.find_first_of(")#", at + 2) - at - 2);
      if (!target.empty() && target.find("://") == std::string::npos && !fs::exists(page.parent_path() / target)) {
        broken.push_back(fmt::format("{}: {}", page.filename().string(), target));
      }
    }
  }
  CHECK(broken == std::vector<std::string>{});
}
