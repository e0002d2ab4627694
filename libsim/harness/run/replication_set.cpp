#include "libsim/harness/run/replication_set.hpp"

#include <algorithm>
#include <cstddef>
#include <exception>
#include <iterator>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include "libsim/caf/job_pool.hpp"
#include "libsim/failure.hpp"

namespace sim::harness {

namespace {

/// What became of a replication.
struct Outcome {
  std::optional<Replication> result;
  std::optional<ScenarioFailure> failure;
};

Outcome outcome_of(const ReplicationSet& set, std::uint32_t replication) {
  Outcome outcome;
  try {
    outcome.result = set.run(replication);
  } catch (const ScenarioFailure& thrown) {
    outcome.failure = thrown;
  }
  return outcome;
}

/// The replications that are to be run, counted through all sets. Holds what is finished until it is taken.
class Jobs {
 public:
  /// The replications from `first` to before `end` of a set come next.
  void add(ReplicationSet& set, std::uint32_t first, std::uint32_t end) {
    if (first < end) {
      runs_.push_back({&set, first, count()});
      outcomes_.resize(outcomes_.size() + end - first);
    }
  }

  [[nodiscard]] std::size_t count() const { return outcomes_.size(); }
  [[nodiscard]] ReplicationSet& set_of(std::size_t job) const { return *run_of(job).set; }

  /// Different jobs may run at once.
  void run(std::size_t job) {
    const Run& run = run_of(job);
    outcomes_[job] =
        std::make_unique<Outcome>(outcome_of(*run.set, run.first + static_cast<std::uint32_t>(job - run.begin)));
  }

  [[nodiscard]] std::unique_ptr<Outcome> take(std::size_t job) { return std::move(outcomes_[job]); }

 private:
  struct Run {
    ReplicationSet* set;
    std::uint32_t first;
    std::size_t begin;
  };

  [[nodiscard]] const Run& run_of(std::size_t job) const {
    return *std::prev(std::upper_bound(runs_.begin(), runs_.end(), job,
                                       [](std::size_t number, const Run& run) { return number < run.begin; }));
  }

  std::vector<Run> runs_;
  std::vector<std::unique_ptr<Outcome>> outcomes_;
};

/// Takes the finished jobs in their order, that is set by set, and keeps the store of one set open at a time.
class Collector {
 public:
  /// What comes after a failure of the same set is dropped.
  [[nodiscard]] Expected<void> take(ReplicationSet& set, Outcome& outcome) {
    if (set.failure()) {
      return {};
    }
    if (outcome.failure) {
      set.fail(std::move(*outcome.failure));
      return {};
    }
    auto stored = store(set, *outcome.result);
    set.add(std::move(*outcome.result));
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
  if (*store && !(*store)->note().empty()) {
    set.note((*store)->note());
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

/// What the first of two sets has run is in the store of both.
Expected<void> copy(const ReplicationSet& first, const Extension& twin) {
  if (auto loaded = load(*twin.set, std::min(twin.replications, first.count())); !loaded) {
    return loaded;
  }
  if (first.failure() && twin.set->count() == first.count() && twin.set->count() < twin.replications &&
      !twin.set->failure()) {
    twin.set->fail(*first.failure());
  }
  return {};
}

Expected<void> extend_distinct(const std::vector<Extension>& extensions, std::uint32_t jobs,
                               const ExtensionProgress& progress) {
  Jobs missing;
  for (const auto& [set, replications] : extensions) {
    if (auto loaded = load(*set, replications); !loaded) {
      return loaded;
    }
    missing.add(*set, set->count(), set->failure() ? set->count() : replications);
  }
  Collector collector;
  const auto finished = [&](std::size_t job) {
    if (auto taken = collector.take(missing.set_of(job), *missing.take(job)); !taken) {
      throw StoreFailure{taken.error()};
    }
    if (progress) {
      progress(job + 1, missing.count());
    }
  };
  try {
    run_jobs(
        missing.count(), jobs, [&](std::size_t job) { missing.run(job); }, finished);
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
  return replications_.result(experiment_.name(), scenario(), settings_.seed, confidence);
}

std::optional<std::vector<Report>> ReplicationSet::first_reports() {
  if (count() > 0) {
    return replications_.first().reports;
  }
  if (!failure_ && !rehearsal_ && shelf_) {
    rehearsal_ = ReplicationStore::first_in(shelf_->folder, shelf_->key);
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
  replications_.add(std::move(replication));
  rehearsal_.reset();
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
    if (auto copied = copy(*first, twin); !copied) {
      return copied;
    }
    if (twin.set->count() < twin.replications && !twin.set->failure()) {
      lacking.push_back(twin);
    }
  }
  return lacking.empty() ? Expected<void>{} : extend(lacking, jobs, progress);
}

}  // namespace sim::harness
