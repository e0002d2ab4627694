#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "libsim/sim.hpp"
#include "models/value_tree/actors/value_tree_messages.hpp"

namespace sim::models::value_tree {

/// Which of the questions to the service a calculation is.
enum class Round : std::uint8_t {
  branch,    ///< the total of the first branch, as soon as the tree is opened
  first,     ///< the five operations on the whole tree
  repeated,  ///< the same again
  changed,   ///< the same again after one node got another value
};

/// A script: opens a tree, looks at one branch, lets the five operations be calculated, once more, and once more after
/// a change. One question after the other.
class Analyst {
 public:
  struct Config {
    Duration timeout = 30s;  ///< a question without answer for this long has failed
  };
  struct Ports {
    Port<actors::OpenTree> open;
    Port<actors::CalculateTree> calculate;
    Port<actors::ChangeNodeValue> change;
  };
  struct Record {
    Round round{};
    policies::TreeOperation operation{};
    Duration time{};  ///< from the question to the answer, or to the end of patience
    std::optional<actors::TreeCalculated> answer;
  };
  using Inbox = sim::Inbox<>;

  Analyst(Context& ctx, Config config, Ports ports);
  Process run();

  [[nodiscard]] const std::vector<Record>& records() const { return records_; }
  /// Questions asked so far, answered or not.
  [[nodiscard]] std::uint64_t questions_count() const { return questions_count_; }
  [[nodiscard]] Duration opening_time() const { return opening_time_; }
  [[nodiscard]] bool is_done() const { return is_done_; }

 private:
  [[nodiscard]] Task<> ask(Round round, policies::TreeOperation operation, std::optional<std::uint32_t> branch);
  [[nodiscard]] Task<> ask_all(Round round);

  Context& ctx_;
  Config config_;
  Ports ports_;
  RandomStream& change_rng_;
  Tally& answer_time_;
  std::vector<Record> records_;
  std::uint64_t questions_count_ = 0;
  Duration opening_time_{};
  bool is_done_ = false;
};

}  // namespace sim::models::value_tree
