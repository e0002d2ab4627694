// The regression test of the checkout, without any test framework: each promise is a function, `main` counts the broken
// ones.
#include <cstdio>
#include <string>

#include "checkout/experiment.hpp"
#include "checkout/payment_desk.hpp"
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

void a_desk_turns_away_who_finds_its_line_full() {
  using namespace std::chrono_literals;
  sim::testing::FakeContext fake;
  checkout::PaymentDesk desk(fake.context<checkout::PaymentDesk>("desk"),
                             {.terminals = 1, .line_max = 1, .payment_time = sim::constant(2s)});
  fake.attach(desk);
  std::string unfinished;
  for (int shopper = 0; shopper < 3; ++shopper) {
    desk.on(checkout::Pay{}, {});
    unfinished += std::to_string(desk.unfinished());
  }
  for (int payment = 0; payment < 2; ++payment) {
    fake.advance(2s);
    unfinished += std::to_string(desk.unfinished());
  }
  // One at the terminal, one in the line, none for the third; then one payment ends every 2 s.
  expect("a desk turns away who finds its line full",
         unfinished == "12210" ? "" : "unfinished payments: " + unfinished);
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

void the_sale_goes_as_it_did() {
  const std::string file = CHECKOUT_SOURCE_DIR "/tests/reference/sale.txt";
  expect("the sale goes as it did", sim::testing::compare_with_reference(file, checkout::experiment(), "sale"));
}

}  // namespace

int main() {
  a_desk_turns_away_who_finds_its_line_full();
  the_shop_keeps_its_promise_on_an_ordinary_day();
  two_terminals_are_too_few();
  more_terminals_never_cost_shoppers();
  the_first_events_are_those_of_the_golden_trace();
  the_sale_goes_as_it_did();
  return broken_promises == 0 ? 0 : 1;
}
