#include "libsim/harness/replication_set.hpp"

#include <exception>
#include <utility>

#include "libsim/caf/job_pool.hpp"
#include "libsim/failure.hpp"

namespace sim::harness {

namespace {

/// A replication that is to be run, and what became of it.
struct Job {
  ReplicationSet* set = nullptr;
  std::uint32_t replication = 0;
  std::optional<Replication> result;
  std::optional<ScenarioFailure> failure;

  void run() {
    try {
      result = set->run(replication);
    } catch (const ScenarioFailure& thrown) {
      failure = thrown;
    }
  }

  /// What comes after a failure of the same set is dropped.
  void hand_over() {
    if (set->failure()) {
      return;
    }
    if (failure) {
      set->fail(std::move(*failure));
    } else {
      set->add(std::move(*result));
    }
    result.reset();
  }
};

}  // namespace

ReplicationSet::ReplicationSet(const Experiment& experiment, const Setup& setup, std::size_t scenario,
                               RunSettings settings)
    : experiment_(experiment), setup_(setup), scenario_(scenario), settings_(settings) {}

const std::string& ReplicationSet::scenario() const { return experiment_.scenarios().at(scenario_).name; }

ScenarioResult ReplicationSet::result(double confidence) const {
  return combine(experiment_.name(), scenario(), settings_.seed, replications_, confidence);
}

Replication ReplicationSet::run(std::uint32_t replication) const {
  RunSettings settings = settings_;
  settings.replication = replication;
  try {
    ScenarioRun run(settings);
    setup_.run(scenario_, run);
    Replication result = run.collect();
    if (replication > 0) {
      result.curves.clear();
      result.attachments.clear();
    }
    return result;
  } catch (const std::exception& failure) {
    throw ScenarioFailure(scenario(), replication, failure.what());
  } catch (...) {
    throw ScenarioFailure(scenario(), replication, "threw something that is not a std::exception");
  }
}

void ReplicationSet::add(Replication replication) {
  check(!failure_, "a set of replications ends with a failure");
  replications_.push_back(std::move(replication));
}

void extend(const std::vector<Extension>& extensions, std::uint32_t jobs, const ExtensionProgress& progress) {
  std::vector<Job> missing;
  for (const auto& [set, replications] : extensions) {
    for (std::uint32_t next = set->count(); next < replications && !set->failure(); ++next) {
      missing.push_back(Job{.set = set, .replication = next, .result = {}, .failure = {}});
    }
  }
  run_jobs(
      missing.size(), jobs, [&](std::size_t job) { missing[job].run(); },
      [&](std::size_t job) {
        missing[job].hand_over();
        if (progress) {
          progress(job + 1, missing.size());
        }
      });
}

}  // namespace sim::harness
