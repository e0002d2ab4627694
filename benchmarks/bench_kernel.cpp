// M/M/1 and PHOLD in every lane of libsim, on CAF's own coordinator for tests, and as a bare loop: rates and ratios.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "benchmarks/bare_loop.hpp"
#include "benchmarks/caf_lanes.hpp"
#include "benchmarks/fast_lane.hpp"
#include "benchmarks/measurement.hpp"
#include "libsim/harness/cli/build_info.hpp"

namespace {

using bench::Measurement;

enum LaneNumber : std::size_t { bare_loop, fast_lane, caf_lane, caf_actors, test_coordinator, lane_count };

struct Lane {
  std::string_view name;
  std::string_view key;  ///< in the record
  Measurement (*mm1)(std::uint32_t customers);
  std::uint32_t customers;
  Measurement (*phold)(std::uint32_t messages);
  std::uint32_t messages;
};

using bench::plain_caf::Libsim;
using bench::plain_caf::TestCoordinator;
constexpr std::uint32_t caf_customers = 100'000;
constexpr std::uint32_t caf_messages = 200'000;
constexpr std::array<Lane, lane_count> lanes{{
    {"bare loop", "bare_loop", &bench::bare::mm1, 1'000'000, &bench::bare::phold, 1'000'000},
    {"fast lane", "fast_lane", &bench::fast::mm1, 1'000'000, &bench::fast::phold, 1'000'000},
    {"CAF messages to simulated actors", "caf_lane", &bench::hosted::mm1, caf_customers, &bench::hosted::phold,
     caf_messages},
    {"unmodified CAF actors on libsim", "caf_actors", &bench::plain_caf::mm1<Libsim>, caf_customers,
     &bench::plain_caf::phold<Libsim>, caf_messages},
    {"the same on CAF's test_coordinator", "test_coordinator", &bench::plain_caf::mm1<TestCoordinator>, caf_customers,
     &bench::plain_caf::phold<TestCoordinator>, caf_messages},
}};

/// Medians over the rounds.
using Rates = std::array<double, lane_count>;
struct Result {
  Rates mm1{};    ///< customers per second
  Rates phold{};  ///< messages per second
};

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const std::size_t middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

/// A lane that did something else than the others is not worth measuring. The time in system of 100,000 customers at
/// a load of 0.9 is 10 s ± 10 % (one standard error is 0.4 s); one hop takes 1 s on average.
void require_sound(const Lane& lane, const Measurement& mm1, const Measurement& phold) {
  const bool sound = std::abs(mm1.outcome - 10.0) < 3.0 && std::abs(phold.outcome - 1.0) < 0.05;
  if (!sound) {
    fmt::print(stderr, "bench_kernel: {}: mean time in system {:.3f} s (expected 10), mean hop {:.4f} s (expected 1)\n",
               lane.name, mm1.outcome, phold.outcome);
    std::exit(1);
  }
}

/// Rounds over all lanes, so that a slow spell of the machine hits all of them.
Result measure(std::size_t rounds) {
  std::array<std::vector<double>, lane_count> mm1_rates;
  std::array<std::vector<double>, lane_count> phold_rates;
  for (std::size_t round = 0; round < rounds; ++round) {
    for (std::size_t i = 0; i < lane_count; ++i) {
      const Measurement mm1 = lanes[i].mm1(lanes[i].customers);
      const Measurement phold = lanes[i].phold(lanes[i].messages);
      require_sound(lanes[i], mm1, phold);
      mm1_rates[i].push_back(mm1.rate());
      phold_rates[i].push_back(phold.rate());
    }
  }
  Result result;
  for (std::size_t i = 0; i < lane_count; ++i) {
    result.mm1[i] = median(mm1_rates[i]);
    result.phold[i] = median(phold_rates[i]);
  }
  return result;
}

void print_table(std::string_view title, const Rates& rates) {
  fmt::print("\n{}\n{:<36}{:>12}{:>14}{:>22}\n", title, "", "M/s of CPU", "/ bare loop", "/ test_coordinator");
  for (std::size_t i = 0; i < lane_count; ++i) {
    fmt::print("{:<36}{:>12.3f}{:>14.3f}{:>22.2f}\n", lanes[i].name, rates[i] / 1e6, rates[i] / rates[bare_loop],
               rates[i] / rates[test_coordinator]);
  }
}

struct Target {
  std::string_view name;
  double ratio;
  double at_least;
};

std::vector<Target> targets(const Result& result) {
  const auto ratio = [](const Rates& rates, LaneNumber lane, LaneNumber base) { return rates[lane] / rates[base]; };
  return {
      {"M/M/1: fast lane / bare loop", ratio(result.mm1, fast_lane, bare_loop), 0.35},
      {"PHOLD: fast lane / test_coordinator", ratio(result.phold, fast_lane, test_coordinator), 3.0},
      {"M/M/1: CAF messages to simulated actors", ratio(result.mm1, caf_lane, test_coordinator), 1.5},
      {"PHOLD: CAF messages to simulated actors", ratio(result.phold, caf_lane, test_coordinator), 1.5},
      {"M/M/1: unmodified CAF actors", ratio(result.mm1, caf_actors, test_coordinator), 1.0},
      {"PHOLD: unmodified CAF actors", ratio(result.phold, caf_actors, test_coordinator), 1.0},
  };
}

bool print_targets(const Result& result) {
  bool all_reached = true;
  fmt::print("\n{:<44}{:>8}{:>12}\n", "target", "ratio", "at least");
  for (const Target& target : targets(result)) {
    const bool reached = target.ratio >= target.at_least;
    all_reached = all_reached && reached;
    fmt::print("{:<44}{:>8.2f}{:>12.2f}  {}\n", target.name, target.ratio, target.at_least, reached ? "ok" : "short");
  }
  return all_reached;
}

// --- the record

std::string machine() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);) {
    if (const auto colon = line.find(": "); line.starts_with("model name") && colon != std::string::npos) {
      return line.substr(colon + 2);
    }
  }
  return "unknown";
}

std::string commit() {
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen("git rev-parse --short HEAD 2>/dev/null", "r"), &pclose);
  std::array<char, 64> text{};
  if (!pipe || std::fgets(text.data(), text.size(), pipe.get()) == nullptr) {
    return "unknown";
  }
  const std::string_view line(text.data());
  return std::string(line.substr(0, line.find('\n')));
}

nlohmann::json to_json(const Rates& rates) {
  nlohmann::json json;
  for (std::size_t i = 0; i < lane_count; ++i) {
    json[std::string(lanes[i].key)] = std::round(rates[i]);
  }
  return json;
}

bool record(const std::string& path, const Result& result, std::size_t rounds) {
  const nlohmann::json line{{"commit", commit()},
                            {"compiler", sim::harness::compiler()},
                            {"machine", machine()},
                            {"date", fmt::format("{:%FT%TZ}", fmt::gmtime(std::time(nullptr)))},
                            {"rounds", rounds},
                            {"mm1_customers_per_s", to_json(result.mm1)},
                            {"phold_messages_per_s", to_json(result.phold)}};
  std::ofstream file(path, std::ios::app);
  file << line.dump() << '\n';
  file.flush();
  return file.good();
}

// --- the command line

constexpr std::string_view usage =
    "usage: bench_kernel [--rounds N] [--strict] [--record FILE]\n"
    "  --rounds N      interleaved rounds whose medians count, 1 to 1000 (default 5)\n"
    "  --strict        exit status 1 when a ratio is short of its target\n"
    "  --record FILE   append the medians to FILE as one line of JSON\n"
    "Flags that begin with --benchmark_ are for bench_micro and ignored here.\n";

struct Options {
  std::size_t rounds = 5;
  bool strict = false;
  std::string record;
};

/// Nothing when the command line is wrong, which has been said.
std::optional<Options> parse(const std::vector<std::string_view>& arguments) {
  Options options;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string_view flag = arguments[i];
    const bool has_value = i + 1 < arguments.size();
    if (flag == "--strict") {
      options.strict = true;
    } else if (flag == "--rounds" && has_value) {
      const std::string value(arguments[++i]);
      const bool is_number = !value.empty() && value.size() <= 4 && std::all_of(value.begin(), value.end(), ::isdigit);
      options.rounds = is_number ? std::stoul(value) : 0;
      if (options.rounds < 1 || options.rounds > 1'000) {
        fmt::print(stderr, "bench_kernel: --rounds {}: expected a whole number from 1 to 1000\n", value);
        return {};
      }
    } else if (flag == "--record" && has_value) {
      options.record = arguments[++i];
    } else if (!flag.starts_with("--benchmark_")) {
      fmt::print(stderr, "bench_kernel: {}: unknown flag or missing value\n{}", flag, usage);
      return {};
    }
  }
  return options;
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string_view> arguments(argv + 1, argv + argc);
  if (std::find(arguments.begin(), arguments.end(), "--help") != arguments.end()) {
    fmt::print("{}", usage);
    return 0;
  }
  const auto options = parse(arguments);
  if (!options) {
    return 2;
  }
  fmt::print("Medians of {} interleaved rounds, processor time of the process, {}, {}\n", options->rounds,
             sim::harness::compiler(), machine());
  const Result result = measure(options->rounds);
  print_table("M/M/1, arrival rate 0.9, service rate 1: million customers per second", result.mm1);
  print_table("PHOLD, 1,000 actors, 1,000 messages, delay 0.1 + Exp(0.9): million messages per second", result.phold);
  const bool reached = print_targets(result);
  if (!options->record.empty() && !record(options->record, result, options->rounds)) {
    fmt::print(stderr, "bench_kernel: --record {}: cannot write to it\n", options->record);
    return 2;
  }
  return options->strict && !reached ? 1 : 0;
}
