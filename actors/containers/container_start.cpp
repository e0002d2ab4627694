#include "actors/containers/container.hpp"

namespace sim::actors {

Task<> Container::start_up() {
  co_await ctx_.sleep(policies::sample_start_time(plan_, config_.start_times, start_rng_));
  has_imported_agent_ = !plan_.imports_at_first_command();
}

Task<> Container::import_agent_once() {
  if (has_imported_agent_) {
    co_return;
  }
  co_await take(import_lock_);
  if (!has_imported_agent_) {
    co_await compute(config_.start_times.agent_import.sample(start_rng_));
    has_imported_agent_ = true;
  }
  give_back(import_lock_);
}

}  // namespace sim::actors
