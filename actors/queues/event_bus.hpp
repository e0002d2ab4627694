#pragma once

#include <algorithm>
#include <boost/container/small_vector.hpp>
#include <cstddef>
#include <cstdint>
#include <map>
#include <utility>
#include <vector>

namespace sim::policies {

/// Names a listener; chosen by the caller. The same listener may be added several times.
enum class Listener : std::uint64_t {};

/// Names whom a listener belongs to, so that all that one owner added can be removed at once.
enum class ListenerOwner : std::uint64_t {};

/// Who wants to hear of which event, with a limit that finds listeners that nobody removes.
///
/// Listeners are called in the order in which they were added. An emit goes to those who listened when it began: whom a
/// called listener adds is not called by it any more, whom one removes still is. A once-listener is removed just before
/// it is called, and is never called twice, not even by an emit within an emit. The bus holds no functions: `emit`
/// hands each listener to a function of its caller.
///
/// More than `listeners_max` listeners of one event are a sign of a leak: that is counted, once for each event until it
/// has one listener or none again. Source: Node.js 20, events.EventEmitter; its recorded steps are among the tests.
template <class Event>
class EventBus {
 public:
  enum class OnLimit {
    warn,    ///< add it all the same, and count a warning
    refuse,  ///< do not add it
  };

  struct Config {
    std::uint32_t listeners_max = 10;  ///< for each event; 0: no limit
    OnLimit on_limit = OnLimit::warn;

    friend bool operator==(const Config&, const Config&) = default;
  };

  enum class Added {
    added,
    added_with_warning,  ///< and this is the first time that the event has too many
    refused,
  };

  struct Statistics {
    std::uint64_t added_count = 0;
    std::uint64_t removed_count = 0;  ///< once-listeners that were called included
    std::uint64_t refused_count = 0;
    std::uint64_t warnings_count = 0;
    std::uint64_t emits_count = 0;
    std::uint64_t calls_count = 0;
    std::uint64_t unheard_count = 0;  ///< emits without any listener
    std::size_t listeners_max = 0;    ///< the most listeners of one event at once

    friend bool operator==(const Statistics&, const Statistics&) = default;
  };

  explicit EventBus(Config config) : config_(config) {}

  /// Adds a listener at the end of the line.
  Added add(const Event& event, Listener listener, ListenerOwner owner = {}) {
    return subscribe(event, Subscription{++subscriptions_, listener, owner, false});
  }

  /// As `add`, for one call only.
  Added add_once(const Event& event, Listener listener, ListenerOwner owner = {}) {
    return subscribe(event, Subscription{++subscriptions_, listener, owner, true});
  }

  /// Removes the subscription of `listener` that was added last; whether there was one.
  bool remove(const Event& event, Listener listener) {
    const auto topic = topics_.find(event);
    if (topic == topics_.end()) {
      return false;
    }
    auto& line = topic->second.line;
    const auto last = std::find_if(line.rbegin(), line.rend(),
                                   [&](const Subscription& subscription) { return subscription.listener == listener; });
    if (last == line.rend()) {
      return false;
    }
    line.erase(std::next(last).base());
    shrunk(topic, 1);
    return true;
  }

  /// Removes all listeners of an event; how many there were.
  std::size_t remove_all(const Event& event) {
    return remove_if(event, [](const Subscription&) { return true; });
  }

  /// Removes whatever an owner added, as when the owner goes away; how many there were.
  std::size_t remove_owner(ListenerOwner owner) {
    std::size_t count = 0;
    for (auto topic = topics_.begin(); topic != topics_.end();) {
      const auto next = std::next(topic);
      count += remove_from(topic, [&](const Subscription& subscription) { return subscription.owner == owner; });
      topic = next;
    }
    return count;
  }

  /// Calls `call(Listener)` for every listener of `event`; how many that were.
  template <class Call>
  std::size_t emit(const Event& event, Call&& call) {
    ++statistics_.emits_count;
    const auto topic = topics_.find(event);
    if (topic == topics_.end()) {
      ++statistics_.unheard_count;
      return 0;
    }
    const boost::container::small_vector<Subscription, 16> line(topic->second.line.begin(), topic->second.line.end());
    const Emitting emitting(*this);
    std::size_t calls = 0;
    for (const Subscription& subscription : line) {
      if (subscription.is_once && !use_up(event, subscription)) {
        continue;
      }
      ++statistics_.calls_count;
      ++calls;
      call(subscription.listener);
    }
    return calls;
  }

  [[nodiscard]] std::size_t listeners_count(const Event& event) const {
    const auto topic = topics_.find(event);
    return topic == topics_.end() ? 0 : topic->second.line.size();
  }

  /// All listeners of all events: what is still here when everybody should have gone is a leak.
  [[nodiscard]] std::size_t listeners_count() const {
    return static_cast<std::size_t>(statistics_.added_count - statistics_.removed_count);
  }

  /// How many listeners an owner has.
  [[nodiscard]] std::size_t listeners_of(ListenerOwner owner) const {
    std::size_t count = 0;
    for (const auto& [event, topic] : topics_) {
      count += static_cast<std::size_t>(
          std::count_if(topic.line.begin(), topic.line.end(),
                        [&](const Subscription& subscription) { return subscription.owner == owner; }));
    }
    return count;
  }

  /// The listeners of an event, in the order of their calls.
  [[nodiscard]] std::vector<Listener> listeners(const Event& event) const {
    std::vector<Listener> listeners;
    if (const auto topic = topics_.find(event); topic != topics_.end()) {
      for (const Subscription& subscription : topic->second.line) {
        listeners.push_back(subscription.listener);
      }
    }
    return listeners;
  }

  /// Events that have listeners, in the order of `Event`.
  [[nodiscard]] std::vector<Event> events() const {
    std::vector<Event> events;
    for (const auto& [event, topic] : topics_) {
      events.push_back(event);
    }
    return events;
  }

  [[nodiscard]] const Statistics& statistics() const { return statistics_; }
  [[nodiscard]] const Config& config() const { return config_; }

 private:
  struct Subscription {
    std::uint64_t number = 0;
    Listener listener{};
    ListenerOwner owner{};
    bool is_once = false;
  };

  struct Topic {
    std::vector<Subscription> line;
    bool has_warned = false;
  };
  using Topics = std::map<Event, Topic>;

  /// Counts how deep emits are nested; after the outermost one nobody remembers who was used up.
  class Emitting {
   public:
    explicit Emitting(EventBus& bus) : bus_(bus) { ++bus_.depth_; }
    Emitting(const Emitting&) = delete;
    Emitting& operator=(const Emitting&) = delete;
    ~Emitting() {
      if (--bus_.depth_ == 0) {
        bus_.used_up_.clear();
      }
    }

   private:
    EventBus& bus_;
  };

  Added subscribe(const Event& event, const Subscription& subscription) {
    const std::size_t count = listeners_count(event);
    const bool is_over = config_.listeners_max > 0 && count >= config_.listeners_max;
    if (is_over && config_.on_limit == OnLimit::refuse) {
      ++statistics_.refused_count;
      return Added::refused;
    }
    Topic& topic = topics_[event];
    topic.line.push_back(subscription);
    ++statistics_.added_count;
    statistics_.listeners_max = std::max(statistics_.listeners_max, topic.line.size());
    if (!is_over || topic.has_warned) {
      return Added::added;
    }
    topic.has_warned = true;
    ++statistics_.warnings_count;
    return Added::added_with_warning;
  }

  /// Takes a once-listener out of the line. False when it was called before; true even when it was removed meanwhile.
  bool use_up(const Event& event, const Subscription& subscription) {
    if (std::find(used_up_.begin(), used_up_.end(), subscription.number) != used_up_.end()) {
      return false;
    }
    used_up_.push_back(subscription.number);
    remove_if(event, [&](const Subscription& other) { return other.number == subscription.number; });
    return true;
  }

  template <class Predicate>
  std::size_t remove_if(const Event& event, const Predicate& predicate) {
    const auto topic = topics_.find(event);
    return topic == topics_.end() ? 0 : remove_from(topic, predicate);
  }

  template <class Predicate>
  std::size_t remove_from(typename Topics::iterator topic, const Predicate& predicate) {
    const auto count = static_cast<std::size_t>(std::erase_if(topic->second.line, predicate));
    shrunk(topic, count);
    return count;
  }

  void shrunk(typename Topics::iterator topic, std::size_t count) {
    statistics_.removed_count += count;
    topic->second.has_warned = topic->second.has_warned && topic->second.line.size() > 1;
    if (topic->second.line.empty()) {
      topics_.erase(topic);
    }
  }

  Config config_;
  Topics topics_;
  std::uint64_t subscriptions_ = 0;
  std::uint32_t depth_ = 0;
  std::vector<std::uint64_t> used_up_;  ///< once-listeners called by the emits that go on
  Statistics statistics_;
};

}  // namespace sim::policies
