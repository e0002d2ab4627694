#include "models/stress/actors/queue_actors.hpp"
#include "models/stress/measures.hpp"
#include "models/stress/scenarios.hpp"

namespace sim::models::stress {

void queue_overflow(harness::ScenarioRun& run, const Config& config) {
  const auto& settings = config.queue_overflow;
  Simulation& simulation = run.simulation();
  const BoundedLine::Config rules{{settings.capacity, settings.on_full}};
  const auto queue = simulation.spawn<BoundedLine>("queue", rules);
  const ItemProducer::Config producing{settings.items_count, settings.pause};
  const auto producer =
      simulation.spawn<ItemProducer>("producer", producing, Port<QueueItem>(queue), Port<ItemsOver>(queue));
  const ItemConsumer::Config consuming{settings.consumer_stall, settings.processing};
  const auto consumer = simulation.spawn<ItemConsumer>("consumer", consuming, Port<TakeItem>(queue));
  simulation.run();

  const ItemProducer& sent = simulation.get(producer);
  const ItemConsumer& done = simulation.get(consumer);
  report_count(run, "size", sent.last().size, settings.items_count);
  report_percent(run, "utilization", sent.last().size, sent.last().capacity);
  report_count(run, "last_item_consumed", done.last_item());
  run.report("drained_after", "s", to_seconds(done.ended_at() - Time{}), done.consumed());
  report_count(run, "items", settings.items_count);
  report_count(run, "consumed", done.consumed(), settings.items_count);
  report_count(run, "dropped", sent.dropped(), settings.items_count);
  run.check_littles_law("items", simulation.metrics().gauge("queue_items", "queue").integral(),
                        to_seconds(time_in_queue(sent, done)));
  run.report_account({.whole = "items", .parts = {"consumed", "dropped"}});
}

}  // namespace sim::models::stress
