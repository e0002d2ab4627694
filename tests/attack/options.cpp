#include "tests/attack/options.hpp"

#include <algorithm>
#include <cstdio>
#include <thread>

#include "libsim/text/number_text.hpp"

namespace attack {

namespace {

using sim::parse_number;
using sim::parse_whole_number;

bool set(Options& options, const std::string& flag, const std::string& value) {
  if (flag == "--bin") {
    options.binaries = std::filesystem::absolute(value);
    return std::filesystem::is_directory(options.binaries);
  }
  if (flag == "--only") {
    options.only = value;
    return true;
  }
  if (flag == "--seconds") {
    options.seconds = parse_number(value).value_or(-1.0);
    return options.seconds >= 0.0;
  }
  const auto number = parse_whole_number<std::uint64_t>(value);
  if (!number) {
    return false;
  }
  if (flag == "--seed") {
    options.seed = *number;
  } else if (flag == "--first") {
    options.first = *number;
  } else if (flag == "--runs") {
    options.runs = *number;
  } else if (flag == "--jobs") {
    options.jobs = static_cast<unsigned>(*number);
  } else {
    return false;
  }
  return true;
}

}  // namespace

unsigned Options::jobs_at_once() const { return jobs > 0 ? jobs : std::max(1U, std::thread::hardware_concurrency()); }

std::optional<Options> read_options(const std::vector<std::string>& arguments) {
  Options options;
  options.binaries = LIBSIM_BIN;
  for (std::size_t i = 0; i < arguments.size(); i += 2) {
    if (i + 1 == arguments.size() || !set(options, arguments[i], arguments[i + 1])) {
      std::fputs("expected --seed N, --first N, --runs N, --seconds N, --jobs N, --bin DIR, --only NAME\n", stderr);
      return std::nullopt;
    }
  }
  return options;
}

}  // namespace attack
