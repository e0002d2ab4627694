#pragma once

#include "libsim/harness.hpp"

namespace toy {

/// A small experiment for the tests of the harness: customers arrive at a shop with one clerk (M/M/1). Its scenarios
/// show what a harness has to cope with: two simulations in one scenario, an ask that nobody answers, a bug, an
/// unmeasured metric.
[[nodiscard]] sim::harness::Experiment shop();

/// A table of targets for its scenario `day`: one met, one degraded, one missed with the defaults.
[[nodiscard]] std::string shop_targets();

/// An experiment that iterates over a container in the order of addresses.
[[nodiscard]] sim::harness::Experiment address_order();

}  // namespace toy
