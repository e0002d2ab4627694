// attack_corpus FOLDER: every input that was found once, given to its reader again. A broken promise ends the program
// by an abort, behind the name of the file.

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include <vector>

#include "tests/attack/readers/reader.hpp"

namespace {

namespace fs = std::filesystem;

std::string content(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

std::vector<fs::path> files_in(const fs::path& folder) {
  std::vector<fs::path> files(fs::directory_iterator(folder), {});
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace

int main(int argc, char** argv) {
  std::size_t count = 0;
  for (const auto& reader : attack::readers()) {
    for (const auto& file : files_in(fs::path(argc > 1 ? argv[1] : ".") / reader.name)) {
      std::cerr << file.string() << std::endl;
      reader.read(content(file));
      ++count;
    }
  }
  std::cout << count << " inputs\n";
  return count > 0 ? 0 : 1;
}
