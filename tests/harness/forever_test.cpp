#include <catch2/catch.hpp>

#include <string>

#include "libsim/failure.hpp"
#include "libsim/harness/experiment/parameters.hpp"

using namespace sim;
using sim::harness::Parameters;

namespace {

/// What is wrong with a text for the only parameter; empty: nothing.
std::string refusal(const Parameters& parameters, const std::string& text) {
  harness::SampleFiles files;
  const auto set = harness::set_parameter(*parameters.all().front(), text, files, "--life " + text);
  return set ? "" : set.error().message.text();
}

}  // namespace

TEST_CASE("a duration that may last forever is read, shown and described with the word", "[parameters][field]") {
  Duration life = forever;
  Parameters parameters;
  parameters.add("life", life).range(1s, 1h).or_forever().meaning("how long it lives").source("assumed");
  parameters.check_declarations();
  const auto& parameter = *parameters.all().front();
  CHECK(parameter.default_text() == "forever");
  CHECK(parameter.text() == "forever");
  CHECK(parameter.range_text() == "1s … 1h, forever");
  CHECK(refusal(parameters, "5s") == "");
  CHECK(life == 5s);
  CHECK(parameter.text() == "5s");
  CHECK(refusal(parameters, "forever") == "");
  CHECK(life == forever);
  CHECK(
      refusal(parameters, "0") ==
      "--life 0: expected a duration from 1s to 1h, such as 250ms, 1.5s or 2h (ns, us, ms, s, min, h, d), or forever");
}

TEST_CASE("where 0 means forever it is read so in each of its forms", "[parameters][field]") {
  Duration life = 1min;
  Parameters parameters;
  parameters.add("life", life).range(1s, 1h).zero_is_forever().meaning("how long it lives").source("HikariCP");
  CHECK(parameters.all().front()->range_text() == "1s … 1h, 0 or forever");
  for (const std::string text : {"0", "0s", "0ms", "forever"}) {
    life = 1min;
    CHECK(refusal(parameters, text) == "");
    CHECK(life == forever);
  }
  CHECK(refusal(parameters, "999ms") != "");
}

TEST_CASE("a default of forever is declared with the word", "[parameters][field]") {
  Duration life = forever;
  Parameters parameters;
  parameters.add("life", life).meaning("how long it lives").source("assumed");
  CHECK_THROWS_WITH(parameters.check_declarations(), Catch::Contains("does not declare the word"));
  CHECK(refusal(parameters, "forever") != "");
}
