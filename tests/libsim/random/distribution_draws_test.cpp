#include <array>
#include <catch2/catch.hpp>
#include <cstdint>
#include <string_view>
#include <vector>

#include "libsim/random/distribution.hpp"

namespace {

using namespace std::chrono_literals;

struct Golden {
  std::string_view text;
  std::array<std::int64_t, 5> draws_ns;  ///< the first five
  std::int64_t sum_ns;                   ///< of the first 100,000
};

// All from the same stream: laws with one exponential number per draw show how they scale the same one.
const std::vector<Golden> golden{
    {"constant(5ms)", {5'000'000, 5'000'000, 5'000'000, 5'000'000, 5'000'000}, 500'000'000'000},
    {"uniform(0ms, 10ms)", {9'341'005, 6'487'261, 1'986'284, 1'517'111, 777'559}, 500'143'506'384},
    {"exponential(2s)", {8'518'505'006, 3'545'434'220, 610'256'956, 760'361'321, 233'375'381}, 200'003'110'023'305},
    {"lognormal(p50=2.5s, p99=14s)",
     {16'883'097'137, 936'655'283, 3'101'419'484, 3'113'219'260, 2'301'243'890},
     328'144'653'449'091},
    {"lognormal(mean=3s, cv=0.8)",
     {14'372'865'678, 922'053'344, 2'874'862'550, 2'885'249'938, 2'165'355'394},
     299'370'083'972'525},
    {"erlang(k=3, mean=1s)",
     {3'161'694'761, 1'056'942'614, 829'377'270, 981'155'749, 1'146'963'906},
     99'942'190'405'980},
    {"hyperexponential(mean=1s, cv=2)",
     {7'864'644'698, 214'234'968, 191'627'571, 142'059'190, 345'260'564},
     99'519'639'868'798},
    {"hyperexponential(0.4: 1s, 0.6: 5s)",
     {8'863'585'551, 380'180'660, 340'061'649, 252'097'766, 3'063'491'233},
     339'887'595'290'888},
    {"weibull(shape=1.5, scale=2s)",
     {5'255'155'692, 2'929'473'812, 906'466'637, 1'049'598'842, 477'580'616},
     180'519'149'050'279},
    {"pareto(shape=2.5, minimum=1s)",
     {5'494'244'013, 2'032'134'755, 1'129'812'163, 1'164'244'367, 1'047'781'505},
     166'776'276'117'756},
    {"gamma(shape=2, mean=1s)",
     {3'853'043'406, 1'035'710'950, 763'190'497, 943'710'389, 1'146'401'903},
     99'931'125'922'203},
    {"gamma(shape=0.5, mean=1s)",
     {7'342'374'340, 1'536'648'017, 1'523'053'658, 437'990'169, 61'311'901},
     99'802'908'949'716},
    {"normal(mean=1s, sd=200ms)",
     {1'515'841'918, 734'862'853, 1'058'219'017, 1'059'244'590, 977'627'053},
     99'931'856'662'840},
    {"normal(mean=0s, sd=1s)", {2'579'209'591, 291'095'084, 296'222'949, 163'956'612, 434'447'803}, 79'686'200'235'011},
    {"triangular(1s, 2s, 5s)",
     {4'110'733'764, 2'946'883'607, 1'891'354'936, 1'779'002'299, 1'557'694'945},
     266'721'608'350'125},
    {"mixture(0.95: uniform(0ms, 10ms), 0.05: uniform(0ms, 100ms))",
     {6'487'261, 1'517'111, 1'474'370, 863'193, 9'054'161},
     726'794'831'718},
    {"empirical(5ms, 7ms, 12ms)", {12'000'000, 7'000'000, 5'000'000, 5'000'000, 5'000'000}, 799'976'000'000},
};

sim::RandomStream golden_stream() {
  return sim::RandomStream({.seed = 42, .replication = 1, .actor = "server-0", .purpose = "service"});
}

}  // namespace

TEST_CASE("every distribution draws these durations with every compiler and on every processor", "[distribution]") {
  for (const auto& row : golden) {
    const auto distribution = sim::parse_distribution(row.text).value();
    auto random = golden_stream();
    for (const auto draw_ns : row.draws_ns) {
      CAPTURE(row.text);
      CHECK(distribution.sample(random).count() == draw_ns);
    }
  }
}

TEST_CASE("100,000 draws of each distribution add up to the same nanosecond everywhere", "[distribution]") {
  for (const auto& row : golden) {
    const auto distribution = sim::parse_distribution(row.text).value();
    auto random = golden_stream();
    std::int64_t sum_ns = 0;
    for (int i = 0; i < 100'000; ++i) {
      sum_ns += distribution.sample(random).count();
    }
    CAPTURE(row.text);
    CHECK(sum_ns == row.sum_ns);
  }
}

TEST_CASE("copies of a distribution draw the same from equal streams", "[distribution]") {
  const auto original = sim::mixture({{0.5, sim::lognormal(1s, 2.0)}, {0.5, sim::uniform(1ms, 2ms)}});
  const std::vector<sim::Distribution> copies(2, original);
  auto first = golden_stream();
  auto second = golden_stream();
  for (int i = 0; i < 1'000; ++i) {
    REQUIRE(copies[0].sample(first) == copies[1].sample(second));
  }
}

TEST_CASE("a longer mean stretches the same draws, so that two settings see the same luck", "[distribution]") {
  auto slow = golden_stream();
  auto fast = golden_stream();
  for (int i = 0; i < 1'000; ++i) {
    const auto fast_draw = sim::exponential(1s).sample(fast);
    const auto slow_draw = sim::exponential(2s).sample(slow);
    REQUIRE(std::chrono::abs(slow_draw - 2 * fast_draw) <= 1ns);  // both are rounded
  }
}
