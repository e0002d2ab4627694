#include "models/sessions/scenario_parameters.hpp"

namespace sim::models::sessions {

void describe_scenarios(harness::Parameters& parameters, Config& config) {
  parameters.add("hourly.duration", config.hourly.duration)
      .range(1s, 24h)
      .meaning("window in which the messages of hourly are sent")
      .source(document);
  parameters.add("hourly.messages", config.hourly.messages_count)
      .unit("messages")
      .range(1, 1'000'000)
      .meaning("messages of hourly, at uniformly random times, each of a random session")
      .source(document);
  parameters.add("hourly.interrupts", config.hourly.interrupts_count)
      .unit("interrupts")
      .range(0, 100'000)
      .meaning("interrupts of hourly, at uniformly random times, each of a command in progress")
      .source(document);
  parameters.add("arrivals.speed", config.hourly.arrivals_speed)
      .range(0.001, 100'000)
      .meaning("divides the times of recorded arrivals")
      .source("1: as recorded");
  parameters.add("switching.messages", config.switching.messages_count)
      .unit("messages")
      .range(1, 1'000'000)
      .meaning("messages of switching, one after the other")
      .source(document);
  parameters.add("switching.sessions", config.switching.sessions_count)
      .unit("sessions")
      .range(1, 1'000)
      .meaning("sessions of switching, in turn")
      .source(document);
  parameters.add("preview.loads", config.preview.loads_count)
      .unit("loads")
      .range(1, 1'000'000)
      .meaning("page loads of preview")
      .source("definition of the target");
  parameters.add("preview.between_loads", config.preview.between_loads)
      .meaning("time between two page loads")
      .source(assumed);
  parameters.add("preview.sessions", config.preview_messages.sessions_count)
      .unit("sessions")
      .range(1, 1'000)
      .meaning("sessions of the container of preview, each of which also sends messages")
      .source(document);
  parameters.add("preview.message_pause", config.preview_messages.message_pause)
      .meaning("pause of such a session between a reply and its next message")
      .source(assumed);
  parameters.add("preview.network_latency", config.preview.network_latency)
      .meaning("round trip between browser and container")
      .source(assumed);
  parameters.add("preview.transfer", config.preview.transfer)
      .meaning("transfer of all bytes of a page")
      .source("assumed: 500 kB at about 25 Mbit/s");
  parameters.add("preview.render_cpu", config.container.work_times.page_render_cpu)
      .meaning("CPU time to render a page that is not cached")
      .source(assumed);
  parameters.add("preview.cache_pages", config.container.cache_pages)
      .meaning("serve a rendered page again until its session is built anew")
      .source("test plan, caching strategy");
  parameters.add("preview.page_ttl", config.container.page_cache.ttl)
      .range(1ms, 24h)
      .zero_is_forever()
      .meaning("age up to which a rendered page is served")
      .source("as the container cache of the test plan");
  parameters.add("preview.timeout", config.preview.timeout)
      .range(1s, 1h)
      .meaning("a load that fails or takes longer counts as this long")
      .source(assumed);
  parameters.add("burst.messages", config.burst.messages_count)
      .unit("messages")
      .range(1, 100'000)
      .meaning("messages to one session at once")
      .source(document);
  parameters.add("burst.timeout", config.burst.timeout)
      .range(1s, 24h)
      .meaning("client timeout in burst")
      .source("definition of the target");
  parameters.add("soak.duration", config.soak.duration)
      .range(1s, 48h)
      .meaning("how long soak goes on sending")
      .source(document);
  parameters.add("soak.pause", config.soak.pause)
      .range(0s, 1h)
      .meaning("time between a reply and the next message of soak")
      .source(document);
  parameters.add("soak.messages_per_snapshot", config.soak.messages_per_snapshot)
      .unit("messages")
      .range(1, 100'000)
      .meaning("memory is read after every so many messages")
      .source(document);
}

}  // namespace sim::models::sessions
