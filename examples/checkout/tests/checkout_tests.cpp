// The regression test of the checkout, without any test framework: each promise is a function, `main` counts the broken
// ones.
#include <cstdio>
#include <string>

#include "checkout/experiment.hpp"
#include "libsim/testing.hpp"

namespace {

using sim::testing::RunOptions;

int broken_promises = 0;

/// `complaint` is empty when the promise holds.
void expect(const char* promise, const std::string& complaint) {
  std::printf("%s: %s\n", complaint.empty() ? "holds" : "BROKEN", promise);
  if (!complaint.empty()) {
    std::printf("%s\n", complaint.c_str());
    ++broken_promises;
  }
}

void the_shop_keeps_its_promise_on_an_ordinary_day() {
  const auto result = sim::testing::run_scenario(checkout::experiment(), "ordinary", RunOptions{.seed = 7});
  expect("the shop keeps its promise on an ordinary day",
         sim::testing::check_targets(result, checkout::targets()).failures());
}

void two_terminals_are_too_few() {
  // 2 shoppers a second, each for 1.8 s on average, need 3.6 terminals.
  const RunOptions two_terminals{.seed = 7, .parameters = {{"desk.terminals", "2"}}};
  const auto result = sim::testing::run_scenario(checkout::experiment(), "ordinary", two_terminals);
  const bool noticed = !sim::testing::check_targets(result, checkout::targets()).all_met();
  expect("two terminals are too few", noticed ? "" : "all targets are met with two terminals");
}

void more_terminals_never_cost_shoppers() {
  // The same seed brings the same shoppers at the same times, so the two results differ by the terminals alone.
  const auto five = sim::testing::run_scenario(checkout::experiment(), "sale", RunOptions{.seed = 7});
  const auto seven = sim::testing::run_scenario(checkout::experiment(), "sale",
                                                RunOptions{.seed = 7, .parameters = {{"desk.terminals", "7"}}});
  expect("more terminals change no arrival",
         five.value("shoppers_arrived") == seven.value("shoppers_arrived") ? "" : "the number of shoppers changed");
  expect("more terminals never cost shoppers",
         five.value("paid_ratio") <= seven.value("paid_ratio") ? "" : "fewer shoppers paid with seven terminals");
}

void the_first_events_are_those_of_the_golden_trace() {
  const auto trace = sim::testing::trace_scenario(checkout::experiment(), "ordinary", 30, RunOptions{.seed = 7});
  expect("the first events are those of the golden trace",
         sim::testing::compare_with_golden(CHECKOUT_SOURCE_DIR "/tests/golden/ordinary.txt", trace));
}

}  // namespace

int main() {
  the_shop_keeps_its_promise_on_an_ordinary_day();
  two_terminals_are_too_few();
  more_terminals_never_cost_shoppers();
  the_first_events_are_those_of_the_golden_trace();
  return broken_promises == 0 ? 0 : 1;
}
