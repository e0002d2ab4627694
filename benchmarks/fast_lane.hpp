#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include <fmt/format.h>

#include "benchmarks/measurement.hpp"
#include "libsim/sim.hpp"

/// The two workloads as simulated actors with typed messages, fingerprint and metrics on: what a model pays.
namespace bench::fast {

/// First in, first out, in one block that only grows: std::deque would allocate now and then for ever.
template <class T>
class Ring {
 public:
  [[nodiscard]] bool empty() const { return head_ == tail_; }
  void push(const T& value) {
    if (tail_ - head_ == places_.size()) {
      grow();
    }
    places_[tail_++ & (places_.size() - 1)] = value;
  }
  T pop() { return places_[head_++ & (places_.size() - 1)]; }

 private:
  void grow() {
    std::vector<T> larger(2 * places_.size());
    std::size_t size = 0;
    while (!empty()) {
      larger[size++] = pop();
    }
    places_ = std::move(larger);
    head_ = 0;
    tail_ = size;
  }

  std::vector<T> places_ = std::vector<T>(1'024);
  std::size_t head_ = 0;
  std::size_t tail_ = 0;
};

struct Request {
  sim::Time arrived{};
  friend bool operator==(const Request&, const Request&) = default;
};

class Server {
 public:
  struct ServiceDone {
    friend bool operator==(const ServiceDone&, const ServiceDone&) = default;
  };
  using Inbox = sim::Inbox<Request, ServiceDone>;

  explicit Server(sim::Context& ctx)
      : ctx_(ctx), random_(ctx.random("service")), time_in_system_s_(ctx.tally("time_in_system_s")) {}

  void on(const Request& request) {
    const bool idle = present_.empty();
    present_.push(request);
    if (idle) {
      serve();
    }
  }
  void on(const ServiceDone&) {
    time_in_system_s_.add(sim::to_seconds(ctx_.now() - present_.pop().arrived));
    if (!present_.empty()) {
      serve();
    }
  }

 private:
  void serve() { ctx_.after(service_time_.sample(random_), ServiceDone{}); }

  sim::Context& ctx_;
  sim::Distribution service_time_ = sim::exponential(sim::from_seconds(service_s_mean));
  sim::RandomStream& random_;
  sim::Tally& time_in_system_s_;
  Ring<Request> present_;
};

class Source {
 public:
  struct Tick {
    friend bool operator==(const Tick&, const Tick&) = default;
  };
  using Inbox = sim::Inbox<sim::Start, Tick>;

  Source(sim::Context& ctx, sim::Port<Request> server, std::uint32_t customers)
      : ctx_(ctx), random_(ctx.random("interval")), server_(server), left_(customers) {}

  void on(const sim::Start&) { wait(); }
  void on(const Tick&) {
    ctx_.send(server_, {ctx_.now()});
    if (--left_ != 0) {
      wait();
    }
  }

 private:
  void wait() { ctx_.after(interval_.sample(random_), Tick{}); }

  sim::Context& ctx_;
  sim::Distribution interval_ = sim::exponential(sim::from_seconds(arrival_interval_s_mean));
  sim::RandomStream& random_;
  sim::Port<Request> server_;
  std::uint32_t left_;
};

[[nodiscard]] inline Measurement mm1(std::uint32_t customers) {
  sim::Simulation simulation;
  const auto server = simulation.spawn<Server>("server");
  simulation.spawn<Source>("source", server, customers);
  const double cpu_s = cpu_time_s_of([&] { simulation.run(); });
  const sim::Tally& served = simulation.metrics().tally("time_in_system_s", "server");
  return {cpu_s, static_cast<double>(served.count()), served.mean()};
}

struct Hop {
  friend bool operator==(const Hop&, const Hop&) = default;
};

class Node {
 public:
  using Inbox = sim::Inbox<sim::Start, Hop>;

  Node(sim::Context& ctx, const std::vector<sim::Port<Hop>>& nodes)
      : ctx_(ctx), random_(ctx.random("hop")), received_(ctx.counter("received_count")), nodes_(nodes) {}

  void on(const sim::Start&) { ctx_.after(delay(), Hop{}); }
  void on(const Hop&) {
    received_.add();
    ctx_.send_after(delay(), nodes_[random_.below(nodes_.size())], Hop{});
  }

 private:
  [[nodiscard]] sim::Duration delay() { return hop_min + extra_.sample(random_); }

  static constexpr sim::Duration hop_min{100'000'000};
  sim::Context& ctx_;
  sim::Distribution extra_ = sim::exponential(sim::from_seconds(hop_s_mean_extra));
  sim::RandomStream& random_;
  sim::Counter& received_;
  const std::vector<sim::Port<Hop>>& nodes_;
};

[[nodiscard]] inline Measurement phold(std::uint32_t messages) {
  sim::Simulation simulation;
  std::vector<sim::Port<Hop>> nodes;
  for (std::uint32_t i = 0; i < phold_actors; ++i) {
    nodes.emplace_back(simulation.spawn<Node>(fmt::format("node-{}", i), nodes));
  }
  simulation.run_until(sim::Time{});
  const auto horizon = sim::from_seconds(static_cast<double>(messages) / phold_actors);
  const double cpu_s = cpu_time_s_of([&] { simulation.run_until(sim::Time{horizon}); });
  const auto received = static_cast<double>(simulation.metrics().counter_total("received_count"));
  return {cpu_s, received, sim::to_seconds(horizon) * phold_actors / received};
}

}  // namespace bench::fast
