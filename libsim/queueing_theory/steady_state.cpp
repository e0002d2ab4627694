#include "libsim/queueing_theory/steady_state.hpp"

namespace sim::queueing_theory {

SteadyState in_any_order(SteadyState first_come_first_served) {
  first_come_first_served.wait_quantile_s = {};
  first_come_first_served.sojourn_quantile_s = {};
  return first_come_first_served;
}

}  // namespace sim::queueing_theory
