#include "actors/saga/saga_log.hpp"

#include "libsim/failure.hpp"

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

void SagaLog::append(const SagaRecord& record) {
  check(records_.empty() || record.at >= records_.back().at, "the time of a saga log never goes back");
  const SagaId saga = record.key.saga;
  places_[saga].push_back(records_.size());
  records_.push_back(record);
  if (record.kind != SagaRecord::Kind::saga_ended) {
    open_.insert(saga);
    return;
  }
  open_.erase(saga);
  if (record.state == SagaState::failed) {
    failed_.insert(saga);
  }
}

std::vector<SagaRecord> SagaLog::records_of(SagaId saga) const {
  std::vector<SagaRecord> records;
  if (const auto places = places_.find(saga); places != places_.end()) {
    for (const std::size_t place : places->second) {
      records.push_back(records_[place]);
    }
  }
  return records;
}

std::size_t SagaLog::records_count(SagaId saga) const {
  const auto places = places_.find(saga);
  return places == places_.end() ? 0 : places->second.size();
}

}  // namespace sim::policies
