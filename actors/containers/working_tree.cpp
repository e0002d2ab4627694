#include "actors/containers/working_tree.hpp"

namespace sim::policies {

std::vector<GitStep> WorkingTree::plan_switch(SessionId session) const {
  if (checked_out_ == session) {
    return {};
  }
  std::vector<GitStep> steps;
  if (!config_.cache_git_status) {
    steps.push_back(GitStep::status);
  }
  if (has_uncommitted_changes_) {
    steps.push_back(GitStep::stash);
  }
  steps.push_back(GitStep::checkout);
  return steps;
}

void WorkingTree::switched_to(SessionId session) {
  if (checked_out_ == session) {
    return;
  }
  checked_out_ = session;
  has_uncommitted_changes_ = false;
  ++switches_count_;
}

}  // namespace sim::policies
