#include "models/stress/experiment.hpp"

#include "models/stress/config.hpp"
#include "models/stress/scenarios.hpp"

namespace sim::models::stress {

harness::Experiment experiment() {
  return harness::Definition<Config>{
      .name = "stress",
      .summary = "what overload and exhaustion do to caches, pools, queues, limiters and breakers",
      .describe = describe,
      .scenarios = {{"lru_cache", "2000 inserts into a cache of 1000 entries", lru_cache},
                    {"listeners", "50 listeners of one event come and go", listeners},
                    {"buffer_pool", "20 buffers of 1 MB in use, 10 of them kept", buffer_pool},
                    {"weak_cache", "cache entries go with their owners", weak_cache},
                    {"api_load", "1000 requests to an endpoint at once", api_load},
                    {"rate_limiter", "150 calls within a window that allows 100", rate_limiter},
                    {"queue_overflow", "1500 items into a queue of 1000 whose consumer stalls", queue_overflow},
                    {"backpressure", "150 items from a producer that is told to pause", backpressure},
                    {"compute_pool", "10 tasks at once on 4 workers", compute_pool},
                    {"compute_timeout", "a fast and a slow task under a limit of 100 ms", compute_timeout},
                    {"deduplication", "duplicates among 10000 values", deduplication},
                    {"memoization", "f(5), f(5), f(3) with remembered results", memoization},
                    {"breaker", "a service fails for 2 s behind a breaker", breaker},
                    {"connection_pool", "a pool of 10 connections, all lent", connection_pool},
                    {"degradation", "features given up at 85 and 95 requests in flight", degradation},
                    {"latency_mix", "1000 requests, 5 percent of them slower", latency_mix},
                    {"multi_tier_cache", "1000 lookups of 200 keys through two caches", multi_tier_cache}},
      .validate = validate};
}

}  // namespace sim::models::stress
