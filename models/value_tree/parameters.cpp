#include <string>

#include "models/value_tree/config.hpp"

namespace sim::models::value_tree {

namespace {

using harness::Parameters;

constexpr const char* guide = "performance guide of the application, stress tests of value trees";
constexpr const char* assumed = "assumed";

void describe_shape(Parameters& parameters, const std::string& size, Config::Shape& shape) {
  parameters.add(size + ".children", shape.children)
      .unit("nodes")
      .range(1, 100)
      .meaning("children of each node above the last level of the " + size + " tree")
      .source(guide);
  parameters.add(size + ".levels", shape.levels)
      .unit("levels")
      .range(1, 20)
      .meaning("levels of the " + size + " tree, the root included")
      .source(guide);
}

void describe_nodes(Parameters& parameters, Config& config) {
  parameters.add("node.value_mean", config.store.node_value_mean)
      .unit("USD")
      .range(1, 1e9)
      .meaning("mean value of a node by itself, exponentially distributed")
      .source(assumed);
  parameters.add("node.cost_share", config.store.cost_share)
      .range(0, 1)
      .meaning("share of the nodes that cost something instead of bringing it")
      .source(assumed);
  parameters.add("node.weight_min", config.store.weight_min)
      .range(0, 1)
      .meaning("least share of a value that one counts on; uniform from there to 1")
      .source(assumed);
  parameters.add("investment.per_node", config.investment_per_node)
      .unit("USD")
      .range(0.01, 1e9)
      .meaning("cost that the return is set against, for each node of the tree")
      .source(assumed);
}

void describe_calculation(Parameters& parameters, Config& config) {
  parameters.add("calculation.overhead", config.service.overhead)
      .meaning("what each operation takes besides its nodes: parse the question, write the answer")
      .source(assumed);
  parameters.add("calculation.time_per_node", config.worker.time_per_node)
      .meaning("to visit a node: find its children, validate it, calculate with decimal numbers")
      .source("guide: about 5, 30 and 300 ms for 40, 341 and 3906 nodes are 80 to 125 us per node, overhead included");
  parameters.add("client.timeout", config.client_timeout)
      .range(1ms, 1h)
      .meaning("a question without answer for this long has failed, and counts as this long")
      .source(assumed);
}

void describe_memo(Parameters& parameters, Config& config) {
  parameters.add("memo", config.memoisation)
      .meaning("remember the result of each branch by its content")
      .source("off: the guide lists it among its tips");
  parameters.add("memo.entries_max", config.memo.entries_max)
      .unit("entries")
      .range(1, 10'000'000)
      .meaning("results that each worker remembers; the least recently used goes")
      .source("assumed: four kinds of result for each node of a large tree, and some room");
  parameters.add("memo.ttl", config.memo.ttl)
      .range(1ns, 24h)
      .zero_is_forever()
      .meaning("age up to which a result is remembered")
      .source("assumed; the guide: clear the cache periodically");
  parameters.add("memo.time_per_lookup", config.worker.time_per_lookup)
      .meaning("to ask the memo for a branch")
      .source("assumed: a map with the hash of a string as its key");
}

void describe_loading(Parameters& parameters, Config& config) {
  parameters.add("lazy_loading", config.service.lazy_loading)
      .meaning("read nodes when a question needs them, page by page; off: all of them when the tree is opened")
      .source("off: the guide lists it among its tips");
  parameters.add("lazy_loading.page_nodes", config.service.page_nodes)
      .unit("nodes")
      .range(1, 1'000'000)
      .meaning("nodes of a page")
      .source("assumed: page size of a web interface");
  parameters.add("store.latency", config.store.latency)
      .meaning("of a read or a write, besides its nodes")
      .source("assumed: a query of a database in the same region");
  parameters.add("store.time_per_node", config.store.time_per_node)
      .meaning("to read, send and parse a node")
      .source("assumed: rows of about 200 bytes");
}

void describe_branches(Parameters& parameters, Config& config) {
  parameters.add("parallel", config.service.parallel_branches)
      .meaning("calculate the branches below the root in parallel")
      .source("off: the guide lists it among its tips");
  parameters.add("parallel.workers", config.workers_count)
      .unit("workers")
      .range(1, 1'000)
      .meaning("workers that calculate; a branch always goes to the same one")
      .source("assumed: one per core");
  parameters.add("parallel.dispatch_time", config.service.dispatch_time)
      .meaning("to hand a branch to a worker and take its result, one branch after the other")
      .source("assumed: copy of a branch to a worker thread");
  parameters.add("parallel.root_time", config.service.root_time)
      .meaning("to put the results of the branches together")
      .source("as calculation.time_per_node");
}

}  // namespace

void describe(Parameters& parameters, Config& config) {
  describe_shape(parameters, "small", config.small);
  describe_shape(parameters, "medium", config.medium);
  describe_shape(parameters, "large", config.large);
  describe_nodes(parameters, config);
  describe_calculation(parameters, config);
  describe_memo(parameters, config);
  describe_loading(parameters, config);
  describe_branches(parameters, config);
}

}  // namespace sim::models::value_tree
