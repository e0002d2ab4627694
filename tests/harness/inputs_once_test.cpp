#include <catch2/catch.hpp>

#include <fmt/format.h>
#include <sys/stat.h>

#include <filesystem>
#include <map>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "libsim/files/input_files.hpp"
#include "tests/harness/harness_call.hpp"
#include "tests/harness/toy_shop.hpp"

using Arguments = std::vector<std::string>;
using sim::content_hash;
using sim::InputFiles;

namespace {

namespace fs = std::filesystem;

const std::string shop = TOY_SHOP_PROGRAM;

/// A pipe that is written to once, from another thread.
class Pipe {
 public:
  Pipe(std::string path, const std::string& content) {
    REQUIRE(::mkfifo(path.c_str(), 0600) == 0);
    writer_ = std::thread([path = std::move(path), content] { toy::write_file(path, content); });
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  ~Pipe() { writer_.join(); }

 private:
  std::thread writer_;
};

}  // namespace

TEST_CASE("a file is read once and has the hash of what was read", "[inputs]") {
  const toy::WorkingFolder here;
  toy::write_file("a.csv", "first");
  fs::create_symlink("a.csv", "link.csv");
  InputFiles files;
  CHECK(files.read("a.csv", 100)->text() == "first");
  toy::write_file("a.csv", "second");
  for (const std::string name : {"a.csv", "./a.csv", "link.csv"}) {
    const auto again = files.sharing().read(name, 100);
    REQUIRE(again);
    CHECK(again->text() == "first");
    CHECK(again->hash == content_hash("first"));
    CHECK(again->path == name);
  }
  fs::remove("a.csv");
  CHECK(files.read("a.csv", 100)->text() == "first");
  CHECK(files.hashes() == std::map<std::string, sim::ContentHash>{{"a.csv", content_hash("first")}});
  CHECK(files.sharing().hashes().empty());
  CHECK(files.read("a.csv", 4).error().message == "a.csv: is too large: expected at most 0 MB");
}

TEST_CASE("a pipe can be read as often as a file", "[inputs]") {
  const toy::WorkingFolder here;
  const Pipe pipe("p", "piped");
  fs::create_symlink("p", "link");
  InputFiles files;
  CHECK(files.read("p", 100)->text() == "piped");
  CHECK(files.read("p", 100)->text() == "piped");
  CHECK(files.read("link", 100)->text() == "piped");
  CHECK(files.unrepeatable() == "p");
}

TEST_CASE("each flag that names a file takes a pipe, and results are those of a file", "[inputs]") {
  const toy::WorkingFolder here;
  const std::string targets =
      "experiment,scenario,metric,unit,op,target,critical,source,definition\n"
      "toy_shop,day,served,count,>,1,,,\n";
  const std::vector<std::pair<std::string, std::string>> inputs{{"--config", "customers = 5\n"},
                                                                {"--targets", targets},
                                                                {"--arrivals", "at,items\n1,2\n2,2\n"},
                                                                {"--faults", "until\n0\n60\n"}};
  for (const auto& [flag, content] : inputs) {
    const auto output_with = [&, &flag = flag](const std::string& file) {
      return toy::call(toy::shop(), {"--scenario", "day", "--replications", "3", "--format", "csv", flag, file});
    };
    toy::write_file("file" + flag, content);
    const Pipe pipe("pipe" + flag, content);
    CAPTURE(flag);
    CHECK(output_with("pipe" + flag) == output_with("file" + flag));
  }
  {
    const Pipe pipe("samples", "s\n1\n2\n");
    toy::write_file("samples.csv", "s\n1\n2\n");
    const Arguments day{"--scenario", "day", "--replications", "3", "--format", "csv", "--service.time"};
    const auto with = [&](Arguments arguments, const std::string& law) {
      arguments.push_back(law);
      return toy::call(toy::shop(), arguments).status;
    };
    CHECK(with(day, "empirical(samples, s)") == with(day, "empirical(samples.csv, s)"));
  }
  CHECK(toy::call_shell("printf 'customers = 5\\n' | " + shop + " --scenario nobody --config /dev/stdin").status == 0);
}

TEST_CASE("a study reads a pipe once for all of its points", "[inputs]") {
  const toy::WorkingFolder here;
  const Pipe settings("settings", "customers = 5\n");
  const Pipe first("first", "customers = 5\n");
  const Pipe second("second", "customers = 6\n");
  const Arguments sweep{"--scenario", "day", "--sweep", "discount=0,0.1,0.2", "--replications", "2", "--quiet"};
  Arguments with_settings = sweep;
  with_settings.insert(with_settings.end(), {"--config", "settings"});
  CHECK(toy::call(toy::shop(), with_settings).err.empty());
  CHECK(toy::call(toy::shop(), {"--scenario", "day", "--compare", "first", "second", "--quiet"}).err.empty());
}

TEST_CASE("a pipe beside --check-determinism is refused, as a second process could not read it again", "[inputs]") {
  const toy::WorkingFolder here;
  const Pipe pipe("p", "customers = 5\n");
  CHECK(toy::call(toy::shop(), {"--scenario", "day", "--config", "p", "--check-determinism"},
                  {.program = "toy", .executable = TOY_SHOP_PROGRAM}) ==
        toy::refusal("--check-determinism: p is no file that a second process could read again"));
}

TEST_CASE("replications of a file are not found for another one, whatever the name and the time of the file",
          "[inputs]") {
  const toy::WorkingFolder here;
  toy::write_file("program", "any");
  const auto count_with = [](const std::string& arrivals) {
    toy::write_file("a.csv", arrivals);
    fs::last_write_time("a.csv", fs::file_time_type{});
    return toy::call(toy::shop(),
                     {"--scenario", "day", "--arrivals", "a.csv", "--replications", "2", "--format", "csv"},
                     {.program = "toy", .executable = "program"})
        .out;
  };
  // They were made so that their CRC-32 is the same, 8d330c40.
  const std::string first = "at,items\n1,951896599\n";
  const std::string second = "at,items\n1,2\n2,681106065\n";
  CHECK(count_with(first) != count_with(second));
}
