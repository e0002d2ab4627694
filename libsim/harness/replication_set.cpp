#include "libsim/harness/replication_set.hpp"

#include <algorithm>
#include <cstddef>
#include <exception>
#include <map>
#include <string>
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
      store_.reset();
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

/// Sets of which no two keep the same store, and those that keep the store of an earlier one.
struct Distinct {
  struct Twin {
    Extension extension;
    const ReplicationSet* first = nullptr;
  };

  std::vector<Extension> firsts;
  std::vector<Twin> twins;
};

Distinct distinct(const std::vector<Extension>& extensions) {
  Distinct sets;
  std::map<std::string, const ReplicationSet*> first_of;
  for (const auto& extension : extensions) {
    const StoreKey* key = extension.set->store_key();
    const auto [found, is_new] =
        key == nullptr ? std::pair(first_of.end(), true) : first_of.emplace(key_json(*key), extension.set);
    if (is_new) {
      sets.firsts.push_back(extension);
    } else {
      sets.twins.push_back({extension, found->second});
    }
  }
  return sets;
}

void copy(const ReplicationSet& first, const Extension& twin) {
  while (twin.set->count() < std::min(twin.replications, first.count())) {
    twin.set->add(first.replications()[twin.set->count()]);
  }
  if (first.failure() && twin.set->count() == first.count() && twin.set->count() < twin.replications &&
      !twin.set->failure()) {
    twin.set->fail(*first.failure());
  }
}

Expected<void> extend_distinct(const std::vector<Extension>& extensions, std::uint32_t jobs,
                               const ExtensionProgress& progress) {
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

}  // namespace

ReplicationSet::ReplicationSet(const Experiment& experiment, const Setup& setup, std::size_t scenario,
                               RunSettings settings)
    : experiment_(experiment), setup_(setup), scenario_(scenario), settings_(settings) {}

const std::string& ReplicationSet::scenario() const { return experiment_.scenarios().at(scenario_).name; }

ScenarioResult ReplicationSet::result(double confidence) const {
  return combine(experiment_.name(), scenario(), settings_.seed, replications_, confidence);
}

Expected<std::optional<std::vector<Report>>> ReplicationSet::first_reports() {
  std::error_code ignored;
  if (count() == 0 && !failure_ && shelf_ &&
      std::filesystem::exists(shelf_->folder / store_file(shelf_->key), ignored)) {
    if (auto extended = extend({{this, 1}}, 1); !extended) {
      return tl::unexpected(extended.error());
    }
  }
  if (count() > 0) {
    return std::optional(replications_.front().reports);
  }
  try {
    if (!failure_ && !rehearsal_) {
      rehearsal_ = run(0);
    }
  } catch (const ScenarioFailure&) {
    // It will fail again, and then be reported.
  }
  return rehearsal_ ? std::optional(rehearsal_->reports) : std::nullopt;
}

Replication ReplicationSet::run(std::uint32_t replication) const {
  if (replication == 0 && rehearsal_) {
    return *rehearsal_;
  }
  RunSettings settings = settings_;
  settings.replication = replication;
  ScenarioRun run(settings);
  try {
    setup_.run(scenario_, run);
    Replication result = run.collect();
    if (replication > 0) {
      result.curves.clear();
      result.attachments.clear();
    }
    return result;
  } catch (const RunTooLong& end) {
    throw ScenarioFailure::too_long(scenario(), replication, end, settings.limits.value_or(WorkLimits{}));
  } catch (const EndOfTime& end) {
    throw ScenarioFailure::end_of_time(scenario(), replication, end.what());
  } catch (const std::exception& failure) {
    // What never happens is what the scenario waited for in vain: a limit of the tool that its input reached, no bug.
    const std::string beyond = run.beyond_the_end();
    throw beyond.empty() ? ScenarioFailure(scenario(), replication, failure.what())
                         : ScenarioFailure::end_of_time(scenario(), replication, beyond);
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
  const Distinct sets = distinct(extensions);
  if (auto extended = extend_distinct(sets.firsts, jobs, progress); !extended) {
    return extended;
  }
  std::vector<Extension> lacking;
  for (const auto& [twin, first] : sets.twins) {
    copy(*first, twin);
    if (twin.set->count() < twin.replications && !twin.set->failure()) {
      lacking.push_back(twin);
    }
  }
  return lacking.empty() ? Expected<void>{} : extend(lacking, jobs, progress);
}

}  // namespace sim::harness
