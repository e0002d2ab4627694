#include <cstddef>
#include <cstdint>
#include <memory>
#include <set>
#include <string>

#include "tests/harness/toy_shop.hpp"

namespace toy {

namespace {

struct Card {
  std::uint64_t number = 0;
};

struct PostConfig {
  std::uint32_t houses = 20;
};

class House {
 public:
  using Inbox = sim::Inbox<Card>;

  explicit House(sim::Context&) {}

  void on(const Card&) {}
};

/// What is the same in every run.
sim::Port<Card> send_to_office(sim::Simulation& simulation) {
  const sim::Port<Card> office = simulation.spawn<House>("office");
  for (std::uint64_t number = 1; number <= 3; ++number) {
    simulation.send(office, Card{number});
  }
  return office;
}

/// Visits its houses in the order in which their letter boxes happen to lie in memory: the mistake that the check is to
/// find.
void delivery(sim::harness::ScenarioRun& run, const PostConfig& config) {
  sim::Simulation& simulation = run.simulation();
  send_to_office(simulation);
  std::set<std::unique_ptr<sim::Port<Card>>> boxes;
  for (std::uint32_t house = 0; house < config.houses; ++house) {
    boxes.insert(std::make_unique<sim::Port<Card>>(simulation.spawn<House>("house-" + std::to_string(house))));
  }
  for (const auto& box : boxes) {
    simulation.send(*box, Card{});
  }
  simulation.run();
}

/// Sends where a thing happens to lie in memory: a mistake that only the contents of the message show.
void address_in_letter(sim::harness::ScenarioRun& run, const PostConfig&) {
  sim::Simulation& simulation = run.simulation();
  const auto office = send_to_office(simulation);
  const auto thing = std::make_unique<int>();
  simulation.send(office, Card{reinterpret_cast<std::uintptr_t>(thing.get())});
  simulation.run();
}

void describe_post(sim::harness::Parameters& parameters, PostConfig& config) {
  parameters.add("houses", config.houses).range(1, 1000).meaning("houses on the round").source("a short street");
}

}  // namespace

sim::harness::Experiment address_order() {
  return sim::harness::Definition<PostConfig>{
      .name = "toy_address_order",
      .summary = "a postman who goes by addresses in memory",
      .describe = describe_post,
      .scenarios = {{"delivery", "one round", delivery}, {"letter", "an address", address_in_letter}},
      .targets_csv =
          "experiment,scenario,metric,unit,op,target,critical,source,"
          "definition\n"};
}

}  // namespace toy
