#include "models/users/actors/pooled_database.hpp"

#include <utility>
#include <vector>

namespace sim::models::users {

PooledDatabase::PooledDatabase(Context& ctx, Config config, Ports ports)
    : ctx_(ctx),
      config_(std::move(config)),
      ports_(ports),
      pool_(config_.pool),
      connect_rng_(ctx.random("connect")),
      wait_(ctx.tally("pool_wait_s")),
      in_use_(ctx.gauge("pool_in_use_connections")),
      waiting_count_(ctx.gauge("pool_waiting_queries")),
      opened_(ctx.counter("pool_opened_count")),
      refused_(ctx.counter("pool_refused_count")),
      timed_out_(ctx.counter("pool_timed_out_count")) {}

void PooledDatabase::on(const Start&) { apply(pool_.advance(ctx_.now())); }

void PooledDatabase::on(const PoolDue&) { apply(pool_.advance(ctx_.now())); }

Process PooledDatabase::on(Query query, ReplyTo<Answer> reply_to) {
  const Pool::RequestId request{++last_request_};
  Loan loan(ctx_);
  waiting_.emplace(request, &loan);
  apply(pool_.acquire(ctx_.now(), request));
  co_await loan.decided;
  if (!loan.connection) {
    ctx_.reply(reply_to, Answer{.succeeded = false, .error = loan.error});
    co_return;
  }
  const Answer answer = co_await run(query);
  const bool broken = !answer.succeeded && answer.error == policies::ErrorClass::connection_failed;
  if (broken && config_.evicts_on_failure) {
    apply(pool_.evict_all(ctx_.now()));
  }
  apply(pool_.release(ctx_.now(), *loan.connection, broken ? Pool::Condition::broken : Pool::Condition::healthy));
  ctx_.reply(reply_to, answer);
}

Task<Answer> PooledDatabase::run(Query query) {
  actors::DatabaseAnswer answered{.succeeded = false, .error = policies::ErrorClass::connection_failed};
  if (query.is_write) {
    const actors::DatabaseWrite write{query.rows};
    answered = (co_await ctx_.ask(ports_.write, write)).value_or(answered);
  } else {
    const actors::DatabaseRead read;
    answered = (co_await ctx_.ask(ports_.read, read)).value_or(answered);
  }
  if (answered.succeeded) {
    const actors::ServiceRequest work;
    const auto served = co_await ctx_.ask(ports_.cpu, work);
    check(served.has_value(), "a processor serves everybody");
  }
  co_return Answer{answered.succeeded, answered.error, answered.version};
}

/// The handshake takes its time; whether it succeeds is seen at its end.
Process PooledDatabase::connect(Pool::ConnectionId connection) {
  co_await ctx_.sleep(config_.connect_time.sample(connect_rng_));
  const actors::DatabaseConnect connect{config_.for_writes};
  const auto answer = co_await ctx_.ask(ports_.connect, connect);
  if (answer && answer->succeeded) {
    opened_.add();
    apply(pool_.created(ctx_.now(), connection));
  } else {
    refused_.add();
    apply(pool_.creation_failed(ctx_.now(), connection));
  }
}

void PooledDatabase::apply(Pool::Actions actions) {
  const std::vector<Pool::Action> todo(actions.begin(),
                                       actions.end());  // to start a connection may call the pool again
  for (const Pool::Action& action : todo) {
    if (action.kind == Pool::Action::Kind::create) {
      ctx_.start(connect(action.connection));
    } else if (action.kind != Pool::Action::Kind::close) {
      decide(action);
    }
  }
  in_use_.set(pool_.in_use());
  waiting_count_.set(pool_.waiting());
  ctx_.cancel(timer_);
  if (const auto next = pool_.next_change_at()) {
    timer_ = ctx_.after(*next - ctx_.now(), PoolDue{});
  }
}

void PooledDatabase::decide(const Pool::Action& action) {
  const auto found = waiting_.find(action.request);
  Loan& loan = *found->second;
  waiting_.erase(found);
  wait_.add(to_seconds(action.waited));
  if (action.kind == Pool::Action::Kind::assign) {
    loan.connection = action.connection;
  } else if (action.kind == Pool::Action::Kind::time_out) {
    loan.error = policies::ErrorClass::timed_out;
    timed_out_.add();
  }
  loan.decided.wake();
}

}  // namespace sim::models::users
