#pragma once

#include "actors/circuit_breaker/call_messages.hpp"
#include "actors/faults/failing_service.hpp"

namespace sim::models::resilience {

struct AnswerCall {
  actors::ServiceAnswer operator()(const actors::ServiceCall&, const actors::RequestOutcome& outcome) const {
    actors::ServiceAnswer answer;
    if (outcome.error) {
      answer.error = *outcome.error;
    }
    return answer;
  }
};

/// A service that is called, and fails when faults tell it to.
using CallService = actors::FailingService<actors::ServiceCall, AnswerCall>;

}  // namespace sim::models::resilience
