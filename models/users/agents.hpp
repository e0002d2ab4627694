#pragma once

#include "actors/faults/failing_service.hpp"
#include "models/users/messages.hpp"

namespace sim::models::users {

struct AnswerOfAgent {
  Answer operator()(const RunAgent& /*run*/, const actors::RequestOutcome& outcome) const {
    return {!outcome.error, outcome.error.value_or(policies::ErrorClass::server_error)};
  }
};

/// The agents that work on the stages: a service outside of the application.
using Agents = actors::FailingService<RunAgent, AnswerOfAgent>;

}  // namespace sim::models::users
