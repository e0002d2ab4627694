#include <catch2/catch.hpp>

#include <string>
#include <vector>

#include "tests/harness/harness_call.hpp"
#include "tests/harness/toy_law.hpp"

using Arguments = std::vector<std::string>;
using Catch::Matchers::Contains;
using sim::harness::ScenarioRun;

namespace {

const std::string header = "experiment,scenario,metric,unit,op,target,critical,source,definition\n";

/// An experiment whose metric `value` is 9, 11, 9, 11, …, whatever is drawn.
sim::harness::Experiment alternating() {
  struct Nothing {};
  const auto report = [](ScenarioRun& run, const Nothing&) {
    run.report("value", "s", run.replication() % 2 == 0 ? 9 : 11);
  };
  return sim::harness::Definition<Nothing>{
      .name = "toy", .summary = "", .describe = {}, .scenarios = {{"only", "", report}}, .targets_csv = header};
}

/// A call whose scenario has these targets, each as `metric,unit,op,target,critical`.
toy::Call judged(const sim::harness::Experiment& experiment, const std::string& scenario,
                 const std::vector<std::string>& targets, Arguments arguments) {
  const toy::WorkingFolder here;
  std::string rows = header;
  for (const auto& target : targets) {
    rows += experiment.name() + "," + scenario + "," + target + ",,\n";
  }
  toy::write_file("t.csv", rows);
  arguments.insert(arguments.end(), {"--scenario", scenario, "--targets", "t.csv"});
  toy::Call call = toy::call(experiment, arguments);
  CHECK(call.err.empty());
  return call;
}

/// Ten replications give the mean 10 with the variance 10/9 and, as the t quantile for 9 degrees is 2.262157 (Student
/// table of any textbook), the half-width 2.262157 / 3 = 0.754052.
int status_at_ten(const std::string& target, Arguments more = {}) {
  more.insert(more.end(), {"--replications", "10"});
  return judged(alternating(), "only", {target}, more).status;
}

/// The same of `line` in the toy with known results.
int status_of_line(const std::string& target, const std::string& replications) {
  return judged(toy::law(), "line", {target}, {"--replications", replications}).status;
}

}  // namespace

TEST_CASE("a target is met when the whole interval is on its good side, and missed when the whole of it is not",
          "[verdict]") {
  CHECK(status_at_ten("value,s,<,10.755,") == 0);
  CHECK(status_at_ten("value,s,<,10.753,") == 4);
  CHECK(status_at_ten("value,s,<,9.247,") == 4);
  CHECK(status_at_ten("value,s,<,9.245,") == 1);
  CHECK(status_at_ten("value,s,>=,9.245,") == 0);
  CHECK(status_at_ten("value,s,>=,9.247,") == 4);
  CHECK(status_at_ten("value,s,>=,10.753,") == 4);
  CHECK(status_at_ten("value,s,>=,10.755,") == 1);
}

TEST_CASE("a target is degraded when the whole interval lies between target and critical bound", "[verdict]") {
  CHECK(status_at_ten("value,s,<,9.245,10.755") == 0);
  CHECK(status_at_ten("value,s,<,9.245,10.755", {"--strict"}) == 1);
  CHECK(status_at_ten("value,s,<,9.247,10.755") == 4);
  CHECK(status_at_ten("value,s,<,9.245,10.753") == 4);
}

TEST_CASE("the confidence decides how wide the interval is that is judged", "[verdict]") {
  // t quantiles for 9 degrees: 0.702722 at 50 %, 3.249836 at 99 %; so the half-widths are 0.234241 and 1.083279.
  CHECK(status_at_ten("value,s,<,10.235,", {"--confidence", "0.5"}) == 0);
  CHECK(status_at_ten("value,s,<,10.233,", {"--confidence", "0.5"}) == 4);
  CHECK(status_at_ten("value,s,<,11.084,", {"--confidence", "0.99"}) == 0);
  CHECK(status_at_ten("value,s,<,11.083,", {"--confidence", "0.99"}) == 4);
}

TEST_CASE("a missed target outweighs an inconclusive one, an inconclusive one outweighs those that are met",
          "[verdict]") {
  const auto status_with = [](const std::vector<std::string>& targets) {
    return judged(alternating(), "only", targets, {"--replications", "10"}).status;
  };
  CHECK(status_with({"value,s,<,10.1,", "value,s,<=,9,"}) == 1);
  CHECK(status_with({"value,s,<,10.1,", "value,s,<=,12,"}) == 4);
  CHECK(status_with({"value,s,<,10.1,", "value,s,<=,9,12"}) == 4);
}

TEST_CASE("an inconclusive verdict says how many more replications would probably tell", "[verdict]") {
  const toy::Call call = judged(alternating(), "only", {"value,s,<,10.5,"}, {"--replications", "10"});
  CHECK(call.status == 4);
  // With the standard deviation 1.05409 of ten, 20 replications have the half-width 2.093024 · 1.05409 / √20 = 0.49333,
  // 19 of them 2.100922 · 1.05409 / √19 = 0.50806.
  CHECK_THAT(call.out, Contains("  value is inconclusive: about 10 more replications would tell"));
  CHECK_THAT(call.out, Contains("1 target: 0 met, 0 degraded, 0 missed, 1 inconclusive · "));
}

TEST_CASE("the flag --precision replicates until the half-width is that share of the mean", "[verdict]") {
  // An even number n of replications has the variance n / (n - 1): the half-width is t / √(n - 1). There may be 8
  // looks, after 10, 20, 40, … and 1,000 replications, so that each has 5 % / 8 of the error: t is 3.546508 at 9
  // degrees, 3.073752 at 19 and 2.890780 at 39.
  const auto with = [](const std::string& precision) {
    return judged(alternating(), "only", {"value,s,<,100,"}, {"--precision", precision});
  };
  const toy::Call call = with("0.05");
  CHECK(call.status == 0);
  CHECK_THAT(call.out, Contains("99.375 %"));
  CHECK_THAT(call.out, Contains("± 0.4629 ") && Contains("  40 replications"));
  CHECK_THAT(with("0.0706").out, Contains("± 0.70517") && Contains("  20 replications"));
  CHECK_THAT(with("0.0705").out, Contains("  40 replications"));
  CHECK_THAT(with("0.1183").out, Contains("± 1.1822") && Contains("  10 replications"));
  CHECK_THAT(with("0.1182").out, Contains("  20 replications"));
  CHECK_THAT(call.out, !Contains("warning"));
}

TEST_CASE("a precision that is not reached is told with what would reach it", "[verdict]") {
  // Two looks: t is 2.685011 at 9 degrees and 97.5 %, and 2.433440 at 19.
  const toy::Call call =
      judged(alternating(), "only", {"value,s,<,100,"}, {"--precision", "0.05", "--replications-max", "20"});
  CHECK(call.status == 0);
  CHECK_THAT(call.out, Contains("± 0.55827") && Contains("  20 replications"));
  // 24 of the standard deviation √(20 / 19) have the half-width 2.397875 · 1.025978 / √24 = 0.50218, 25 have 0.49061.
  CHECK_THAT(call.out, Contains("  warning: value is known to 5.6 % of its mean, not to 5 %: about 5 more replications "
                                "would do (--replications-max)\n"));
}

TEST_CASE("the flag --precision goes on until the verdict is certain, or until there are --replications-max",
          "[verdict]") {
  const std::string target = "value,s,<,10.5,";
  const toy::Call certain = judged(alternating(), "only", {target}, {"--precision", "0.5"});
  CHECK(certain.status == 0);
  CHECK_THAT(certain.out, Contains("  40 replications"));
  const toy::Call most = judged(alternating(), "only", {target}, {"--precision", "0.5", "--replications-max", "16"});
  CHECK(most.status == 4);
  CHECK_THAT(most.out, Contains("16 replications"));
  // Without a precision nobody asked for more.
  CHECK_THAT(judged(alternating(), "only", {target}, {"--replications", "10"}).out, Contains("10 replications"));
}

TEST_CASE("precision is asked of the metrics of --metric, not of others", "[verdict]") {
  const auto line_for = [](const std::string& metric) {
    return judged(toy::law(), "line", {"exact,count,>,0,"}, {"--precision", "0.01", "--metric", metric}).out;
  };
  CHECK_THAT(line_for("exact"), Contains("\n  10 replications"));
  CHECK_THAT(line_for("load"), !Contains("\n  10 replications"));
}

TEST_CASE("a target for an exact value needs it in each replication", "[verdict]") {
  CHECK(status_of_line("exact,count,==,10,", "20") == 0);
  // Replication 3 is the only one with 1 instead of 0.
  CHECK(status_of_line("sometimes,count,==,0,", "3") == 0);
  CHECK(status_of_line("sometimes,count,==,0,", "4") == 1);
  CHECK(status_of_line("sometimes,count,==,0,", "20") == 1);
}

TEST_CASE("a share that every sample has keeps the width of Wilson's interval", "[verdict]") {
  // 250 of 250: from n / (n + z²) = 250 / 253.8415 = 98.4867 % to 100 %, as z = 1.959964.
  const toy::Call call = judged(toy::law(), "line", {"good,percent,>=,99,"}, {"--replications", "5"});
  CHECK(call.status == 4);
  CHECK_THAT(call.out, Contains("  good          100  ± 1.5133   percent  >= 99   inconclusive      250\n"));
  CHECK(status_of_line("good,percent,>=,98.48,", "5") == 0);
  CHECK(status_of_line("good,percent,>=,98.49,", "5") == 4);
  // 400 of 400: 99.0488 %.
  CHECK(status_of_line("good,percent,>=,99,", "8") == 0);
}

TEST_CASE("how many more replications a share needs that was always the same follows Wilson's interval", "[verdict]") {
  // Of n samples that all are good the interval is z² / (n + z²) wide: below 0.5 % from 765 on, which takes 16
  // times 50.
  const toy::Call call = judged(toy::law(), "line", {"good,percent,>=,99.5,"}, {"--replications", "5"});
  CHECK(call.status == 4);
  CHECK_THAT(call.out, Contains("  good is inconclusive: about 11 more replications would tell"));
  CHECK(status_of_line("good,percent,>=,99.5,", "15") == 4);
  CHECK(status_of_line("good,percent,>=,99.5,", "16") == 0);
}

TEST_CASE("an interval that a single replication gives is as wide as --confidence says", "[verdict]") {
  // The standard error is 0.5 / 2.093024, and t at 19 degrees and 99 % is 2.860935.
  const auto status_at = [](const std::string& confidence, const std::string& bound) {
    return judged(toy::law(), "line", {"batches,s,<," + bound + ","}, {"--confidence", confidence}).status;
  };
  CHECK(status_at("0.95", "7.68") == 0);
  CHECK(status_at("0.99", "7.68") == 4);
  CHECK(status_at("0.99", "7.69") == 0);
}

TEST_CASE("an interval that a single replication gives is judged like one over replications", "[verdict]") {
  CHECK(status_of_line("batches,s,<,7.51,", "1") == 0);
  CHECK(status_of_line("batches,s,<,7.49,", "1") == 4);
  CHECK(status_of_line("batches,s,<,6.51,", "1") == 4);
  CHECK(status_of_line("batches,s,<,6.49,", "1") == 1);
  const toy::Call call = judged(toy::law(), "line", {"batches,s,<,7.2,"}, {});
  CHECK_THAT(call.out, Contains("± 0.5"));
  CHECK_THAT(call.out, Contains("  batches is inconclusive: more replications would tell"));
}
