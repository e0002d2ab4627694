#pragma once

#include <optional>
#include <type_traits>

#include "libsim/sim.hpp"

namespace sim::models::stress {

/// An actor that asks one question and keeps the answer: how a scenario looks at a mechanism when all is over.
template <class M>
class Inquiry {
 public:
  using Inbox = sim::Inbox<>;

  Inquiry(Context& ctx, Port<M> port, M question) : ctx_(ctx), port_(port), question_(question) {}

  Process run() {
    const auto answer = co_await ctx_.ask(port_, question_);
    check(answer.has_value(), "whoever is asked when all is over answers");
    answer_ = *answer;
  }

  [[nodiscard]] const typename M::Reply& answer() const { return *answer_; }

 private:
  Context& ctx_;
  Port<M> port_;
  M question_;
  std::optional<typename M::Reply> answer_;
};

/// Asks `port` in a simulation that has come to rest.
template <class M>
[[nodiscard]] typename M::Reply inquire(Simulation& simulation, Port<M> port, std::type_identity_t<M> question = {}) {
  const auto inquiry = simulation.spawn<Inquiry<M>>("inquiry", port, question);
  simulation.run();
  const typename M::Reply answer = simulation.get(inquiry).answer();
  simulation.kill(inquiry);
  simulation.run();
  return answer;
}

}  // namespace sim::models::stress
