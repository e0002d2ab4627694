#include "tests/attack/campaign.hpp"

#include <fmt/format.h>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <exception>
#include <mutex>
#include <thread>

#include "tests/attack/scratch.hpp"

namespace attack {

namespace {

class Campaign {
 public:
  Campaign(std::string_view name, const Options& options, std::uint64_t end, const AttackOnce& attack)
      : name_(name), options_(options), next_(options.first), end_(end), attack_(attack) {}

  int run() {
    std::vector<std::thread> workers;
    for (unsigned worker = 0; worker < options_.jobs_at_once(); ++worker) {
      workers.emplace_back([this] { work(); });
    }
    for (std::thread& worker : workers) {
      worker.join();
    }
    fmt::print("{}: {} attempts, {} programs run in {:.0f} s with seed {}: {} found something\n", name_, attempts_,
               programs_run_, elapsed_s(), options_.seed, found_);
    return found_ == 0 ? 0 : 1;
  }

 private:
  using Clock = std::chrono::steady_clock;

  [[nodiscard]] double elapsed_s() const { return std::chrono::duration<double>(Clock::now() - begin_).count(); }
  [[nodiscard]] bool is_over() const { return options_.seconds > 0.0 && elapsed_s() >= options_.seconds; }

  void work() {
    for (std::uint64_t index = next_++; index < end_ && !is_over(); index = next_++) {
      sim::RandomStream random({.seed = options_.seed,
                                .replication = static_cast<std::uint32_t>(index),
                                .actor = name_,
                                .purpose = "attempt"});
      const Scratch scratch(name_);
      note(index, made(random, scratch.folder()));
    }
  }

  Attempt made(sim::RandomStream& random, const std::filesystem::path& scratch) const {
    try {
      return attack_(random, scratch);
    } catch (const std::exception& error) {
      return {0, {fmt::format("the attempt itself failed: {}", error.what())}};
    }
  }

  void note(std::uint64_t index, const Attempt& attempt) {
    const std::lock_guard lock(mutex_);
    ++attempts_;
    programs_run_ += attempt.programs_run;
    found_ += attempt.broken.empty() ? 0 : 1;
    for (const auto& promise : attempt.broken) {
      fmt::print("{}\n  again: attack_{} --seed {} --first {} --runs 1\n", promise, name_, options_.seed, index);
    }
    std::fflush(stdout);
  }

  std::string name_;
  const Options& options_;
  Clock::time_point begin_ = Clock::now();
  std::atomic<std::uint64_t> next_;
  std::uint64_t end_;
  const AttackOnce& attack_;
  std::mutex mutex_;  // guards what follows
  std::uint64_t attempts_ = 0;
  std::uint64_t programs_run_ = 0;
  std::uint64_t found_ = 0;
};

}  // namespace

int campaign(std::string_view name, const Options& options, std::uint64_t attempts_by_default,
             const AttackOnce& attack) {
  return Campaign(name, options, options.first + (options.runs > 0 ? options.runs : attempts_by_default), attack).run();
}

}  // namespace attack
