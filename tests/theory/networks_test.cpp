#include <catch2/catch.hpp>

#include "tests/theory/circuit.hpp"

using namespace theory;

namespace {

/// Poisson arrivals at several stations; whom a station has served goes to another one at random, or leaves.
class Router {
 public:
  struct Node {
    double arrivals_per_s = 0.0;
    std::vector<double> next;  ///< probabilities by station; the rest leaves
    sim::Port<ServiceRequest> station;
  };
  struct Arrival {
    std::uint64_t node = 0;
    friend bool operator==(const Arrival&, const Arrival&) = default;
  };
  using Inbox = sim::Inbox<sim::Start, Arrival, Serviced>;

  Router(sim::Context& ctx, std::vector<Node> nodes)
      : ctx_(ctx), nodes_(std::move(nodes)), arrival_rng_(ctx.random("arrival")), route_rng_(ctx.random("route")) {}

  void on(const sim::Start&) {
    for (std::uint64_t node = 0; node < nodes_.size(); ++node) {
      if (nodes_[node].arrivals_per_s > 0) {
        await_arrival(node);
      }
    }
  }
  void on(const Arrival& arrival) {
    visit(arrival.node, static_cast<std::uint64_t>(ctx_.now().time_since_epoch().count()));
    await_arrival(arrival.node);
  }
  void on(const Serviced& serviced) {
    const auto job = static_cast<std::uint64_t>(serviced.job);
    const std::uint64_t came_at = job / nodes_.size();
    double draw = route_rng_.uniform01();
    const std::vector<double>& next = nodes_[job % nodes_.size()].next;
    for (std::uint64_t node = 0; node < next.size(); ++node) {
      if (draw < next[node]) {
        return visit(node, came_at);
      }
      draw -= next[node];
    }
    sojourns_s.add(sim::to_seconds(ctx_.now() - sim::Time{sim::Duration{static_cast<std::int64_t>(came_at)}}));
  }

  sim::Moments sojourns_s;

 private:
  void await_arrival(std::uint64_t node) {
    ctx_.after(exponential_rate(nodes_[node].arrivals_per_s).sample(arrival_rng_), Arrival{node});
  }
  // The name of a job tells when it came and which station it is at.
  void visit(std::uint64_t node, std::uint64_t came_at) {
    ctx_.send(nodes_[node].station, {.job = JobId{came_at * nodes_.size() + node}, .reply_to = ctx_.ref(*this)});
  }

  sim::Context& ctx_;
  std::vector<Node> nodes_;
  sim::RandomStream& arrival_rng_;
  sim::RandomStream& route_rng_;
};

/// Sends jobs on to one of several stations.
class Dispatcher {
 public:
  enum class Choice { round_robin, random, least_jobs, least_work };
  struct Config {
    std::vector<const Server*> servers;
    std::vector<sim::Port<ServiceRequest>> ports;
    Choice choice = Choice::random;
  };
  using Inbox = sim::Inbox<ServiceRequest>;

  Dispatcher(sim::Context& ctx, Config config)
      : ctx_(ctx), config_(std::move(config)), choice_rng_(ctx.random("choice")) {}

  void on(const ServiceRequest& request, sim::ReplyTo<Serviced>) { ctx_.send(config_.ports[chosen()], request); }

 private:
  std::size_t chosen() {
    switch (config_.choice) {
      case Choice::round_robin:
        return turn_++ % config_.ports.size();
      case Choice::random:
        return choice_rng_.below(config_.ports.size());
      case Choice::least_jobs:
        return least([](const Server& server) { return server.station().in_system(); });
      case Choice::least_work:
        return least([this](const Server& server) { return server.station().unfinished_work(ctx_.now()); });
    }
    return 0;
  }

  // Among equals one at random.
  template <class Load>
  std::size_t least(Load load) {
    std::size_t best = 0;
    std::uint64_t equals = 1;
    for (std::size_t i = 1; i < config_.servers.size(); ++i) {
      const auto mine = load(*config_.servers[i]);
      const auto least_so_far = load(*config_.servers[best]);
      equals = mine == least_so_far ? equals + 1 : mine < least_so_far ? 1 : equals;
      if (mine < least_so_far || (mine == least_so_far && choice_rng_.below(equals) == 0)) {
        best = i;
      }
    }
    return best;
  }

  sim::Context& ctx_;
  Config config_;
  sim::RandomStream& choice_rng_;
  std::size_t turn_ = 0;
};

void check_dispatch(const std::string& id, Dispatcher::Choice choice) {
  const Case& row = find_case(id);
  const Setup arrivals{.server = {}, .sources = {{.between_arrivals = exponential_rate(row.number("lambda_total"))}}};
  std::vector<double> samples;
  for (std::uint32_t replication = 0; replication < replications; ++replication) {
    sim::Simulation simulation(config_of(row.id, replication));
    Dispatcher::Config config{.servers = {}, .ports = {}, .choice = choice};
    for (int i = 0; i < static_cast<int>(row.number("n")); ++i) {
      const auto server = simulation.spawn<Server>("server " + std::to_string(i),
                                                   Server::Config{.service_time = exponential_rate(row.number("mu"))});
      config.servers.push_back(&simulation.get(server));
      config.ports.emplace_back(server);
    }
    const auto dispatcher = simulation.spawn<Dispatcher>("dispatcher", config);
    const auto sink = simulation.spawn<Sink>("sink");
    simulation.spawn<Source>("source", arrivals.sources.front(), dispatcher, sink);
    simulation.run_for(arrivals.time_for(10'000));
    simulation.metrics().reset_statistics();
    simulation.run_for(arrivals.time_for(100'000));
    samples.push_back(simulation.metrics().merged_tally("server_time_in_system_s")->mean());
  }
  judge(id, samples);
}

}  // namespace

TEST_CASE("an open Jackson network has the jobs of independent M/M/1 stations", "[theory][open]") {
  const Case& row = find_case("A-JACK-01");
  const std::vector<double> rates = row.numbers("mu");
  const std::vector<double> external = row.numbers("external");
  const std::vector<std::vector<double>> routing{{0, 0.5, 0.3}, {0.2, 0, 0.3}, {0, 0.4, 0}};  // as the row says
  Samples samples;
  for (std::uint32_t replication = 0; replication < replications; ++replication) {
    sim::Simulation simulation(config_of(row.id, replication));
    std::vector<Router::Node> nodes;
    for (std::size_t i = 0; i < rates.size(); ++i) {
      const auto server = simulation.spawn<Server>("node" + std::to_string(i + 1),
                                                   Server::Config{.service_time = exponential_rate(rates[i])});
      nodes.push_back({external[i], routing[i], server});
    }
    simulation.spawn<Router>("router", nodes);
    simulation.run_for(2'000s);
    simulation.metrics().reset_statistics();
    simulation.run_for(20'000s);
    samples["A-JACK-01"].push_back(simulation.metrics().gauge("server_in_system_items", "node1").mean());
    samples["A-JACK-03"].push_back(simulation.metrics().gauge("server_in_system_items", "node3").mean());
  }
  judge(samples);
}

TEST_CASE("jobs that come back at random stay as long as one long service would", "[theory][open]") {
  const Case& row = find_case("A-JACK-05");
  std::vector<double> samples;
  for (std::uint32_t replication = 0; replication < replications; ++replication) {
    sim::Simulation simulation(config_of(row.id, replication));
    const auto server =
        simulation.spawn<Server>("server", Server::Config{.service_time = exponential_rate(row.number("mu"))});
    const auto router = simulation.spawn<Router>(
        "router", std::vector<Router::Node>{{row.number("lambda"), {row.number("p_feedback")}, server}});
    simulation.run_for(10'000s);
    simulation.get(router).sojourns_s = {};
    simulation.run_for(200'000s);
    samples.push_back(simulation.get(router).sojourns_s.mean());
  }
  judge("A-JACK-05", samples);
}

TEST_CASE("in a row of two stations the two sojourns are independent", "[theory][open]") {
  const Case& row = find_case("A-TAN-01");
  Samples samples;
  for (std::uint32_t replication = 0; replication < replications; ++replication) {
    sim::Simulation simulation(config_of(row.id, replication));
    const auto second =
        simulation.spawn<Server>("second", Server::Config{.service_time = exponential_rate(row.number("mu2"))});
    const auto first =
        simulation.spawn<Server>("first", Server::Config{.service_time = exponential_rate(row.number("mu1"))},
                                 sim::Port<ServiceRequest>(second));
    const auto sink = simulation.spawn<Sink>("sink");
    simulation.spawn<Source>("source", Source::Config{.between_arrivals = exponential_rate(row.number("lambda"))},
                             first, sink);
    simulation.run_for(10'000s);
    simulation.get(sink).reset();
    simulation.run_for(100'000s);
    samples["A-TAN-01"].push_back(simulation.get(sink).sojourn_percentile(50));
    samples["A-TAN-03"].push_back(simulation.get(sink).sojourn_percentile(99));
  }
  judge(samples);
}

TEST_CASE("a saturated line loses throughput to blocking, less with room between its stations", "[theory][blocking]") {
  for (const std::string id : {"A-BLK-01", "A-BLK-03"}) {
    const Case& row = find_case(id);
    const auto room = static_cast<std::uint64_t>(row.number("b"));
    std::vector<double> samples;
    for (std::uint32_t replication = 0; replication < replications; ++replication) {
      sim::Simulation simulation(config_of(row.id, replication));
      const auto second = simulation.spawn<Server>(
          "second", Server::Config{.station = {.capacity = 1 + room, .when_full = Station::WhenFull::block}});
      const auto first = simulation.spawn<Server>("first", Server::Config{.station = {.blocks_after_service = true}},
                                                  sim::Port<ServiceRequest>(second));
      // So many that the first station always has one.
      const auto circuit = simulation.spawn<Circuit>(
          "jobs", Circuit::Config{.customers = 100, .think_time = sim::constant(0s), .stations = {first}});
      simulation.run_for(1'000s);
      simulation.get(circuit).rounds = 0;
      simulation.run_for(20'000s);
      samples.push_back(static_cast<double>(simulation.get(circuit).rounds) / 20'000);
    }
    judge(id, samples);
  }
}

TEST_CASE("dispatchers that know more make responses shorter", "[theory][dispatch]") {
  check_dispatch("A-LB-01", Dispatcher::Choice::least_jobs);
  check_dispatch("A-LB-03", Dispatcher::Choice::least_jobs);
  check_dispatch("A-LB-05", Dispatcher::Choice::round_robin);
  check_dispatch("A-LB-07", Dispatcher::Choice::random);
  check_dispatch("A-LWL-01", Dispatcher::Choice::least_work);
}
