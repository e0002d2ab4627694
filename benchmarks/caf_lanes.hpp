#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include <caf/scheduler/test_coordinator.hpp>

#include "benchmarks/fast_lane.hpp"
#include "benchmarks/measurement.hpp"
#include "libsim/caf.hpp"
#include "libsim/sim.hpp"

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bench::fast::Request)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bench::fast::Source::Tick)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bench::fast::Server::ServiceDone)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(bench::fast::Hop)

/// The two workloads with CAF messages to simulated actors: every message goes through CAF, its clock and a CAF handle.
namespace bench::hosted {

class Server {
 public:
  using Done = fast::Server::ServiceDone;
  using Inbox = sim::Inbox<fast::Request, Done>;

  explicit Server(sim::Context& ctx)
      : ctx_(ctx), random_(ctx.random("service")), time_in_system_s_(ctx.tally("time_in_system_s")) {}

  void know(caf::actor self) { self_ = std::move(self); }
  void on(const fast::Request& request) {
    const bool idle = present_.empty();
    present_.push(request);
    if (idle) {
      serve();
    }
  }
  void on(const Done&) {
    time_in_system_s_.add(sim::to_seconds(ctx_.now() - present_.pop().arrived));
    if (!present_.empty()) {
      serve();
    }
  }

 private:
  void serve() { caf::delayed_anon_send(self_, service_time_.sample(random_), Done{}); }

  sim::Context& ctx_;
  sim::Distribution service_time_ = sim::exponential(sim::from_seconds(service_s_mean));
  sim::RandomStream& random_;
  sim::Tally& time_in_system_s_;
  fast::Ring<fast::Request> present_;
  caf::actor self_;
};

class Source {
 public:
  using Tick = fast::Source::Tick;
  using Inbox = sim::Inbox<Tick>;

  Source(sim::Context& ctx, caf::actor server, std::uint32_t customers)
      : ctx_(ctx), random_(ctx.random("interval")), server_(std::move(server)), left_(customers) {}

  void know(caf::actor self) { self_ = std::move(self); }
  void on(const Tick&) {
    caf::anon_send(server_, fast::Request{ctx_.now()});
    if (--left_ != 0) {
      caf::delayed_anon_send(self_, interval_.sample(random_), Tick{});
    }
  }

 private:
  sim::Context& ctx_;
  sim::Distribution interval_ = sim::exponential(sim::from_seconds(arrival_interval_s_mean));
  sim::RandomStream& random_;
  caf::actor server_;
  caf::actor self_;
  std::uint32_t left_;
};

[[nodiscard]] inline Measurement mm1(std::uint32_t customers) {
  sim::Simulation simulation;
  const auto server = simulation.spawn<Server>("server");
  simulation.get(server).know(sim::caf_handle(simulation, server));
  const auto source = simulation.spawn<Source>("source", sim::caf_handle(simulation, server), customers);
  simulation.get(source).know(sim::caf_handle(simulation, source));
  caf::anon_send(sim::caf_handle(simulation, source), Source::Tick{});
  const double cpu_s = cpu_time_s_of([&] { simulation.run(); });
  const sim::Tally& served = simulation.metrics().tally("time_in_system_s", "server");
  return {cpu_s, static_cast<double>(served.count()), served.mean()};
}

class Node {
 public:
  using Inbox = sim::Inbox<fast::Hop>;

  Node(sim::Context& ctx, const std::vector<caf::actor>& nodes)
      : random_(ctx.random("hop")), received_(ctx.counter("received_count")), nodes_(nodes) {}

  void on(const fast::Hop&) {
    received_.add();
    send();
  }
  void send() {
    caf::delayed_anon_send(nodes_[random_.below(nodes_.size())], hop_min + extra_.sample(random_), fast::Hop{});
  }

 private:
  static constexpr sim::Duration hop_min{100'000'000};
  sim::Distribution extra_ = sim::exponential(sim::from_seconds(hop_s_mean_extra));
  sim::RandomStream& random_;
  sim::Counter& received_;
  const std::vector<caf::actor>& nodes_;
};

[[nodiscard]] inline Measurement phold(std::uint32_t messages) {
  sim::Simulation simulation;
  std::vector<caf::actor> handles;
  std::vector<sim::Ref<Node>> nodes;
  for (std::uint32_t i = 0; i < phold_actors; ++i) {
    nodes.push_back(simulation.spawn<Node>(fmt::format("node-{}", i), handles));
    handles.push_back(sim::caf_handle(simulation, nodes.back()));
  }
  for (const auto& node : nodes) {
    simulation.get(node).send();
  }
  const auto horizon = sim::from_seconds(static_cast<double>(messages) / phold_actors);
  const double cpu_s = cpu_time_s_of([&] { simulation.run_until(sim::Time{horizon}); });
  const auto received = static_cast<double>(simulation.metrics().counter_total("received_count"));
  handles.clear();
  return {cpu_s, received, sim::to_seconds(horizon) * phold_actors / received};
}

}  // namespace bench::hosted

/// The two workloads as ordinary CAF actors that know nothing of simulations: once under libsim, once under the
/// coordinator that CAF brings for tests.
namespace bench::plain_caf {

using tick_atom = caf::atom_constant<caf::atom("tick")>;
using request_atom = caf::atom_constant<caf::atom("request")>;
using done_atom = caf::atom_constant<caf::atom("done")>;
using hop_atom = caf::atom_constant<caf::atom("hop")>;

/// Draws as the fast lane does, so that the lanes differ in nothing but their machinery.
class Draw {
 public:
  Draw(double mean_s, const std::string& actor, std::string_view purpose)
      : law_(sim::exponential(sim::from_seconds(mean_s))),
        random_({.seed = 1, .replication = 0, .actor = actor, .incarnation = 0, .purpose = purpose}) {}
  sim::Duration operator()() { return law_.sample(random_); }
  std::uint64_t below(std::uint64_t n) { return random_.below(n); }

 private:
  sim::Distribution law_;
  sim::RandomStream random_;
};

using TimePoint = caf::actor_clock::time_point;

struct ServerState {
  fast::Ring<TimePoint> present;
  Draw service{service_s_mean, "server", "service"};
};

inline caf::behavior server(caf::stateful_actor<ServerState>* self, sim::Tally* time_in_system_s) {
  const auto serve = [self] { self->delayed_send(self, self->state.service(), done_atom::value); };
  return {[self, serve](request_atom, std::int64_t arrived_ns) {
            const bool idle = self->state.present.empty();
            self->state.present.push(TimePoint{caf::actor_clock::duration_type{arrived_ns}});
            if (idle) {
              serve();
            }
          },
          [self, serve, time_in_system_s](done_atom) {
            const auto in_system = self->clock().now() - self->state.present.pop();
            time_in_system_s->add(std::chrono::duration<double>(in_system).count());
            if (!self->state.present.empty()) {
              serve();
            }
          }};
}

struct SourceState {
  Draw interval{arrival_interval_s_mean, "source", "interval"};
  std::uint32_t left = 0;
};

inline caf::behavior source(caf::stateful_actor<SourceState>* self, const caf::actor& to, std::uint32_t customers) {
  self->state.left = customers;
  self->delayed_send(self, self->state.interval(), tick_atom::value);
  return {[self, to](tick_atom) {
    self->send(to, request_atom::value, static_cast<std::int64_t>(self->clock().now().time_since_epoch().count()));
    if (--self->state.left != 0) {
      self->delayed_send(self, self->state.interval(), tick_atom::value);
    }
  }};
}

struct NodeState {
  Draw extra{hop_s_mean_extra, "node", "hop"};
};

inline caf::behavior node(caf::stateful_actor<NodeState>* self, std::uint32_t number,
                          const std::vector<caf::actor>* nodes, std::uint64_t* received) {
  self->state.extra = Draw{hop_s_mean_extra, fmt::format("node-{}", number), "hop"};
  const auto send = [self, nodes] {
    const sim::Duration delay = std::chrono::milliseconds{100} + self->state.extra();
    self->delayed_send((*nodes)[self->state.extra.below(nodes->size())], delay, hop_atom::value);
  };
  return {[send](tick_atom) { send(); },
          [send, received](hop_atom) {
            ++*received;
            send();
          }};
}

/// An actor system under libsim.
class Libsim {
 public:
  [[nodiscard]] caf::actor_system& system() { return sim::caf_system(simulation_); }
  void run() { simulation_.run(); }
  void run_until(sim::Duration horizon) { simulation_.run_until(sim::Time{horizon}); }
  void end(const std::vector<caf::actor>&) {}

 private:
  sim::Simulation simulation_;
};

/// An actor system under CAF's own coordinator for tests.
class TestCoordinator {
 public:
  [[nodiscard]] caf::actor_system& system() { return system_; }
  void run() {
    do {
      coordinator().run();
    } while (coordinator().trigger_timeout());
  }
  void run_until(sim::Duration horizon) {
    const TimePoint end = coordinator().clock().now() + horizon;
    do {
      coordinator().run();
    } while (coordinator().clock().now() < end && coordinator().trigger_timeout());
  }
  /// CAF's clock keeps the receivers of pending messages alive: let go of both.
  void end(const std::vector<caf::actor>& actors) {
    coordinator().clock().cancel_all();
    for (const caf::actor& actor : actors) {
      caf::anon_send_exit(actor, caf::exit_reason::kill);
    }
    coordinator().run();
  }

 private:
  struct Config : caf::actor_system_config {
    Config() { set("scheduler.policy", caf::atom("testing")); }
  };
  [[nodiscard]] caf::scheduler::test_coordinator& coordinator() {
    return dynamic_cast<caf::scheduler::test_coordinator&>(system_.scheduler());
  }

  Config config_;
  caf::actor_system system_{config_};
};

template <class Host>
[[nodiscard]] Measurement mm1(std::uint32_t customers) {
  Host host;
  sim::Tally time_in_system_s;
  std::vector<caf::actor> actors;
  actors.push_back(host.system().spawn(server, &time_in_system_s));
  actors.push_back(host.system().spawn(source, actors.front(), customers));
  const double cpu_s = cpu_time_s_of([&] { host.run(); });
  host.end(actors);
  return {cpu_s, static_cast<double>(time_in_system_s.count()), time_in_system_s.mean()};
}

template <class Host>
[[nodiscard]] Measurement phold(std::uint32_t messages) {
  Host host;
  std::uint64_t received = 0;
  std::vector<caf::actor> actors;
  for (std::uint32_t i = 0; i < phold_actors; ++i) {
    actors.push_back(host.system().spawn(node, i, &actors, &received));
    caf::anon_send(actors.back(), tick_atom::value);
  }
  const auto horizon = sim::from_seconds(static_cast<double>(messages) / phold_actors);
  host.run_until(sim::Duration{1});
  const double cpu_s = cpu_time_s_of([&] { host.run_until(horizon); });
  host.end(actors);
  const auto count = static_cast<double>(received);
  actors.clear();
  return {cpu_s, count, sim::to_seconds(horizon) * phold_actors / count};
}

}  // namespace bench::plain_caf
