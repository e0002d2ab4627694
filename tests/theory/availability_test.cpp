#include <catch2/catch.hpp>

#include "tests/theory/station_bench.hpp"

using namespace theory;

namespace {

using sim::actors::BringUp;
using sim::actors::TakeDown;

/// The share of time in which at least one of the servers is up, in each replication.
std::vector<double> availabilities(const Case& row, std::uint32_t servers, sim::Duration mtbf, sim::Duration mttr,
                                   sim::Duration measured) {
  std::vector<double> samples;
  for (std::uint32_t replication = 0; replication < replications; ++replication) {
    sim::Simulation simulation(config_of(row.id, replication));
    simulation.spawn<Server>(
        "server", Server::Config{.station = {.servers = servers},
                                 .breakdowns = Server::Breakdowns{sim::exponential(mtbf), sim::exponential(mttr)}});
    simulation.run_for(20 * mtbf);
    simulation.metrics().reset_statistics();
    simulation.run_for(measured);
    samples.push_back(simulation.metrics().gauge("server_available_bool", "server").mean());
  }
  return samples;
}

/// Sends the server away when nobody is there: for a while and again until somebody waits, or until enough wait.
class Keeper {
 public:
  struct Config {
    sim::Duration vacation = sim::forever;
    std::uint64_t jobs_to_start = 1;
  };
  struct Return {
    friend bool operator==(const Return&, const Return&) = default;
  };
  using Inbox = sim::Inbox<sim::Start, ServiceRequest, Serviced, Return>;

  Keeper(sim::Context& ctx, Config config, sim::Ref<Server> server, const Server* inside)
      : ctx_(ctx), config_(config), server_(server), inside_(inside) {}

  void on(const sim::Start&) { send_away(); }
  void on(const ServiceRequest& request, sim::ReplyTo<Serviced>) {
    ServiceRequest passed_on = request;
    passed_on.reply_to = ctx_.ref(*this);
    ctx_.send(server_, passed_on);
    if (away_ && config_.vacation == sim::forever && inside_->station().in_system() + 1 >= config_.jobs_to_start) {
      call_back();
    }
  }
  void on(const Serviced&) {
    if (inside_->station().in_system() == 0) {
      send_away();
    }
  }
  void on(const Return&) {
    if (inside_->station().in_system() > 0) {
      call_back();
    } else {
      ctx_.after(config_.vacation, Return{});
    }
  }

 private:
  void send_away() {
    away_ = true;
    ctx_.send(server_, TakeDown{});
    if (config_.vacation < sim::forever) {
      ctx_.after(config_.vacation, Return{});
    }
  }
  void call_back() {
    away_ = false;
    ctx_.send(server_, BringUp{});
  }

  sim::Context& ctx_;
  Config config_;
  sim::Ref<Server> server_;
  const Server* inside_;
  bool away_ = false;
};

void check_keeper(const std::string& id, Keeper::Config keeper_config) {
  const Case& row = find_case(id);
  std::vector<double> samples;
  for (std::uint32_t replication = 0; replication < replications; ++replication) {
    sim::Simulation simulation(config_of(row.id, replication));
    const auto server =
        simulation.spawn<Server>("server", Server::Config{.service_time = exponential_rate(row.number("mu"))});
    const auto keeper = simulation.spawn<Keeper>("keeper", keeper_config, server, &simulation.get(server));
    simulation.spawn<Source>("source", Source::Config{.between_arrivals = exponential_rate(row.number("lambda"))},
                             keeper, sim::Port<Serviced>{});
    simulation.run_for(5'000s);
    simulation.metrics().reset_statistics();
    simulation.run_for(100'000s);
    samples.push_back(simulation.metrics().tally("server_time_in_system_s", "server").mean());
  }
  judge(id, samples);
}

}  // namespace

TEST_CASE("a server that fails is available for MTBF / (MTBF + MTTR) of the time, two are rarely down together",
          "[theory][availability]") {
  for (const std::string id : {"A-AVL-01", "A-AVL-03"}) {
    const Case& row = find_case(id);
    const sim::Duration mtbf = sim::from_seconds(row.number("MTBF_up"));
    judge(id, availabilities(row, 1, mtbf, sim::from_seconds(row.number("MTTR")), 2'000 * mtbf));
  }

  const Case& row = find_case("A-AVL-09");
  const sim::Duration mtbf = sim::from_seconds(1.0 / row.number("lambda"));
  const sim::Duration mttr = sim::from_seconds(1.0 / row.number("mu"));
  std::vector<double> both_down = availabilities(row, 2, mtbf, mttr, 10'000 * mtbf);
  for (double& share : both_down) {
    share = 1.0 - share;
  }
  judge("A-AVL-09", both_down);
}

TEST_CASE("a server that leaves when nobody is there makes the next ones wait", "[theory][vacations]") {
  check_keeper("A-VAC-01", {.vacation = 2s});  // D(2) in the row
  check_keeper("A-VAC-03", {.jobs_to_start = static_cast<std::uint64_t>(find_case("A-VAC-03").number("N"))});
}
