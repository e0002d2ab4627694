#pragma once

#include "libsim/harness/experiment/scenario_run.hpp"
#include "models/sessions/config.hpp"

/// The scripts of the seven scenarios. Each reports the metrics of its targets and the accounts of all messages.
namespace sim::models::sessions {

/// Every session sends one message at once, after all containers are ready.
void load(harness::ScenarioRun& run, const Config& config);

/// Messages at random times within an hour, or as recorded, and interrupts of commands in progress; then a drain.
void hourly(harness::ScenarioRun& run, const Config& config);

/// One message after the other, in turn to the sessions of one container.
void switching(harness::ScenarioRun& run, const Config& config);

/// Page loads from a container that also works on messages.
void preview(harness::ScenarioRun& run, const Config& config);

/// Many messages at once to one session.
void burst(harness::ScenarioRun& run, const Config& config);

/// The container is killed, idle and while it works; then a message.
void kill(harness::ScenarioRun& run, const Config& config);

/// One session for half an hour, a message and a pause in turn.
void soak(harness::ScenarioRun& run, const Config& config);

}  // namespace sim::models::sessions
