#pragma once

#include <optional>
#include <utility>

#include "libsim/sim.hpp"

namespace sim::testing {

/// Asks one question as soon as it lives and remembers what came back, and when.
template <class Question>
class AskOnce {
 public:
  using Inbox = sim::Inbox<>;

  AskOnce(Context& ctx, Port<Question> port, Question question)
      : ctx_(ctx), port_(port), question_(std::move(question)) {}

  Process run() {
    auto answer = co_await ctx_.ask(port_, question_);
    if (answer) {
      answer_ = std::move(*answer);
      answered_at_ = ctx_.now();
    }
  }

  [[nodiscard]] const std::optional<typename Question::Reply>& answer() const { return answer_; }
  [[nodiscard]] Time answered_at() const { return answered_at_; }

 private:
  Context& ctx_;
  Port<Question> port_;
  Question question_;
  std::optional<typename Question::Reply> answer_;
  Time answered_at_{};
};

}  // namespace sim::testing
