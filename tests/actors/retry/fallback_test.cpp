#include "actors/retry/fallback.hpp"

#include <catch2/catch.hpp>
#include <string>

using namespace sim;
using namespace sim::policies;
using Text = Fallback<std::string>;
using Source = Text::Source;

namespace {

Time at(Duration since_start) { return Time{} + since_start; }

}  // namespace

TEST_CASE("when a dependency fails its last good answer is given, as long as it is not too old", "[fallback]") {
  Text fallback{{.stale_max = 10s}};
  fallback.on_success(at(0s), "first");
  fallback.on_success(at(5s), "second");
  REQUIRE(fallback.on_failure(at(5s), ErrorClass::timed_out) == Text::Answer{Source::cached, "second", 0s});
  REQUIRE(fallback.on_failure(at(15s), ErrorClass::rejected) == Text::Answer{Source::cached, "second", 10s});
  REQUIRE(fallback.on_failure(at(15s) + 1ns, ErrorClass::rejected) == Text::Answer{});
  REQUIRE(fallback.statistics() == Text::Statistics{2, 0, 1});
}

TEST_CASE("an answer that is overtaken by a later one is not kept", "[fallback]") {
  Text fallback{{}};
  fallback.on_success(at(5s), "later");
  fallback.on_success(at(3s), "earlier");
  REQUIRE(fallback.on_failure(at(6s), ErrorClass::timed_out).value == "later");
}

TEST_CASE("without a good answer the default is given, and without a default the failure", "[fallback]") {
  Text with_default{{.stale_max = 1s, .default_value = "default"}};
  REQUIRE(with_default.on_failure(at(0s), ErrorClass::server_error) ==
          Text::Answer{Source::default_value, "default", 0s});
  with_default.on_success(at(0s), "good");
  REQUIRE(with_default.on_failure(at(1s), ErrorClass::server_error).source == Source::cached);
  REQUIRE(with_default.on_failure(at(2s), ErrorClass::server_error).source == Source::default_value);
  REQUIRE(with_default.statistics() == Text::Statistics{1, 2, 0});
  Text without_default{{}};
  REQUIRE(without_default.on_failure(at(0s), ErrorClass::server_error) == Text::Answer{});
}

TEST_CASE("failures that nobody handles are passed on", "[fallback]") {
  Text fallback{{.handled = {ErrorClass::timed_out}, .default_value = "default"}};
  fallback.on_success(at(0s), "good");
  REQUIRE(fallback.on_failure(at(0s), ErrorClass::client_error) == Text::Answer{});
  REQUIRE(fallback.on_failure(at(0s), ErrorClass::timed_out).source == Source::cached);
  REQUIRE(Text{{}}.on_failure(at(0s), ErrorClass::client_error).source == Source::none);
}

TEST_CASE("an answer with enough of its parts is partial", "[fallback]") {
  using Result = PartialAnswer::Result;
  const PartialAnswer rule{.parts_min = 2};
  REQUIRE(rule.result(5, 5) == Result::complete);
  REQUIRE(rule.result(4, 5) == Result::partial);
  REQUIRE(rule.result(2, 5) == Result::partial);
  REQUIRE(rule.result(1, 5) == Result::failed);
  REQUIRE(rule.result(1, 1) == Result::complete);
}

TEST_CASE("a negative age is a bug", "[fallback]") { REQUIRE_THROWS_AS(Text{{.stale_max = -1s}}, AssertionFailure); }
