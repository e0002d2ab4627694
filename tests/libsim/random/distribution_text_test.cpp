#include <fmt/format.h>
#include <rapidcheck.h>

#include <catch2/catch.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "libsim/random/distribution.hpp"

namespace {

using namespace std::chrono_literals;
using sim::Distribution;
using sim::Duration;

/// A file `latency.csv` with a column `p` of three samples; nothing else exists.
sim::Expected<std::vector<Duration>> load(std::string_view file, std::string_view column) {
  if (file != "latency.csv") {
    return sim::unexpected("no such file: " + std::string(file));
  }
  if (column != "p") {
    return sim::unexpected("latency.csv has no column " + std::string(column));
  }
  return std::vector<Duration>{9ms, 3ms, 6ms};
}

std::string error_of(std::string_view text) {
  const auto parsed = sim::parse_distribution(text, load);
  return parsed ? "read as " + sim::to_text(*parsed) : parsed.error().message.text();
}

// Generators. They cover every law with parameters from nanoseconds to years.

Duration arbitrary_duration() {
  return Duration{*rc::gen::inRange<std::int64_t>(1, 1'000'000) *
                  *rc::gen::element<std::int64_t>(1, 1'000, 999'999'937)};
}

double arbitrary_number(double lowest, double highest) {
  return lowest + (highest - lowest) * *rc::gen::inRange(0, 1'000'000) / 999'983.0;
}

std::vector<double> arbitrary_weights() {
  const auto counts = *rc::gen::nonEmpty(rc::gen::container<std::vector<int>>(rc::gen::inRange(1, 100)));
  double sum = 0.0;
  for (const int count : counts) {
    sum += count;
  }
  std::vector<double> weights;
  for (const int count : counts) {
    weights.push_back(count / sum);
  }
  return weights;
}

std::vector<Duration> arbitrary_samples() {
  std::vector<Duration> samples;
  for (int count = *rc::gen::inRange(1, 10); count > 0; --count) {
    samples.push_back(arbitrary_duration());
  }
  return samples;
}

Distribution arbitrary_distribution(int depth);

Distribution arbitrary_mixture(int depth) {
  std::vector<sim::MixturePart> parts;
  for (const double weight : arbitrary_weights()) {
    parts.push_back({weight, arbitrary_distribution(depth + 1)});
  }
  return sim::mixture(parts);
}

Distribution arbitrary_hyperexponential() {
  std::vector<sim::HyperexponentialBranch> branches;
  for (const double weight : arbitrary_weights()) {
    branches.push_back({weight, arbitrary_duration()});
  }
  return sim::hyperexponential(branches);
}

Distribution arbitrary_distribution(int depth) {
  const auto a = arbitrary_duration();
  const auto b = arbitrary_duration();
  const auto c = arbitrary_duration();
  const double number = arbitrary_number(1.0, 99.0);
  switch (*rc::gen::inRange(0, depth < 3 ? 15 : 14)) {
    case 0:
      return sim::constant(a - 1ns);
    case 1:
      return sim::uniform(a - 1ns, a + b);
    case 2:
      return sim::exponential(a);
    case 3:
      return sim::lognormal_p50_p99(a, a + b);
    case 4:
      return sim::lognormal(a, number);
    case 5:
      return sim::erlang(static_cast<std::uint32_t>(number), a);
    case 6:
      return sim::hyperexponential(a, number);
    case 7:
      return arbitrary_hyperexponential();
    case 8:
      return sim::weibull(number / 10.0, a);
    case 9:
      return sim::pareto(number / 10.0, a);
    case 10:
      return sim::gamma(number / 10.0, a);
    case 11:
      return sim::normal(a - 1ns, b);
    case 12:
      return sim::triangular(a - 1ns, a + b, a + b + c);
    case 13:
      return sim::empirical(arbitrary_samples());
    default:
      return arbitrary_mixture(depth);
  }
}

}  // namespace

TEST_CASE("every distribution reads back from its text as an equal value", "[distribution][text]") {
  REQUIRE(rc::check("parse_distribution(to_text(d)) == d", [] {
    const auto distribution = arbitrary_distribution(0);
    const auto parsed = sim::parse_distribution(sim::to_text(distribution));
    RC_ASSERT(parsed.has_value());
    RC_ASSERT(*parsed == distribution);
    RC_ASSERT(sim::to_text(*parsed) == sim::to_text(distribution));
  }));
}

TEST_CASE("a distribution is written as its parameters are known", "[distribution][text]") {
  using Branches = std::vector<sim::HyperexponentialBranch>;
  struct Row {
    std::string_view text;
    Distribution distribution;
  };
  const std::vector<Row> rows{
      {"constant(5ms)", sim::constant(5ms)},
      {"5ms", sim::constant(5ms)},
      {"0", Distribution{}},
      {"uniform(0ms, 10ms)", sim::uniform(0ms, 10ms)},
      {"exponential(2s)", sim::exponential(2s)},
      {"lognormal(p50=2.5s, p99=14s)", sim::lognormal_p50_p99(2500ms, 14s)},
      {"lognormal(mean=3s, cv=0.8)", sim::lognormal(3s, 0.8)},
      {"erlang(k=3, mean=1s)", sim::erlang(3, 1s)},
      {"hyperexponential(mean=1s, cv=2)", sim::hyperexponential(1s, 2.0)},
      {"hyperexponential(0.4: 1s, 0.6: 5s)", sim::hyperexponential(Branches{{0.4, 1s}, {0.6, 5s}})},
      {"weibull(shape=1.5, scale=2s)", sim::weibull(1.5, 2s)},
      {"pareto(shape=2.5, minimum=1s)", sim::pareto(2.5, 1s)},
      {"gamma(shape=2, mean=1s)", sim::gamma(2.0, 1s)},
      {"normal(mean=1s, sd=200ms)", sim::normal(1s, 200ms)},
      {"triangular(1s, 2s, 5s)", sim::triangular(1s, 2s, 5s)},
      {"mixture(0.95: uniform(0ms,10ms), 0.05: uniform(0ms,100ms))",
       sim::mixture({{0.95, sim::uniform(0ms, 10ms)}, {0.05, sim::uniform(0ms, 100ms)}})},
      {"mixture(0.9: 5ms, 0.1: mixture(0.5: 1s, 0.5: exponential(2s)))",
       sim::mixture(
           {{0.9, sim::constant(5ms)}, {0.1, sim::mixture({{0.5, sim::constant(1s)}, {0.5, sim::exponential(2s)}})}})},
      {"empirical(5ms, 7ms, 12ms)", sim::empirical({5ms, 7ms, 12ms})},
      {"empirical(latency.csv, p)", sim::empirical({3ms, 6ms, 9ms}, "latency.csv", "p")},
      // spaces, the order of named parameters and quotes have no meaning
      {"  exponential ( 2s )\t", sim::exponential(2s)},
      {"lognormal(p99=14s,p50=2.5s)", sim::lognormal_p50_p99(2500ms, 14s)},
      {"hyperexponential(cv = 2, mean = 1s)", sim::hyperexponential(1s, 2.0)},
      {"weibull(scale=2000ms, shape=1.50)", sim::weibull(1.5, 2s)},
      {"empirical(12ms, 5ms, 7ms)", sim::empirical({5ms, 7ms, 12ms})},
      {"empirical(\"latency.csv\", \"p\")", sim::empirical({3ms, 6ms, 9ms}, "latency.csv", "p")},
  };
  for (const auto& row : rows) {
    CAPTURE(row.text);
    const auto parsed = sim::parse_distribution(row.text, load);
    REQUIRE(parsed.has_value());
    CHECK(*parsed == row.distribution);
  }
}

TEST_CASE("a distribution prints in one way", "[distribution][text]") {
  CHECK(sim::to_text(Distribution{}) == "constant(0s)");
  CHECK(sim::to_text(sim::lognormal_p50_p99(2500ms, 14s)) == "lognormal(p50=2.5s, p99=14s)");
  CHECK(sim::to_text(sim::mixture({{0.95, sim::uniform(0ms, 10ms)}, {0.05, sim::hyperexponential(1s, 2.5)}})) ==
        "mixture(0.95: uniform(0s, 10ms), 0.05: hyperexponential(mean=1s, cv=2.5))");
  CHECK(sim::to_text(sim::empirical({3ms, 1ms}, "latency.csv", "p")) == "empirical(latency.csv, p)");
}

TEST_CASE("file and column names with a meaning of their own are quoted", "[distribution][text]") {
  const std::vector<Duration> samples{1ms, 2ms};
  const auto loader = [&](std::string_view, std::string_view) -> sim::Expected<std::vector<Duration>> {
    return samples;
  };
  for (const std::string name : {"a,b", "a b", "(a)", " a", "a\"b", "\"", "5ms", "data/2024-01.csv", "größe", ""}) {
    const auto distribution = sim::empirical(samples, name, name);
    CAPTURE(name, sim::to_text(distribution));
    CHECK(sim::parse_distribution(sim::to_text(distribution), loader) == distribution);
  }
}

TEST_CASE("distributions that are written differently are not equal", "[distribution]") {
  CHECK(sim::exponential(1s) == sim::exponential(1000ms));
  CHECK(sim::exponential(1s) != sim::exponential(2s));
  CHECK(sim::exponential(1s) != sim::constant(1s));
  CHECK(sim::exponential(1s) != sim::gamma(1.0, 1s));
  CHECK(sim::empirical({1ms, 2ms}, "a", "b") != sim::empirical({1ms, 3ms}, "a", "b"));
}

TEST_CASE("a wrong distribution is refused with its position and what was expected", "[distribution][text]") {
  const std::string laws =
      "expected a duration such as 250ms or one of constant, uniform, exponential, lognormal, erlang, "
      "hyperexponential, "
      "weibull, pareto, gamma, normal, triangular, mixture, empirical, found ";
  struct Row {
    std::string text;
    std::string error;
  };
  const std::vector<Row> rows{
      // what is there is not what belongs there
      {"", "column 1: " + laws + "the end"},
      {"exponentail(2s)", "column 1: " + laws + "\"exponentail\""},
      {"nan", "column 1: " + laws + "\"nan\""},
      {"(5ms)", "column 1: " + laws + "\"(\""},
      {"exponential", "column 12: expected \"(\", found the end"},
      {"exponential 2s", "column 13: expected \"(\", found \"2s\""},
      {"exponential(abc)", "column 13: expected a duration such as 250ms, found \"abc\""},
      {"exponential()", "column 13: expected a duration such as 250ms, found \")\""},
      {"exponential(2s", "column 15: expected \")\", found the end"},
      {"exponential(2s, 3s)", "column 15: expected \")\", found \",\""},
      {"exponential(2s) x", "column 17: expected the end of the text, found \"x\""},
      {"exponential(mean=2s)", "column 13: expected a duration such as 250ms, found \"mean\""},
      {"uniform(0ms)", "column 12: expected \",\", found \")\""},
      {"lognormal(2s, 3s)", "column 11: expected one of p50, p99, mean, cv, found \"2s\""},
      {"lognormal(p50=2s, p95=3s)", "column 19: expected p99, found \"p95\""},
      {"lognormal(p50=2s, p50=3s)", "column 19: expected p99, found \"p50\""},
      {"lognormal(p50=2s)", "column 17: expected \",\", found \")\""},
      {"lognormal(p50:2s, p99=3s)", "column 14: expected \"=\", found \":\""},
      {"erlang(n=3, mean=1s)", "column 8: expected k or mean, found \"n\""},
      {"erlang(k=2.5, mean=1s)", "column 10: expected a whole number such as 3, found \"2.5\""},
      {"erlang(k=-1, mean=1s)", "column 10: expected a whole number such as 3, found \"-1\""},
      {"erlang(k=4294967296, mean=1s)", "column 10: expected a whole number such as 3, found \"4294967296\""},
      {"gamma(shape=nan, mean=1s)", "column 13: expected a number such as 0.5, found \"nan\""},
      {"gamma(shape=inf, mean=1s)", "column 13: expected a number such as 0.5, found \"inf\""},
      {"gamma(shape=1e400, mean=1s)", "column 13: expected a number such as 0.5, found \"1e400\""},
      {"gamma(shape=2x, mean=1s)", "column 13: expected a number such as 0.5, found \"2x\""},
      {"gamma(shape=, mean=1s)", "column 13: expected a number such as 0.5, found \",\""},
      {"hyperexponential(x)", "column 18: expected one of mean, cv or a weight such as 0.4, found \"x\""},
      {"hyperexponential(0.4: 1s, 0.6)", "column 30: expected \":\", found \")\""},
      {"mixture(0.5: 5ms, 0.5: lognorm(1s))", "column 24: " + laws + "\"lognorm\""},
      {"mixture(5ms)", "column 9: expected a number such as 0.5, found \"5ms\""},
      // a duration that says what is wrong with it
      {"5", "column 1: expected a unit (ns, us, ms, s, min, h or d) after the number, as in 250ms, found \"5\""},
      {"-5ms", "column 1: expected a duration of 0 or more, found \"-5ms\""},
      {"exponential(0.5ns)", "column 13: expected a whole number of nanoseconds, found \"0.5ns\""},
      {"exponential(300000d)", "column 13: expected a duration of at most 292 years, found \"300000d\""},
      // parameters that contradict the law
      {"exponential(0s)", "column 1: exponential: expected a mean above 0, found 0s"},
      {"uniform(10ms, 5ms)", "column 1: uniform: expected the minimum not above the maximum, found 10ms and 5ms"},
      {"lognormal(p50=14s, p99=2.5s)", "column 1: lognormal: expected p50 below p99, found 14s and 2.5s"},
      {"lognormal(p50=14s, p99=14s)", "column 1: lognormal: expected p50 below p99, found 14s and 14s"},
      {"lognormal(p50=0s, p99=14s)", "column 1: lognormal: expected a p50 above 0, found 0s"},
      {"lognormal(mean=1s, cv=0)", "column 1: lognormal: expected a finite cv above 0, found 0"},
      {"erlang(k=0, mean=1s)", "column 1: erlang: expected k from 1 to 1000000, found 0"},
      {"hyperexponential(mean=1s, cv=0.5)", "column 1: hyperexponential: expected cv from 1 to 1000, found 0.5"},
      {"hyperexponential(0.4: 1s, 0.5: 5s)",
       "column 1: hyperexponential: expected weights that add up to 1, found a sum of 0.9"},
      {"hyperexponential(0.4: 1s, 0.6: 0s)", "column 1: hyperexponential: expected a mean above 0, found 0s"},
      {"weibull(shape=0, scale=1s)", "column 1: weibull: expected shape from 0.05 to 1000000, found 0"},
      {"weibull(shape=1, scale=0s)", "column 1: weibull: expected a scale above 0, found 0s"},
      {"pareto(shape=2, minimum=0s)", "column 1: pareto: expected a minimum above 0, found 0s"},
      {"gamma(shape=2, mean=0s)", "column 1: gamma: expected a mean above 0, found 0s"},
      {"normal(mean=1s, sd=0s)", "column 1: normal: expected an sd above 0, found 0s"},
      {"triangular(2s, 1s, 5s)", "column 1: triangular: expected the minimum not above the mode, found 2s and 1s"},
      {"triangular(1s, 6s, 5s)", "column 1: triangular: expected the mode not above the maximum, found 6s and 5s"},
      {"triangular(1s, 1s, 1s)", "column 1: triangular: expected the minimum below the maximum, found 1s and 1s"},
      {"mixture(0: 5ms, 1: 6ms)", "column 1: mixture: expected a finite weight above 0, found 0"},
      {"mixture(0.5: 5ms, 0.6: 6ms)", "column 1: mixture: expected weights that add up to 1, found a sum of 1.1"},
      {"mixture(0.5: 5ms, 0.5: exponential(0s))", "column 24: exponential: expected a mean above 0, found 0s"},
      // files
      {"empirical(latency.csv)", "column 22: expected \",\", found \")\""},
      {"empirical(latency.csv, )", "column 24: expected the name of a file or column, found \")\""},
      {"empirical(other.csv, p)", "column 11: no such file: other.csv"},
      {"empirical(latency.csv, q)", "column 11: latency.csv has no column q"},
      {"empirical(5ms, p)", "column 16: expected a duration such as 250ms, found \"p\""},
      {"empirical(\"latency.csv, p)", "column 11: expected a closing quote, found the end"},
  };
  for (const auto& row : rows) {
    CHECK(error_of(row.text) == row.error);
  }
}

TEST_CASE("a file is refused where nothing reads files", "[distribution][text]") {
  const auto parsed = sim::parse_distribution("empirical(latency.csv, p)");
  REQUIRE_FALSE(parsed.has_value());
  CHECK(parsed.error().message ==
        "column 1: empirical: no file can be read here, expected samples as in empirical(5ms, 7ms, 12ms)");
}

TEST_CASE("samples that a file should not have are refused", "[distribution][text]") {
  const auto refused = [](std::vector<Duration> samples) {
    const auto loader = [&](std::string_view, std::string_view) -> sim::Expected<std::vector<Duration>> {
      return samples;
    };
    return sim::parse_distribution("empirical(f, c)", loader).error().message;
  };
  CHECK(refused({}) == "column 1: empirical: expected at least one sample, found none");
  CHECK(refused({1ms, -2ms}) == "column 1: empirical: expected a sample of 0 or more, found -2ms");
}

TEST_CASE("mixtures inside mixtures end at a depth of sixteen", "[distribution][text]") {
  const auto nested = [](int depth) {
    std::string text = "5ms";
    for (int level = 0; level < depth; ++level) {
      text = fmt::format("mixture(1: {})", text);
    }
    return text;
  };
  CHECK(sim::parse_distribution(nested(16)).has_value());
  CHECK(error_of(nested(17)) == "column 177: expected at most 16 distributions inside each other");  // 16 · 11 + 1
}

TEST_CASE("no text of these characters makes the parser do anything but answer", "[distribution][text]") {
  REQUIRE(rc::check("parse_distribution(garbage)", [] {
    const auto alphabet = rc::gen::elementOf(std::string("0159.,:=()\" smndhvepkixturelgo-+\t"));
    const auto text = *rc::gen::container<std::string>(alphabet);
    const auto prefix = *rc::gen::element<std::string>("", "mixture(0.5:", "empirical(", "lognormal(p50=", "erlang(k=");
    const auto parsed = sim::parse_distribution(prefix + text, load);
    RC_ASSERT(parsed.has_value() || parsed.error().message.text().starts_with("column "));
  }));
}

TEST_CASE("wrong parameters in code are a broken invariant that names the law", "[distribution]") {
  CHECK_THROWS_WITH(sim::exponential(0s), Catch::Contains("exponential: expected a mean above 0, found 0s"));
  CHECK_THROWS_AS(sim::lognormal_p50_p99(2s, 1s), sim::AssertionFailure);
  CHECK_THROWS_AS(sim::gamma(std::numeric_limits<double>::quiet_NaN(), 1s), sim::AssertionFailure);
  CHECK_THROWS_AS(sim::constant(-1ms), sim::AssertionFailure);
  CHECK_THROWS_AS(sim::empirical({}), sim::AssertionFailure);
  CHECK_THROWS_AS(sim::mixture({}), sim::AssertionFailure);
}
