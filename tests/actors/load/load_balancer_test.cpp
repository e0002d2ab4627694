#include "actors/load/load_balancer.hpp"

#include <catch2/catch.hpp>
#include <vector>

using namespace sim;

namespace {

struct Answer {
  int server = 0;
};

struct Question {
  using Reply = Answer;
};

/// Answers with its number after a time of its own; without one it never answers.
class Server {
 public:
  struct Config {
    int number = 0;
    Duration time = 1s;
  };
  using Inbox = sim::Inbox<Question>;

  Server(Context& ctx, Config config) : ctx_(ctx), config_(config) {}

  Process on(Question, ReplyTo<Answer> reply_to) {
    if (config_.time != forever) {
      co_await ctx_.sleep(config_.time);
      ctx_.reply(reply_to, Answer{config_.number});
    }
  }

 private:
  Context& ctx_;
  Config config_;
};

/// Asks once per second and notes who answered; 0 stands for nobody within 10 s.
class Asker {
 public:
  struct Config {
    int questions = 6;
  };
  using Inbox = sim::Inbox<>;

  Asker(Context& ctx, Config config, Port<Question> port)
      : ctx_(ctx), port_(port), answers_(static_cast<std::size_t>(config.questions)) {}

  Process run() {
    for (std::size_t question = 0; question < answers_.size(); ++question) {
      ctx_.start(ask(question));
      co_await ctx_.sleep(1s);
    }
  }

  [[nodiscard]] const std::vector<int>& answers() const { return answers_; }

 private:
  Process ask(std::size_t question) {
    const auto answer = co_await ctx_.ask(port_, Question{}, 10s);
    answers_[question] = answer ? answer->server : 0;
  }

  Context& ctx_;
  Port<Question> port_;
  std::vector<int> answers_;
};

using Balancer = actors::LoadBalancer<Question>;
using Algorithm = policies::LoadBalancer::Algorithm;

struct Bench {
  Bench(Balancer::Config config, const std::vector<Duration>& times, int questions = 6) {
    std::vector<Port<Question>> targets;
    for (const Duration time : times) {
      const int number = static_cast<int>(servers.size()) + 1;
      servers.push_back(simulation.spawn<Server>("server-" + std::to_string(number), Server::Config{number, time}));
      targets.emplace_back(servers.back());
    }
    balancer = simulation.spawn<Balancer>("balancer", config, targets);
    asker = simulation.spawn<Asker>("asker", Asker::Config{questions}, balancer);
  }

  std::vector<int> answers() {
    simulation.run();
    return simulation.get(asker).answers();
  }
  std::uint64_t count(std::string_view name) { return simulation.metrics().counter(name, "balancer").value(); }

  Simulation simulation;
  std::vector<Ref<Server>> servers;
  Ref<Balancer> balancer;
  Ref<Asker> asker;
};

}  // namespace

TEST_CASE("requests go to the targets in turn and the replies come back", "[load_balancer_actor]") {
  Bench bench({}, {1s, 1s, 1s});
  REQUIRE(bench.answers() == std::vector{1, 2, 3, 1, 2, 3});
  REQUIRE(bench.count("forwarded_count") == 6);
  REQUIRE(bench.count("unanswered_count") == 0);
}

TEST_CASE("a slow target has requests outstanding and gets fewer", "[load_balancer_actor]") {
  // Server 1 takes 4.5 s, server 2 half a second: question 0 keeps server 1 busy until 4.5 s, and at 5 s it is its
  // turn.
  Bench bench({{.algorithm = Algorithm::least_connections, .ties = policies::LoadBalancer::Ties::lowest_index}},
              {4500ms, 500ms});
  REQUIRE(bench.answers() == std::vector{1, 2, 2, 2, 2, 1});
  REQUIRE(bench.simulation.metrics().gauge("outstanding_requests", "balancer").max() == 2.0);
  REQUIRE(bench.simulation.metrics().gauge("outstanding_requests", "balancer").integral() == 2 * 4.5 + 4 * 0.5);
}

TEST_CASE("weights are those of the targets in their order", "[load_balancer_actor]") {
  Bench bench({policies::LoadBalancer::nginx(), {2, 1}}, {1s, 1s});
  REQUIRE(bench.answers() == std::vector{1, 2, 1, 1, 2, 1});
}

TEST_CASE("a target that is gone costs the request that finds out, and gets no further one", "[load_balancer_actor]") {
  Bench bench({}, {500ms, 500ms}, 8);
  bench.simulation.run_for(2600ms);
  bench.simulation.kill(bench.servers[0]);
  REQUIRE(bench.answers() == std::vector{1, 2, 1, 2, 0, 2, 2, 2});
  REQUIRE(bench.count("unanswered_count") == 1);
}

TEST_CASE("without a target that is up a request is rejected", "[load_balancer_actor]") {
  Bench bench({}, {});
  REQUIRE(bench.answers() == std::vector{0, 0, 0, 0, 0, 0});
  REQUIRE(bench.count("rejected_count") == 6);
}

TEST_CASE("a request that is not answered in time no longer counts as outstanding", "[load_balancer_actor]") {
  Bench bench({.timeout = 3s}, {forever});
  REQUIRE(bench.answers() == std::vector{0, 0, 0, 0, 0, 0});
  REQUIRE(bench.count("unanswered_count") == 6);
  REQUIRE(bench.simulation.get(bench.balancer).policy().outstanding(policies::LoadBalancer::TargetId{0}) == 0);
}

TEST_CASE("a model takes targets out and brings them back", "[load_balancer_actor]") {
  Bench bench({}, {500ms, 500ms});
  bench.simulation.run_for(1500ms);
  auto& policy = bench.simulation.get(bench.balancer).policy();
  policy.mark_down(policies::LoadBalancer::TargetId{0});
  bench.simulation.run_for(2s);
  policy.mark_up(policies::LoadBalancer::TargetId{0});
  REQUIRE(bench.answers() == std::vector{1, 2, 2, 2, 1, 2});
}
