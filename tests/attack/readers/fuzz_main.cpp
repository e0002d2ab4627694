// attack_readers READER [flags of libFuzzer] [corpus…]: attacks one reader; attack_readers --list names them.

#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <string_view>

#include "tests/attack/readers/reader.hpp"

namespace {

void (*chosen)(std::string_view input) = nullptr;

void choose(std::string_view name) {
  for (const auto& reader : attack::readers()) {
    if (name == "--list") {
      std::cout << reader.name << '\n';
    } else if (name == reader.name) {
      chosen = reader.read;
    }
  }
  if (chosen == nullptr) {
    std::exit(name == "--list" ? EXIT_SUCCESS : 2);
  }
}

}  // namespace

// The names are those that libFuzzer looks for.
// NOLINTBEGIN(readability-identifier-naming)
extern "C" int LLVMFuzzerInitialize(int* argc, char*** argv) {
  choose(*argc > 1 ? (*argv)[1] : "");
  // libFuzzer is to see its own arguments only.
  (*argv)[1] = (*argv)[0];
  --*argc;
  ++*argv;
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  chosen({reinterpret_cast<const char*>(data), size});
  return 0;
}
// NOLINTEND(readability-identifier-naming)
