#include <fmt/format.h>

#include "models/stress/actors/inquiry.hpp"
#include "models/stress/actors/listener_actors.hpp"
#include "models/stress/measures.hpp"
#include "models/stress/scenarios.hpp"

namespace sim::models::stress {

void listeners(harness::ScenarioRun& run, const Config& config) {
  const auto& settings = config.listeners;
  Simulation& simulation = run.simulation();
  const ListenerBus::Config rules{settings.warning_above, settings.removed_on_crash};
  const auto bus = simulation.spawn<ListenerBus>("bus", rules);
  const EventListener::Config listener{settings.lifetime, settings.crash_probability};
  for (std::uint32_t number = 0; number < settings.count; ++number) {
    simulation.spawn<EventListener>(fmt::format("listener-{}", number), listener, Port<Subscribe>(bus),
                                    Port<Unsubscribe>(bus));
  }
  const EventSource::Config source{settings.emit_interval, settings.emits_count};
  simulation.spawn<EventSource>("source", source, Port<EmitEvent>(bus));
  simulation.run();

  const ListenersCounted counted = inquire<CountListeners>(simulation, bus);
  report_count(run, "listeners_after_cleanup", counted.present, counted.added);
  report_count(run, "listeners_peak", counted.most, counted.added);
  report_count(run, "limit_warnings", counted.warnings, counted.added);
  report_count(run, "events_heard", simulation.metrics().counter_total("events_heard_count"), settings.emits_count);
  report_count(run, "events_to_nobody", simulation.dead_letters(), settings.emits_count);
  report_count(run, "listeners_added", counted.added);
  report_count(run, "listeners_cleaned_up", counted.cleaned_up);
  report_count(run, "listeners_removed_after_crash", counted.removed_after_crash);
  run.report_account({.whole = "listeners_added",
                      .parts = {"listeners_cleaned_up", "listeners_removed_after_crash", "listeners_after_cleanup"}});
}

}  // namespace sim::models::stress
