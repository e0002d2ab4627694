#include "models/stress/actors/backpressure_actors.hpp"
#include "models/stress/measures.hpp"
#include "models/stress/scenarios.hpp"

namespace sim::models::stress {

void backpressure(harness::ScenarioRun& run, const Config& config) {
  const auto& settings = config.backpressure;
  Simulation& simulation = run.simulation();
  const FlowProducer::Config producing{settings.items_count, settings.pause, settings.heeded};
  const auto producer = simulation.spawn<FlowProducer>("producer", producing);
  // paused above the high mark, resumed at the low one
  const FlowBuffer::Config buffering{{std::uint64_t{settings.high_water_mark} + 1, settings.low_water_mark, false},
                                     settings.capacity,
                                     settings.batch_size,
                                     settings.batch,
                                     settings.signal_delay,
                                     settings.resume_loss_probability};
  const auto buffer =
      simulation.spawn<FlowBuffer>("buffer", buffering, Port<PauseFlow>(producer), Port<ResumeFlow>(producer));
  simulation.get(producer).connect(buffer);
  simulation.run();

  const FlowProducer& sent = simulation.get(producer);
  const FlowBuffer& received = simulation.get(buffer);
  report_bool(run, "paused_at_high_water", sent.first_pause_level() == std::uint64_t{settings.high_water_mark} + 1,
              sent.sent());
  report_bool(run, "paused_at_end", sent.is_paused());
  report_count(run, "pauses", sent.pauses());
  report_ms(run, "paused_time", sent.paused_time(simulation.now()), sent.pauses());
  report_count(run, "level_max", received.level_max(), sent.sent());
  run.report("duration", "ms", to_milliseconds(simulation.now() - Time{}));
  report_count(run, "items", settings.items_count);
  report_count(run, "items_processed", received.processed(), settings.items_count);
  report_count(run, "items_lost", received.lost(), settings.items_count);
  report_count(run, "items_held_back", settings.items_count - sent.sent(), settings.items_count);
  run.report_account({.whole = "items", .parts = {"items_processed", "items_lost", "items_held_back"}});
}

}  // namespace sim::models::stress
