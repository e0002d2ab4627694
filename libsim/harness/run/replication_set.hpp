#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "libsim/expected.hpp"
#include "libsim/harness/experiment/experiment.hpp"
#include "libsim/harness/experiment/scenario_run.hpp"
#include "libsim/harness/run/replications.hpp"
#include "libsim/harness/run/scenario_failure.hpp"
#include "libsim/harness/run/scenario_result.hpp"
#include "libsim/harness/store/replication_store.hpp"

namespace sim::harness {

/// One scenario in one configuration, and its replications so far: number 0, 1, 2, … without a gap. More come from
/// `extend`.
class ReplicationSet {
 public:
  /// The experiment and the setup outlive the set. `settings.replication` is not looked at.
  ReplicationSet(const Experiment& experiment, const Setup& setup, std::size_t scenario, RunSettings settings);

  [[nodiscard]] const std::string& scenario() const;
  [[nodiscard]] std::uint32_t count() const { return replications_.count(); }
  [[nodiscard]] const Replications& replications() const { return replications_; }

  /// The first replication that did not come to its end; the set then holds those before it and gets no more.
  [[nodiscard]] const std::optional<ScenarioFailure>& failure() const { return failure_; }

  /// All replications put together.
  [[nodiscard]] ScenarioResult result(double confidence = confidence_default) const;

  /// Runs one replication. Curves and attachments are kept of the first one only. Does not change the set, so that
  /// several may run at once. Throws a `ScenarioFailure`.
  [[nodiscard]] Replication run(std::uint32_t replication) const;

  /// What the scenario reports, as its first replication has it; nothing where that fails. If it has to be run for
  /// this, `extend` need not run it again. Writes nothing.
  [[nodiscard]] std::optional<std::vector<Report>> first_reports();

  /// Where finished replications are kept: `extend` takes from there what it finds, and adds what it runs.
  void keep_in(std::filesystem::path folder, StoreKey key) { shelf_ = Shelf{std::move(folder), std::move(key)}; }

  /// Two sets with the same key hold the same. Null where the set keeps no store.
  [[nodiscard]] const StoreKey* store_key() const { return shelf_ ? &shelf_->key : nullptr; }

  /// The store, opened; nothing where the set keeps none. The error names the file.
  [[nodiscard]] Expected<std::optional<ReplicationStore>> open_store() const;

  /// The next replication, or why there is none.
  void add(Replication replication);
  void fail(ScenarioFailure failure) { failure_ = std::move(failure); }

  /// What the user should know of the store, such as that it was repaired.
  void note(const std::string& text) { notes_.push_back(text); }
  [[nodiscard]] const std::vector<std::string>& notes() const { return notes_; }

 private:
  struct Shelf {
    std::filesystem::path folder;
    StoreKey key;
  };

  const Experiment& experiment_;
  const Setup& setup_;
  std::size_t scenario_;
  RunSettings settings_;
  std::optional<Shelf> shelf_;
  std::optional<Replication> rehearsal_;  // replication 0, if it was run ahead
  Replications replications_;
  std::optional<ScenarioFailure> failure_;
  std::vector<std::string> notes_;
};

/// A set and how many replications it is to have.
struct Extension {
  ReplicationSet* set = nullptr;
  std::uint32_t replications = 0;
};

/// Called in between, from the calling thread, with how many of the missing replications are done.
using ExtensionProgress = std::function<void(std::size_t done, std::size_t all)>;

/// Runs what the sets lack and no store has, `jobs` replications at a time. The sets come out the same for any number
/// of jobs. What two sets have in common by their stores is run once. A failure ends its own set, no other. The error
/// is that of a store, such as a full disk.
[[nodiscard]] Expected<void> extend(const std::vector<Extension>& extensions, std::uint32_t jobs,
                                    const ExtensionProgress& progress = {});

}  // namespace sim::harness
