#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <vector>

#include "actors/queues/ids.hpp"

namespace sim::policies {

/// A step of git that a change of the working tree takes.
enum class GitStep {
  status,    ///< look for uncommitted changes
  stash,     ///< put them aside
  checkout,  ///< make the files those of the session
};

/// The one working tree of a container: whose session's files it holds, and what it takes to hold another's. The branch
/// of a session is fetched beforehand, once per container; that needs the repository but not the tree.
class WorkingTree {
 public:
  struct Config {
    bool cache_git_status = true;  ///< remember whether there are uncommitted changes instead of asking git

    friend bool operator==(const Config&, const Config&) = default;
  };

  explicit WorkingTree(Config config) : config_(config) {}

  /// Whether the branch of the session still has to be fetched; from now on it counts as fetched.
  bool begin_fetch(SessionId session) { return fetched_.insert(session).second; }

  /// The steps to work on `session`, in order; none when its files are there already.
  [[nodiscard]] std::vector<GitStep> plan_switch(SessionId session) const;

  /// The steps of `plan_switch` are done.
  void switched_to(SessionId session);

  /// Files were changed, and committed.
  void mark_changed() { has_uncommitted_changes_ = true; }
  void mark_committed() { has_uncommitted_changes_ = false; }

  [[nodiscard]] std::optional<SessionId> checked_out() const { return checked_out_; }
  [[nodiscard]] bool has_uncommitted_changes() const { return has_uncommitted_changes_; }
  /// Changes of the tree so far; the first checkout counts.
  [[nodiscard]] std::uint64_t switches_count() const { return switches_count_; }

 private:
  Config config_;
  std::optional<SessionId> checked_out_;
  bool has_uncommitted_changes_ = false;
  std::set<SessionId> fetched_;
  std::uint64_t switches_count_ = 0;
};

}  // namespace sim::policies
