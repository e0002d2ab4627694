#include "models/stress/parameter_groups.hpp"

namespace sim::models::stress {

namespace {

using harness::Parameters;
using ItemQueueConfig = policies::BoundedQueue<std::uint32_t>;

void describe_api_load(Parameters& parameters, Config::ApiLoad& api_load) {
  parameters.add("api_load.requests", api_load.requests_count)
      .unit("requests")
      .range(1, 100'000)
      .meaning("requests, all sent at the same time")
      .source(document);
  parameters.add("api_load.processing", api_load.processing)
      .meaning("of a request, without the processor: waits for others")
      .source(document);
  parameters.add("api_load.cpu", api_load.cpu)
      .meaning("time of the processor that a request needs")
      .source("assumed: one process answers some 5000 small requests per second");
  parameters.add("api_load.cpu_cores", api_load.cpu_cores)
      .unit("cores")
      .range(1, 1'000)
      .meaning("requests that the processor works on at once")
      .source("assumed: one event loop");
  parameters.add("api_load.in_flight_max", api_load.in_flight_max)
      .unit("requests")
      .range(1, 1'000'000)
      .meaning("requests in flight; more are turned away")
      .source("assumed: high enough to turn nobody away");
  parameters.add("api_load.client_timeout", api_load.client_timeout)
      .range(1ms, 1h)
      .meaning("how long a client waits for its answer")
      .source("assumed: twice the target of the duration");
}

void describe_rate_limiter(Parameters& parameters, Config::RateLimiter& rate_limiter) {
  parameters.add("rate_limiter.calls", rate_limiter.calls_count)
      .unit("calls")
      .range(1, 100'000)
      .meaning("calls, one after the other")
      .source(document);
  parameters.add("rate_limiter.limit", rate_limiter.limit)
      .unit("calls")
      .range(1, 100'000)
      .meaning("calls allowed per window")
      .source(document);
  parameters.add("rate_limiter.window", rate_limiter.window)
      .range(1ms, 24h)
      .meaning("length of the window")
      .source(document);
  parameters
      .add("rate_limiter.algorithm", rate_limiter.algorithm,
           {{"fixed_window", policies::RateLimiter::Algorithm::fixed_window},
            {"sliding_window_log", policies::RateLimiter::Algorithm::sliding_window_log},
            {"sliding_window_counter", policies::RateLimiter::Algorithm::sliding_window_counter},
            {"token_bucket", policies::RateLimiter::Algorithm::token_bucket},
            {"leaky_bucket", policies::RateLimiter::Algorithm::leaky_bucket},
            {"gcra", policies::RateLimiter::Algorithm::gcra}})
      .meaning("how the limiter counts")
      .source("stress test plan: the times of all allowed calls of the last window");
  parameters.add("rate_limiter.pause", rate_limiter.pause)
      .meaning("between two calls")
      .source("assumed: a call within a data centre; all calls lie within one window");
}

void describe_queue_overflow(Parameters& parameters, Config::QueueOverflow& queue_overflow) {
  parameters.add("queue_overflow.items", queue_overflow.items_count)
      .unit("items")
      .range(1, 1'000'000)
      .meaning("items that are brought")
      .source(document);
  parameters.add("queue_overflow.capacity", queue_overflow.capacity)
      .unit("items")
      .range(1, 1'000'000)
      .meaning("items that the queue has room for")
      .source(document);
  parameters
      .add("queue_overflow.on_full", queue_overflow.on_full,
           {{"reject", ItemQueueConfig::OnFull::reject},
            {"drop_oldest", ItemQueueConfig::OnFull::drop_oldest},
            {"drop_newest", ItemQueueConfig::OnFull::drop_newest}})
      .meaning("who has to go when the queue is full: the arriving item, the one at the front, or the one at the back")
      .source(document);
  parameters.add("queue_overflow.pause", queue_overflow.pause)
      .meaning("between two items")
      .source("assumed: 10000 items per second");
  parameters.add("queue_overflow.consumer_stall", queue_overflow.consumer_stall)
      .range(0s, 24h)
      .meaning("how long the consumer takes nothing, from the start")
      .source("assumed: longer than the flood; in the test plan nobody takes anything");
  parameters.add("queue_overflow.processing", queue_overflow.processing)
      .meaning("of one item by the consumer")
      .source(assumed);
}

void describe_backpressure(Parameters& parameters, Config::Backpressure& backpressure) {
  parameters.add("backpressure.items", backpressure.items_count)
      .unit("items")
      .range(1, 1'000'000)
      .meaning("items that the producer has to send")
      .source(document);
  parameters.add("backpressure.high_water_mark", backpressure.high_water_mark)
      .unit("items")
      .range(1, 1'000'000)
      .meaning("the producer is to pause when more items than that wait")
      .source(document);
  parameters.add("backpressure.low_water_mark", backpressure.low_water_mark)
      .unit("items")
      .range(0, 1'000'000)
      .meaning("and to go on when no more than that wait")
      .source(document);
  parameters.add("backpressure.capacity", backpressure.capacity)
      .unit("items")
      .range(1, 1'000'000)
      .meaning("items that may wait; more are lost")
      .source("assumed: the next power of two above the high mark, as ring buffers have it");
  parameters.add("backpressure.batch_size", backpressure.batch_size)
      .unit("items")
      .range(1, 1'000'000)
      .meaning("items that are worked on together")
      .source(document);
  parameters.add("backpressure.batch", backpressure.batch)
      .meaning("time for one batch")
      .source("stress test plan: 5 ms");
  parameters.add("backpressure.pause", backpressure.pause)
      .meaning("of the producer, between two items")
      .source("assumed: ten times as fast as the consumer");
  parameters.add("backpressure.signal_delay", backpressure.signal_delay)
      .meaning("how long a signal takes to the producer")
      .source("assumed: a message within a machine");
  parameters.add("backpressure.heeded", backpressure.heeded)
      .meaning("the producer does as it is told")
      .source(document);
  parameters.add("backpressure.resume_loss_probability", backpressure.resume_loss_probability)
      .unit("probability")
      .range(0, 1)
      .meaning("of a signal to go on: that it never arrives")
      .source("0: in the test plan no signal is lost");
}

}  // namespace

void describe_load(harness::Parameters& parameters, Config& config) {
  describe_api_load(parameters, config.api_load);
  describe_rate_limiter(parameters, config.rate_limiter);
  describe_queue_overflow(parameters, config.queue_overflow);
  describe_backpressure(parameters, config.backpressure);
}

}  // namespace sim::models::stress
