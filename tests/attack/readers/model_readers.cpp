// Files and texts that the models read.

#include <sstream>
#include <string>
#include <vector>

#include "models/faults/fault_file.hpp"
#include "models/queueing/exact_times.hpp"
#include "models/queueing/network_file.hpp"
#include "models/queueing/priority_classes.hpp"
#include "models/replay/command.hpp"
#include "models/services/baseline.hpp"
#include "tests/attack/printable.hpp"
#include "tests/attack/readers/promise.hpp"
#include "tests/attack/readers/reader.hpp"

namespace attack {

namespace {

void read_network(std::string_view input) {
  const auto network = sim::models::queueing::parse_network("network.csv", input);
  if (!was_read(network)) {
    return;
  }
  require(!network->stations.empty(), "a network has a station", input);
  for (const auto& station : network->stations) {
    double sum = 0;
    for (const double probability : station.next) {
      require(probability >= 0.0, "a probability is not negative", input);
      sum += probability;
    }
    require(sum <= 1.0 + 1e-6, "probabilities add up to at most 1", input);
  }
  if (was_read(sim::models::queueing::is_open(*network))) {
    static_cast<void>(
        was_read(sim::models::queueing::takes_customers(*network, sim::exponential(std::chrono::seconds(1)))));
  }
}

void read_faults(std::string_view input) {
  static_cast<void>(was_read(sim::models::parse_fault_schedule("faults.csv", std::string(input))));
}

void read_fault(std::string_view input) {
  const auto lines = lines_of(input, 2);
  if (lines.size() == 2) {
    const auto kind = sim::policies::parse_fault_kind(lines.front());
    static_cast<void>(was_read(kind) && was_read(sim::policies::parse_fault(*kind, lines.back())));
  }
}

void read_times(std::string_view input) {
  const auto times = sim::models::queueing::parse_times("times.csv", std::string(input));
  if (was_read(times)) {
    for (const auto time : *times) {
      require(time >= sim::Duration::zero(), "a time is not negative", input);
    }
  }
}

void read_classes(std::string_view input) {
  const auto lines = lines_of(input, 2);
  if (lines.empty()) {
    return;
  }
  sim::harness::SampleFiles files;
  const auto services =
      sim::models::queueing::parse_class_services(lines.size() == 2 ? lines.back() : std::string{}, files);
  if (was_read(services)) {
    static_cast<void>(was_read(
        sim::models::queueing::parse_classes(lines.front(), *services, sim::exponential(std::chrono::seconds(1)))));
  }
}

void read_baseline(std::string_view input) {
  if (const auto baseline = sim::models::services::parse_baseline(input); was_read(baseline)) {
    const std::string text = sim::models::services::baseline_text(*baseline);
    static_cast<void>(was_read(sim::models::services::parse_baseline(text)));
  }
}

/// The first line has the arguments, separated by spaces; the others are the trace.
void replay(std::string_view input) {
  const auto lines = lines_of(input, 2);
  if (lines.empty()) {
    return;
  }
  const MemoryFile trace(lines.size() == 2 ? lines.back() : std::string{});
  std::vector<std::string> arguments{"--trace", trace.path()};
  std::istringstream words(lines.front());
  for (std::string word; words >> word;) {
    arguments.push_back(word);
  }
  std::ostringstream out;
  std::ostringstream err;
  const int status = sim::models::replay::run(arguments, out, err);
  require(status == 0 || status == 2, "replay ends with 0 or 2", err.str());
  require(!first_unprintable(out.str(), "\n"), "what replay prints is printable", out.str());
  if (status == 2) {
    const std::string line = err.str();
    require(out.str().empty(), "what is refused prints nothing", out.str());
    require(line.ends_with('\n') && !first_unprintable(line.substr(0, line.size() - 1)), "an error is one line", line);
  }
}

}  // namespace

std::vector<Reader> model_readers() {
  return {{"network", read_network}, {"faults", read_faults},     {"fault", read_fault}, {"times", read_times},
          {"classes", read_classes}, {"baseline", read_baseline}, {"replay", replay}};
}

}  // namespace attack
