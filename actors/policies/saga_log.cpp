#include "actors/policies/saga_log.hpp"

namespace sim::policies {

std::string_view to_text(SagaState state) {
  switch (state) {
    case SagaState::pending:
      return "pending";
    case SagaState::running:
      return "running";
    case SagaState::compensating:
      return "compensating";
    case SagaState::completed:
      return "completed";
    case SagaState::compensated:
      return "compensated";
    case SagaState::failed:
      return "failed";
  }
  fail_check("the state of a saga is one of the six", SourceLine::current());
}

}  // namespace sim::policies
