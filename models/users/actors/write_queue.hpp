#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string_view>
#include <vector>

#include "actors/calls/guarded_port.hpp"
#include "actors/calls/retry.hpp"
#include "actors/queues/write_batcher.hpp"
#include "libsim/sim.hpp"
#include "models/users/messages.hpp"

namespace sim::models::users {

/// How writes reach the database.
enum class WriteMode {
  direct,   ///< each by itself, answered when it is committed
  batched,  ///< several in one statement, answered when it is committed
  queued,   ///< as batched, but answered as soon as they are in the queue
};

/// Stands before the database and takes all writes. Keeps the account of them: accepted ones are committed, lost, or
/// still open.
class WriteQueue {
 public:
  struct Config {
    WriteMode mode = WriteMode::batched;
    policies::WriteBatcher::Config batches = {
        .batch_size_max = 50, .flush_interval = 5ms, .concurrent_batches_max = 4, .waiting_max = 1'000};
    calls::Retry::Config retry;
  };

  struct BatchDue {
    static constexpr std::string_view message_name = "WriteQueue::BatchDue";
    friend bool operator==(const BatchDue&, const BatchDue&) = default;
  };
  using Inbox = sim::Inbox<StoreRecord, BatchDue>;

  WriteQueue(Context& ctx, const Config& config, Port<Query> database);
  void on(const StoreRecord& store, ReplyTo<Answer> reply_to);
  void on(const BatchDue& due);

  [[nodiscard]] std::uint64_t accepted_count() const { return accepted_; }
  [[nodiscard]] std::uint64_t committed_count() const { return committed_; }
  /// Accepted and not written in the end. In the mode `queued` nobody was told.
  [[nodiscard]] std::uint64_t lost_count() const { return lost_; }
  /// In the queue, or in a statement in progress.
  [[nodiscard]] std::uint64_t open_count() const { return queued_.size() + in_progress_; }
  /// How many writes were committed up to a time.
  [[nodiscard]] std::uint64_t committed_by(Time time) const;
  [[nodiscard]] std::uint64_t statements_count() const { return statements_; }

 private:
  using WriteId = policies::WriteBatcher::WriteId;

  struct Write {
    StoreRecord store;
    ReplyTo<Answer> reply_to;
  };

  struct Commit {
    Time at{};
    std::uint64_t rows = 0;
  };

  void take_batches();
  Process write(std::vector<Write> writes, bool is_batch);
  void tell(const std::vector<Write>& writes, const Answer& answer);

  Context& ctx_;
  Config config_;
  policies::WriteBatcher batcher_;
  calls::GuardedPort<Query, calls::Retry> database_;
  std::map<WriteId, Write> queued_;
  std::uint64_t last_write_ = 0;
  std::uint64_t accepted_ = 0;
  std::uint64_t committed_ = 0;
  std::uint64_t lost_ = 0;
  std::uint64_t in_progress_ = 0;
  std::uint64_t statements_ = 0;
  std::vector<Commit> commits_;
  TimerId timer_{};
  Tally& rows_;
};

}  // namespace sim::models::users
