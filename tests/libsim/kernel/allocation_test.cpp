#include <catch2/catch.hpp>

#include "libsim/sim.hpp"

// The address and thread sanitizers bring an allocator of their own, which checks that new and delete match. Replacing
// it would switch that off, so the counts are taken in the other builds.
#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define LIBSIM_COUNTS_ALLOCATIONS 0
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define LIBSIM_COUNTS_ALLOCATIONS 0
#endif
#ifndef LIBSIM_COUNTS_ALLOCATIONS
#define LIBSIM_COUNTS_ALLOCATIONS 1
#endif

#if LIBSIM_COUNTS_ALLOCATIONS

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <new>

namespace {

using namespace std::chrono_literals;

std::atomic<bool> counting{false};
std::atomic<std::uint64_t> allocations{0};

void* allocate(std::size_t size, std::size_t alignment) {
  if (counting.load(std::memory_order_relaxed)) {
    allocations.fetch_add(1, std::memory_order_relaxed);
  }
  const std::size_t wanted = size == 0 ? 1 : size;
  // aligned_alloc wants a multiple of the alignment.
  void* const memory = alignment <= __STDCPP_DEFAULT_NEW_ALIGNMENT__
                           ? std::malloc(wanted)
                           : std::aligned_alloc(alignment, (wanted + alignment - 1) / alignment * alignment);
  if (memory == nullptr) {
    throw std::bad_alloc();
  }
  return memory;
}

}  // namespace

// These serve the whole test binary. The forms for arrays and those that do not throw call these ones.
void* operator new(std::size_t size) { return allocate(size, 1); }
void* operator new(std::size_t size, std::align_val_t alignment) {
  return allocate(size, static_cast<std::size_t>(alignment));
}
[[gnu::noinline]] void operator delete(void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }

namespace {

/// How often `work()` allocates.
template <class Work>
std::uint64_t allocations_of(Work work) {
  allocations = 0;
  counting = true;
  work();
  counting = false;
  return allocations;
}

/// A queue of fixed size, so that every allocation is the kernel's.
template <class T>
class FixedQueue {
 public:
  [[nodiscard]] bool empty() const { return head_ == tail_; }
  void push(const T& value) {
    sim::check(tail_ - head_ < places_.size(), "the queue of this test is never full");
    places_[tail_++ % places_.size()] = value;
  }
  T pop() { return places_[head_++ % places_.size()]; }

 private:
  std::array<T, 1'024> places_{};
  std::size_t head_ = 0;
  std::size_t tail_ = 0;
};

struct Job {
  sim::Time arrived{};
  friend bool operator==(const Job&, const Job&) = default;
};

class Worker {
 public:
  struct Done {
    friend bool operator==(const Done&, const Done&) = default;
  };
  using Inbox = sim::Inbox<Job, Done>;
  explicit Worker(sim::Context& ctx)
      : ctx_(ctx),
        random_(ctx.random("service")),
        time_in_system_s_(ctx.tally("time_in_system_s")),
        served_(ctx.counter("served_count")),
        present_(ctx.gauge("present_jobs")) {}

  void on(const Job& job) {
    const bool idle = queue_.empty();
    queue_.push(job);
    present_.add(1);
    if (idle) {
      ctx_.after(service_.sample(random_), Done{});
    }
  }
  void on(const Done&) {
    time_in_system_s_.add(sim::to_seconds(ctx_.now() - queue_.pop().arrived));
    served_.add();
    present_.add(-1);
    if (!queue_.empty()) {
      ctx_.after(service_.sample(random_), Done{});
    }
  }

 private:
  sim::Context& ctx_;
  sim::Distribution service_ = sim::exponential(1s);
  sim::RandomStream& random_;
  sim::Tally& time_in_system_s_;
  sim::Counter& served_;
  sim::Gauge& present_;
  FixedQueue<Job> queue_;
};

class Arrivals {
 public:
  struct Tick {
    friend bool operator==(const Tick&, const Tick&) = default;
  };
  using Inbox = sim::Inbox<sim::Start, Tick>;
  Arrivals(sim::Context& ctx, sim::Port<Job> worker) : ctx_(ctx), random_(ctx.random("interval")), worker_(worker) {}
  void on(const sim::Start&) { wait(); }
  void on(const Tick&) {
    ctx_.send(worker_, Job{ctx_.now()});
    wait();
  }

 private:
  void wait() { ctx_.after(interval_.sample(random_), Tick{}); }

  sim::Context& ctx_;
  sim::Distribution interval_ = sim::exponential(2s);
  sim::RandomStream& random_;
  sim::Port<Job> worker_;
};

/// 64 bytes with the answer's number: too large for an event and for its reply.
struct Answer {
  std::array<std::uint64_t, 8> words{};
  friend bool operator==(const Answer&, const Answer&) = default;
};

struct Question {
  using Reply = Answer;
  std::array<std::uint64_t, 16> words{};
  friend bool operator==(const Question&, const Question&) = default;
};

/// Answers by a coroutine, one millisecond later; every fourth question never.
class Oracle {
 public:
  using Inbox = sim::Inbox<Question>;
  explicit Oracle(sim::Context& ctx) : ctx_(ctx) {}
  void on(const Question&, sim::ReplyTo<Answer> reply_to) {
    if (++asked_ % 4 != 0) {
      waiting_.push(reply_to);
    }
  }
  sim::Process run() {
    for (;;) {
      co_await ctx_.sleep(1ms);
      while (!waiting_.empty()) {
        ctx_.reply(waiting_.pop(), Answer{{asked_}});
      }
    }
  }

 private:
  sim::Context& ctx_;
  std::uint64_t asked_ = 0;
  FixedQueue<sim::ReplyTo<Answer>> waiting_;
};

class Seeker {
 public:
  using Inbox = sim::Inbox<>;
  Seeker(sim::Context& ctx, sim::Port<Question> oracle) : ctx_(ctx), oracle_(oracle) {}
  sim::Process run() {
    for (;;) {
      const Question question{{answered}};
      const auto answer = co_await ctx_.ask(oracle_, question, 10ms);
      ++(answer ? answered : timed_out);
      co_await ctx_.sleep(1ms);
    }
  }
  std::uint64_t answered = 0;
  std::uint64_t timed_out = 0;

 private:
  sim::Context& ctx_;
  sim::Port<Question> oracle_;
};

/// Sets an alarm at every tick and cancels the one before, which it therefore never hears.
class Snoozer {
 public:
  struct Tick {
    friend bool operator==(const Tick&, const Tick&) = default;
  };
  struct Alarm {
    friend bool operator==(const Alarm&, const Alarm&) = default;
  };
  using Inbox = sim::Inbox<sim::Start, Tick, Alarm>;
  explicit Snoozer(sim::Context& ctx) : ctx_(ctx) {}
  void on(const sim::Start&) { ctx_.after(1ms, Tick{}); }
  void on(const Tick&) {
    cancelled += ctx_.cancel(alarm_) ? 1u : 0u;
    alarm_ = ctx_.after(10s, Alarm{});
    ctx_.after(1ms, Tick{});
  }
  void on(const Alarm&) { ++heard; }
  std::uint64_t cancelled = 0;
  std::uint64_t heard = 0;

 private:
  sim::Context& ctx_;
  sim::TimerId alarm_{};
};

/// Passes a letter of 200 bytes on, with delay and without in turn.
struct Letter {
  std::array<std::uint64_t, 25> words{};
  friend bool operator==(const Letter&, const Letter&) = default;
};

class Forwarder {
 public:
  using Inbox = sim::Inbox<Letter>;
  Forwarder(sim::Context& ctx, const sim::Port<Letter>& other) : ctx_(ctx), other_(other) {}
  void on(const Letter& letter) {
    ++received;
    Letter copy = letter;
    ++copy.words[24];
    if (received % 2 == 0) {
      ctx_.send(other_, copy);
    } else {
      ctx_.send_after(1ms, other_, copy);
    }
  }
  std::uint64_t received = 0;

 private:
  sim::Context& ctx_;
  const sim::Port<Letter>& other_;
};

}  // namespace

TEST_CASE("allocations are counted while they are asked for, and only then", "[kernel]") {
  ::operator delete(::operator new(8));
  REQUIRE(allocations_of([] {
            ::operator delete(::operator new(8));
            ::operator delete (::operator new (64, std::align_val_t{64}), std::align_val_t{64});
          }) == 2);
}

TEST_CASE("a queue with metrics allocates nothing per event in the steady state", "[kernel]") {
  sim::Simulation simulation;
  const auto worker = simulation.spawn<Worker>("worker");
  simulation.spawn<Arrivals>("arrivals", worker);
  // 0.5 jobs a second: after 300,000 s the tally has left its 65,536 exact samples behind.
  simulation.run_until(sim::Time{300'000s});
  REQUIRE_FALSE(simulation.metrics().tally("time_in_system_s", "worker").exact());
  const std::uint64_t events_before = simulation.events();
  REQUIRE(allocations_of([&] { simulation.run_for(40'000s); }) == 0);
  REQUIRE(simulation.events() - events_before > 50'000);  // 20,000 jobs of three events each
}

TEST_CASE("ask, reply and timeout between coroutines allocate nothing in the steady state", "[kernel]") {
  sim::Simulation simulation;
  const auto oracle = simulation.spawn<Oracle>("oracle");
  const auto seeker = simulation.spawn<Seeker>("seeker", oracle);
  simulation.run_until(sim::Time{10s});
  const std::uint64_t answered_before = simulation.get(seeker).answered;
  const std::uint64_t timed_out_before = simulation.get(seeker).timed_out;
  REQUIRE(allocations_of([&] { simulation.run_for(34s); }) == 0);
  // Three rounds of 2 ms (asked at a tick of the oracle, answered at the next, one more to rest) and one of 11 ms.
  REQUIRE(simulation.get(seeker).answered - answered_before == 6'000);
  REQUIRE(simulation.get(seeker).timed_out - timed_out_before == 2'000);
}

TEST_CASE("timers that are set and cancelled allocate nothing in the steady state", "[kernel]") {
  sim::Simulation simulation;
  const auto snoozer = simulation.spawn<Snoozer>("snoozer");
  simulation.run_until(sim::Time{10s});
  REQUIRE(simulation.get(snoozer).cancelled == 9'999);  // at 2 ms, 3 ms, … 10,000 ms
  REQUIRE(allocations_of([&] { simulation.run_for(10s); }) == 0);
  REQUIRE(simulation.get(snoozer).cancelled == 19'999);
  REQUIRE(simulation.get(snoozer).heard == 0);
}

TEST_CASE("messages too large for an event allocate nothing in the steady state", "[kernel]") {
  sim::Simulation simulation;
  sim::Port<Letter> second;
  const auto first = simulation.spawn<Forwarder>("first", second);
  const sim::Port<Letter> back = first;
  second = simulation.spawn<Forwarder>("second", back);
  for (int i = 0; i < 100; ++i) {
    simulation.send(first, Letter{});
  }
  simulation.run_until(sim::Time{1s});
  const std::uint64_t received_before = simulation.get(first).received;
  REQUIRE(allocations_of([&] { simulation.run_for(1s); }) == 0);
  REQUIRE(simulation.get(first).received - received_before > 10'000);
}

#endif
