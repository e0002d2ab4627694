// Sweeps every parameter of every experiment, and of every component of `replay`, over its range: the ends of each in
// each scenario, special values, random values of one and of two parameters at once. Prints what broke a promise with
// the command that shows it again, and ends with 1 then.

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <mutex>
#include <thread>

#include "tests/attack/options.hpp"
#include "tests/attack/range_run.hpp"

namespace {

using namespace attack;
namespace fs = std::filesystem;

constexpr std::uint64_t pairs_by_default = 2500;

sim::RandomStream random_stream(std::uint64_t seed, std::uint64_t index, std::string_view purpose) {
  return sim::RandomStream(
      {.seed = seed, .replication = static_cast<std::uint32_t>(index), .actor = "ranges", .purpose = purpose});
}

/// A parameter such as `burst.sessions` belongs to the scenario of its first word where there is one.
bool concerns(const SweptParameter& parameter, const SweptThing& thing, const std::vector<SweptThing>& things) {
  const std::string owner = parameter.name.substr(0, parameter.name.find('.'));
  return owner == thing.name || std::none_of(things.begin(), things.end(), [&](const SweptThing& other) {
           return other.program == thing.program && other.name == owner;
         });
}

/// Every parameter by itself: the ends of its range with all that has it, and every other value once.
std::vector<RangeRun> single_runs(const std::vector<SweptThing>& things) {
  std::vector<RangeRun> runs;
  for (const SweptThing& thing : things) {
    for (const SweptParameter& parameter : thing.parameters) {
      if (concerns(parameter, thing, things)) {
        for (const std::string& value : bounds_of(parameter)) {
          runs.push_back({&thing, {{parameter.name, value}}});
        }
      }
    }
  }
  return runs;
}

std::vector<RangeRun> special_runs(const std::vector<SweptThing>& things, std::uint64_t seed) {
  std::vector<RangeRun> runs;
  for (std::size_t i = 0; i < things.size(); ++i) {
    auto random = random_stream(seed, i, "special");
    const auto siblings = static_cast<std::uint64_t>(std::count_if(
        things.begin(), things.end(), [&](const auto& other) { return other.program == things[i].program; }));
    for (const SweptParameter& parameter : things[i].parameters) {
      auto values = special_values_of(parameter);
      values.push_back(random_value_of(parameter, random));
      for (const std::string& value : values) {
        if (concerns(parameter, things[i], things) && (things[i].is_component || random.below(siblings) == 0)) {
          runs.push_back({&things[i], {{parameter.name, value}}});
        }
      }
    }
  }
  return runs;
}

std::string value_of(const SweptParameter& parameter, sim::RandomStream& random) {
  const auto bounds = bounds_of(parameter);
  const auto special = special_values_of(parameter);
  switch (random.below(3)) {
    case 0:
      return bounds.at(random.below(bounds.size()));
    case 1:
      return special.empty() ? random_value_of(parameter, random) : special.at(random.below(special.size()));
    default:
      return random_value_of(parameter, random);
  }
}

/// Two parameters at once, anywhere.
RangeRun pair_run(const std::vector<SweptThing>& things, std::uint64_t seed, std::uint64_t index) {
  auto random = random_stream(seed, index, "pair");
  RangeRun run{&things.at(random.below(things.size())), {}};
  std::vector<const SweptParameter*> concerned;
  for (const SweptParameter& parameter : run.thing->parameters) {
    if (concerns(parameter, *run.thing, things)) {
      concerned.push_back(&parameter);
    }
  }
  const std::size_t first = random.below(concerned.size());
  const std::size_t second = (first + 1 + random.below(concerned.size() - 1)) % concerned.size();
  for (const std::size_t which : {first, second}) {
    run.values.emplace_back(concerned[which]->name, value_of(*concerned[which], random));
  }
  return run;
}

/// All of them, or a fair sample of `wanted` of them; what is left of `wanted` are pairs.
std::vector<RangeRun> plan(const std::vector<SweptThing>& things, const Options& options) {
  std::vector<RangeRun> runs = single_runs(things);
  const auto specials = special_runs(things, options.seed);
  runs.insert(runs.end(), specials.begin(), specials.end());
  auto random = random_stream(options.seed, 0, "order");
  for (std::size_t i = runs.size(); i > 1; --i) {
    std::swap(runs[i - 1], runs[random.below(i)]);
  }
  const std::uint64_t wanted = options.runs > 0 ? options.runs : runs.size() + pairs_by_default;
  runs.resize(std::min<std::size_t>(runs.size(), wanted <= runs.size() ? (2 * wanted + 2) / 3 : wanted));
  for (std::uint64_t index = 0; runs.size() < wanted; ++index) {
    runs.push_back(pair_run(things, options.seed, index));
  }
  return runs;
}

/// Runs the plan, several runs at once, until all is done or the time is over.
class Sweep {
 public:
  Sweep(std::vector<RangeRun> runs, const Options& options) : runs_(std::move(runs)), options_(options) {}

  /// Whether nothing was found.
  bool run() {
    std::vector<std::thread> workers;
    for (unsigned i = 0; i < options_.jobs_at_once(); ++i) {
      workers.emplace_back([this, i] { work(i); });
    }
    for (std::thread& worker : workers) {
      worker.join();
    }
    fmt::print(
        "{} runs of {} planned in {:.0f} s with seed {}: {} refused, {} found something, the longest took {:.1f} s\n",
        done_, runs_.size(), elapsed_s(), options_.seed, refused_, found_, longest_s_);
    return found_ == 0;
  }

 private:
  using Clock = std::chrono::steady_clock;

  [[nodiscard]] double elapsed_s() const { return std::chrono::duration<double>(Clock::now() - begin_).count(); }
  [[nodiscard]] bool is_over() const { return options_.seconds > 0.0 && elapsed_s() >= options_.seconds; }

  void work(unsigned worker) {
    const fs::path scratch = fs::temp_directory_path() / fmt::format("libsim-ranges-{}-{}", ::getpid(), worker);
    fs::create_directories(scratch);
    for (std::size_t index = next_++; index < runs_.size() && !is_over(); index = next_++) {
      Program program = runs_[index].program(scratch);
      if (options_.seconds > 0.0) {
        const auto left = std::chrono::milliseconds(static_cast<std::int64_t>(1000 * (options_.seconds - elapsed_s())));
        program.limits.wall = std::min(program.limits.wall, std::max(left, std::chrono::milliseconds(1)));
      }
      const Ended ended = attack::run(program);
      if (!(ended.timed_out && is_over())) {
        note(runs_[index], ended);
      }
      fs::remove_all(scratch);
      fs::create_directories(scratch);
    }
    fs::remove_all(scratch);
  }

  void note(const RangeRun& run, const Ended& ended) {
    const auto broken = broken_promises(run, ended);
    const std::lock_guard lock(mutex_);
    ++done_;
    refused_ += ended.status == 2 ? 1 : 0;
    found_ += broken.empty() ? 0 : 1;
    longest_s_ = std::max(longest_s_, ended.cpu_s);
    for (const std::string& promise : broken) {
      fmt::print("{}\n  {}\n", promise, run.command_line());
    }
    std::fflush(stdout);
  }

  std::vector<RangeRun> runs_;
  const Options& options_;
  Clock::time_point begin_ = Clock::now();
  std::atomic<std::size_t> next_ = 0;
  std::mutex mutex_;  // guards what follows
  std::uint64_t done_ = 0;
  std::uint64_t refused_ = 0;
  std::uint64_t found_ = 0;
  double longest_s_ = 0.0;
};

}  // namespace

int main(int argc, char** argv) {
  const auto options = read_options({argv + 1, argv + argc});
  if (!options) {
    return 2;
  }
  const fs::path traces = fs::path(LIBSIM_TEST_DATA) / "attack" / "traces";
  const auto things = swept_things(options->binaries, traces, options->only);
  if (things.empty()) {
    fmt::print(stderr, "--only {}: there is no such experiment\n", options->only);
    return 2;
  }
  return Sweep(plan(things, *options), *options).run() ? 0 : 1;
}
