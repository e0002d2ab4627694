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
};

/// Takes the finished jobs in their order, that is set by set, and keeps the store of one set open at a time.
class Collector {
 public:
  /// What comes after a failure of the same set is dropped.
  [[nodiscard]] Expected<void> take(Job& job) {
    if (job.set->failure()) {
      return {};
    }
    if (job.failure) {
      job.set->fail(std::move(*job.failure));
      return {};
    }
    auto stored = store(*job.set, *job.result);
    job.set->add(std::move(*job.result));
    job.result.reset();
    return stored;
  }

 private:
  Expected<void> store(const ReplicationSet& set, const Replication& replication) {
    if (&set != open_for_) {
      auto opened = set.open_store();
      if (!opened) {
        return tl::unexpected(opened.error());
      }
      store_ = std::move(*opened);
      open_for_ = &set;
    }
    // Another process may have been faster; what it wrote is the same.
    return store_ && store_->size() == set.count() ? store_->append(replication) : Expected<void>{};
  }

  const ReplicationSet* open_for_ = nullptr;
  std::optional<ReplicationStore> store_;
};

/// Takes from the store what the set lacks.
Expected<void> load(ReplicationSet& set, std::uint32_t replications) {
  if (set.count() >= replications) {
    return {};
  }
  const auto store = set.open_store();
  if (!store) {
    return tl::unexpected(store.error());
  }
  while (*store && set.count() < replications && set.count() < (*store)->size()) {
    auto replication = (*store)->at(set.count());
    if (!replication) {
      return tl::unexpected(replication.error());
    }
    set.add(std::move(*replication));
  }
  return {};
}

/// Leaves the loop of the running jobs.
struct StoreFailure {
  Error error;
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

Expected<std::optional<ReplicationStore>> ReplicationSet::open_store() const {
  if (!shelf_) {
    return std::optional<ReplicationStore>{};
  }
  return ReplicationStore::open(shelf_->folder, shelf_->key).map([](ReplicationStore store) {
    return std::optional<ReplicationStore>(std::move(store));
  });
}

Expected<void> extend(const std::vector<Extension>& extensions, std::uint32_t jobs, const ExtensionProgress& progress) {
  std::vector<Job> missing;
  for (const auto& [set, replications] : extensions) {
    if (auto loaded = load(*set, replications); !loaded) {
      return loaded;
    }
    for (std::uint32_t next = set->count(); next < replications && !set->failure(); ++next) {
      missing.push_back(Job{.set = set, .replication = next, .result = {}, .failure = {}});
    }
  }
  Collector collector;
  const auto finished = [&](std::size_t job) {
    if (auto taken = collector.take(missing[job]); !taken) {
      throw StoreFailure{taken.error()};
    }
    if (progress) {
      progress(job + 1, missing.size());
    }
  };
  try {
    run_jobs(
        missing.size(), jobs, [&](std::size_t job) { missing[job].run(); }, finished);
  } catch (const StoreFailure& failure) {
    return tl::unexpected(failure.error);
  }
  return {};
}

}  // namespace sim::harness
