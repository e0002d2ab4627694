#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "libsim/harness/run/replication_set.hpp"
#include "libsim/harness/run/runner.hpp"
#include "models/queueing/experiment.hpp"

using namespace sim;

namespace {

namespace fs = std::filesystem;

using Settings = std::vector<std::pair<std::string, std::string>>;

/// A new folder with files for every parameter that names some.
class Files {
 public:
  Files() {
    std::string name = (fs::temp_directory_path() / "libsim-queueing-XXXXXX").string();
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    folder_ = name;
    write("network.csv",
          "station,servers,discipline,service,arrival,next\n"
          "desk,1,fifo,\"empirical(" +
              path("laws.csv") + ", s)\",exponential(10s),\n");
    write("closed.csv", "station,servers,discipline,service,arrival,next\ndesk,1,fifo,exponential(1s),,\n");
    write("interarrivals.csv", "s\n1\n1\n1\n");
    write("services.csv", "s\n0.5\n2\n0.25\n");
    write("laws.csv", "s\n1\n2\n");
  }
  Files(const Files&) = delete;
  Files& operator=(const Files&) = delete;
  ~Files() { remove(); }

  void remove() const { fs::remove_all(folder_); }
  void write(const std::string& name, const std::string& text) const { std::ofstream(folder_ / name) << text; }
  [[nodiscard]] std::string path(const std::string& name) const { return (folder_ / name).string(); }

 private:
  fs::path folder_;
};

/// The scenarios that read files, each with its settings.
std::map<std::string, Settings> cases(const Files& files) {
  const std::string law = "empirical(" + files.path("laws.csv") + ", s)";
  return {{"network", {{"network", files.path("network.csv")}, {"measured_jobs", "100"}}},
          {"closed", {{"closed.network", files.path("closed.csv")}, {"measured_jobs", "100"}}},
          {"trace", {{"interarrivals", files.path("interarrivals.csv")}, {"services", files.path("services.csv")}}},
          {"station",
           {{"discipline", "priority"},
            {"priority.services", law + "; " + law},
            {"arrival", "exponential(10s)"},
            {"measured_jobs", "100"}}}};
}

/// The results of three replications, for programs, of a program whose replications are stored.
std::string output_of(const std::string& scenario, const Settings& settings, const Files& files) {
  std::vector<std::string> arguments{"--scenario", scenario, "--replications", "3", "--format", "csv", "--warm-up",
                                     "0",          "--out",  files.path("out")};
  for (const auto& [name, value] : settings) {
    arguments.insert(arguments.end(), {"--" + name, value});
  }
  std::ostringstream out;
  std::ostringstream err;
  static_cast<void>(harness::run(models::queueing::experiment(), arguments, out, err,
                                 {.program = "queueing", .executable = files.path("services.csv")}));
  CAPTURE(scenario, err.str());
  CHECK(err.str().empty());
  return out.str();
}

}  // namespace

TEST_CASE("files are read before the first replication and never again", "[queueing][inputs]") {
  const auto experiment = models::queueing::experiment();
  for (const std::string& scenario : experiment.scenario_names()) {
    const Files files;
    const auto setup = experiment.set_up();
    harness::SampleFiles inputs;
    const auto settings_of = cases(files);
    for (const auto& [name, value] : settings_of.at(scenario)) {
      REQUIRE(harness::set_parameter(*setup->parameters().find(name), value, inputs, name));
    }
    REQUIRE(setup->read_files(inputs));
    REQUIRE(setup->validate());
    files.remove();
    harness::ReplicationSet set(experiment, *setup, experiment.scenario_index(scenario).value(), {.seed = 1});
    REQUIRE(harness::extend({{&set, 3}}, 1));
    CAPTURE(scenario);
    CHECK_FALSE(set.failure());
    CHECK(set.count() == 3);
  }
}

TEST_CASE("replications are stored for the content of each file that a parameter names", "[queueing][inputs]") {
  const Files files;
  const std::map<std::string, std::pair<std::string, std::string>> changed{
      {"network", {"laws.csv", "s\n3\n4\n"}},
      {"closed", {"closed.csv", "station,servers,discipline,service,arrival,next\ndesk,1,fifo,exponential(3s),,\n"}},
      {"station", {"laws.csv", "s\n1.5\n2.5\n"}},
      {"trace", {"interarrivals.csv", "s\n1\n2\n1\n"}}};
  for (const auto& [scenario, change] : changed) {
    const auto settings = cases(files).at(scenario);
    const std::string before = output_of(scenario, settings, files);
    CHECK(output_of(scenario, settings, files) == before);
    files.write(change.first, change.second);
    CHECK(output_of(scenario, settings, files) != before);
  }
}
