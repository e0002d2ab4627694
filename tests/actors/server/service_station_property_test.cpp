#include <rapidcheck.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <optional>
#include <vector>

#include "actors/server/service_station.hpp"

using namespace sim;
using Station = sim::policies::ServiceStation;
using Discipline = Station::Discipline;

namespace {

struct Arriving {
  std::int64_t at = 0;
  Station::Job job;
};

/// How a job ended: when, or never; and whether it gave up.
struct End {
  std::int64_t at = -1;
  bool reneged = false;
  bool lost = false;

  friend bool operator==(const End&, const End&) = default;
  friend std::ostream& operator<<(std::ostream& out, const End& end) {
    return out << end.at << (end.reneged ? " reneged" : "") << (end.lost ? " lost" : "");
  }
};

std::vector<Arriving> any_arrivals(std::size_t count, std::int64_t work_max) {
  std::vector<Arriving> arrivals(count);
  std::int64_t at = 0;
  for (Arriving& arriving : arrivals) {
    at += *rc::gen::inRange<std::int64_t>(0, work_max / 2);
    arriving.at = at;
    arriving.job.work = Duration{*rc::gen::inRange<std::int64_t>(0, work_max)};
    arriving.job.priority = *rc::gen::inRange<std::uint32_t>(0, 3);
    arriving.job.patience = *rc::gen::element(forever, Duration{work_max / 4}, Duration{work_max});
  }
  return arrivals;
}

/// What the station makes of the arrivals.
std::vector<End> ends_of(const Station::Config& config, const std::vector<Arriving>& arrivals) {
  Station station(config);
  std::vector<End> ends(arrivals.size());
  std::map<Station::Place, std::size_t> jobs;
  const auto run_to = [&](Time until) {
    while (const auto change = station.next_change(until)) {
      End& end = ends[jobs.at(change->place)];
      RC_ASSERT(end.at == -1);
      end = {change->at.time_since_epoch().count(), change->kind == Station::ChangeKind::reneged, false};
      const Arriving& arriving = arrivals[jobs.at(change->place)];
      RC_ASSERT(change->waited + change->served == Duration{end.at - arriving.at});
      if (!end.reneged && config.discipline != Discipline::processor_sharing) {
        RC_ASSERT(change->served == arriving.job.work);
      }
      jobs.erase(change->place);
    }
  };
  for (std::size_t i = 0; i < arrivals.size(); ++i) {
    const Time at{Duration{arrivals[i].at}};
    run_to(at);
    const Station::Arrival arrival = station.arrive(at, arrivals[i].job);
    if (arrival.admission == Station::Admission::lost) {
      ends[i] = {arrivals[i].at, false, true};
    } else {
      RC_ASSERT(jobs.emplace(arrival.place, i).second);
    }
    run_to(at);
  }
  run_to(Time{1h});
  RC_ASSERT(station.in_system() == 0U);
  return ends;
}

/// The same, nanosecond by nanosecond, by the definition of each discipline: who is served during the next nanosecond.
class SlowStation {
 public:
  SlowStation(const Station::Config& config, const std::vector<Arriving>& arrivals)
      : config_(config), arrivals_(arrivals), ends_(arrivals.size()) {}

  std::vector<End> run() {
    for (std::int64_t now = 0; next_ < arrivals_.size() || !present_.empty(); ++now) {
      settle(now);
      while (next_ < arrivals_.size() && arrivals_[next_].at == now) {
        arrive(now);
      }
      for (Present& job : present_) {
        job.left -= job.serving ? 1 : 0;
      }
    }
    return ends_;
  }

 private:
  struct Present {
    std::size_t number;
    std::uint32_t priority;
    std::int64_t left;
    bool serving = false;
    bool began = false;
  };

  void settle(std::int64_t now) {
    do {
      choose();
    } while (finish(now) > 0);  // a job may have no work at all
    give_up(now);
  }

  std::size_t finish(std::int64_t now) {
    return std::erase_if(present_, [&](const Present& job) {
      const bool done = job.serving && job.left <= 0;
      if (done) {
        ends_[job.number] = {now, false, false};
      }
      return done;
    });
  }

  // `present_` is in the order of arrival.
  void choose() {
    std::vector<Present*> order;
    for (Present& job : present_) {
      order.push_back(&job);
    }
    std::stable_sort(order.begin(), order.end(), [&](const Present* one, const Present* other) {
      if (!preempts() && one->serving != other->serving) {
        return one->serving;
      }
      return comes_before(*one, *other);
    });
    for (std::size_t i = 0; i < order.size(); ++i) {
      order[i]->serving = i < config_.servers;
      order[i]->began |= order[i]->serving;
    }
  }

  bool preempts() const {
    return config_.discipline == Discipline::preemptive_priority ||
           config_.discipline == Discipline::shortest_remaining_time;
  }

  bool comes_before(const Present& one, const Present& other) const {
    switch (config_.discipline) {
      case Discipline::last_in_first_out:
        return one.number > other.number;
      case Discipline::shortest_job_first:
        return one.left < other.left;
      case Discipline::shortest_remaining_time:
        return one.left < other.left || (one.left == other.left && one.serving && !other.serving);
      case Discipline::priority:
      case Discipline::preemptive_priority:
        return one.priority < other.priority;
      default:
        return false;
    }
  }

  void give_up(std::int64_t now) {
    std::erase_if(present_, [&](const Present& job) {
      const Arriving& arriving = arrivals_[job.number];
      const bool out =
          !job.began && arriving.job.patience < forever && now >= arriving.at + arriving.job.patience.count();
      if (out) {
        ends_[job.number] = {now, true, false};
      }
      return out;
    });
  }

  void arrive(std::int64_t now) {
    const Arriving& arriving = arrivals_[next_];
    if (config_.capacity > 0 && present_.size() >= config_.capacity) {
      ends_[next_] = {now, false, true};
    } else {
      present_.push_back({next_, arriving.job.priority, arriving.job.work.count()});
    }
    ++next_;
    settle(now);
  }

  Station::Config config_;
  const std::vector<Arriving>& arrivals_;
  std::vector<End> ends_;
  std::vector<Present> present_;
  std::size_t next_ = 0;
};

Station::Config any_config(Discipline discipline) {
  Station::Config config{.servers = *rc::gen::inRange<std::uint32_t>(1, 4), .discipline = discipline, .priorities = 3};
  config.capacity = *rc::gen::element<std::uint64_t>(Station::unlimited, config.servers, config.servers + 2);
  return config;
}

}  // namespace

TEST_CASE("each discipline serves whom its definition says, nanosecond by nanosecond", "[service_station][property]") {
  for (const Discipline discipline :
       {Discipline::first_in_first_out, Discipline::priority, Discipline::preemptive_priority,
        Discipline::last_in_first_out, Discipline::shortest_job_first, Discipline::shortest_remaining_time}) {
    REQUIRE(rc::check("same ends as the slow station", [discipline] {
      const Station::Config config = any_config(discipline);
      const std::vector<Arriving> arrivals = any_arrivals(*rc::gen::inRange<std::size_t>(1, 25), 20);
      RC_ASSERT(ends_of(config, arrivals) == SlowStation(config, arrivals).run());
    }));
  }
}

TEST_CASE("sharing differs from its definition by a nanosecond for each job at most", "[service_station][property]") {
  REQUIRE(rc::check("same ends as with real numbers", [] {
    Station::Config config{.servers = *rc::gen::inRange<std::uint32_t>(1, 4),
                           .discipline = Discipline::processor_sharing,
                           .priorities = 3};
    const std::vector<Arriving> arrivals = any_arrivals(*rc::gen::inRange<std::size_t>(1, 20), 1'000'000);
    const std::vector<End> ends = ends_of(config, arrivals);
    std::vector<double> left(arrivals.size(), -1.0);  // negative: not there
    double now = 0.0;
    std::size_t next = 0;
    for (std::size_t finished = 0; finished < arrivals.size();) {
      const auto jobs = std::count_if(left.begin(), left.end(), [](double work) { return work >= 0.0; });
      const double rate = jobs == 0 ? 0.0 : std::min(1.0, config.servers / static_cast<double>(jobs));
      double least = 1e18;
      std::size_t first = 0;
      for (std::size_t i = 0; i < left.size(); ++i) {
        if (left[i] >= 0.0 && left[i] < least) {
          least = left[i];
          first = i;
        }
      }
      const double finish_at = jobs == 0 ? 1e18 : now + least / rate;
      const double arrival_at = next < arrivals.size() ? static_cast<double>(arrivals[next].at) : 1e18;
      const double until = std::min(finish_at, arrival_at);
      for (double& work : left) {
        work = work >= 0.0 ? std::max(0.0, work - (until - now) * rate) : work;
      }
      now = until;
      if (finish_at <= arrival_at) {
        left[first] = -1.0;
        ++finished;
        RC_ASSERT(std::abs(static_cast<double>(ends[first].at) - now) <= static_cast<double>(arrivals.size()));
      } else {
        left[next] = static_cast<double>(arrivals[next].job.work.count());
        ++next;
      }
    }
  }));
}

TEST_CASE("nothing is lost and nobody idles while others wait, whatever fails", "[service_station][property]") {
  REQUIRE(rc::check("conservation", [] {
    Station::Config config = any_config(
        *rc::gen::element(Discipline::first_in_first_out, Discipline::priority, Discipline::preemptive_priority,
                          Discipline::processor_sharing, Discipline::last_in_first_out, Discipline::random_order,
                          Discipline::shortest_job_first, Discipline::shortest_remaining_time));
    config.when_full = *rc::gen::element(Station::WhenFull::lose, Station::WhenFull::block);
    config.failure_clock = *rc::gen::element(Station::FailureClock::always, Station::FailureClock::while_busy);
    config.balking_queue_length = *rc::gen::element<std::uint64_t>(Station::unlimited, 3);
    config.blocks_after_service = config.discipline != Discipline::processor_sharing && *rc::gen::arbitrary<bool>();
    const bool shares = config.discipline == Discipline::processor_sharing;

    Station station(config);
    std::vector<std::uint32_t> down;
    std::vector<Station::Place> finished;  // keep their servers
    std::uint64_t arrived = 0;
    std::uint64_t turned_away = 0;
    std::uint64_t gone = 0;
    std::uint64_t reneged = 0;
    Time now{};
    Duration work{};  // that came
    Duration work_given_up{};
    std::int64_t worked_ns = 0;  // by all servers together
    std::map<Station::Place, Station::Job> present;

    const auto settle = [&] {
      while (station.next_change_at() <= now) {
        const auto change = station.next_change(now);
        RC_ASSERT(change.has_value());
        switch (change->kind) {
          case Station::ChangeKind::served:
            if (config.blocks_after_service) {
              finished.push_back(change->place);
            } else {
              ++gone;
              present.erase(change->place);
            }
            break;
          case Station::ChangeKind::reneged:
            ++gone;
            ++reneged;
            RC_ASSERT(change->served == Duration{0});
            work_given_up += present.at(change->place).work;
            present.erase(change->place);
            break;
          case Station::ChangeKind::failed:
            down.push_back(change->server);
            break;
          case Station::ChangeKind::admitted:
            work += present.at(change->place).work;
            break;
        }
      }
      RC_ASSERT(!station.next_change(now).has_value());
    };
    const auto wait_until = [&](Time until) {
      while (now < until) {
        const Time stop = std::min(until, station.next_change_at());
        worked_ns += (stop - now).count() * station.busy_servers();
        RC_ASSERT(!station.next_change(stop - 1ns).has_value());
        now = stop;
        settle();
      }
    };

    for (std::uint32_t server = 0; server < config.servers; ++server) {
      station.fail_after(now, server, Duration{*rc::gen::inRange(1, 200)});
    }
    for (const int verb : *rc::gen::container<std::vector<int>>(60, rc::gen::inRange(0, 6))) {
      wait_until(now + Duration{*rc::gen::inRange(0, 20)});
      if (verb <= 2) {
        ++arrived;
        const Station::Job job{.work = Duration{*rc::gen::inRange(1, 40)},
                               .patience = *rc::gen::element(forever, Duration{30}),
                               .priority = *rc::gen::inRange<std::uint32_t>(0, 3)};
        const auto [admission, place] = station.arrive(now, job);
        if (admission == Station::Admission::lost || admission == Station::Admission::balked) {
          ++turned_away;
        } else {
          RC_ASSERT(present.emplace(place, job).second);
          work += admission == Station::Admission::outside ? Duration{0} : job.work;
        }
      } else if (verb == 3 && !down.empty()) {
        const std::uint32_t server = down.back();
        down.pop_back();
        station.bring_up(now, server);
        settle();
        station.fail_after(now, server, Duration{*rc::gen::inRange(1, 200)});
      } else if (verb >= 4 && !finished.empty()) {
        station.release(now, finished.back());
        ++gone;
        present.erase(finished.back());
        finished.pop_back();
      }
      settle();

      RC_ASSERT(arrived == turned_away + gone + station.in_system() + station.outside());
      RC_ASSERT(present.size() == station.in_system() + station.outside());
      RC_ASSERT(station.servers_up() == config.servers - down.size());
      RC_ASSERT(station.blocked_servers() == finished.size());
      if (config.capacity != Station::unlimited) {
        RC_ASSERT(station.in_system() <= config.capacity);
        RC_ASSERT((station.outside() == 0U || station.in_system() == config.capacity));
      }
      if (shares) {
        RC_ASSERT(station.in_line() == 0U);
        RC_ASSERT(station.busy_servers() == std::min<std::uint64_t>(station.in_system(), station.servers_up()));
        const Duration error = station.unfinished_work(now) - (work - work_given_up - Duration{worked_ns});
        RC_ASSERT(std::chrono::abs(error) <= Duration{static_cast<std::int64_t>(arrived)});
      } else {
        RC_ASSERT(station.in_system() == station.in_line() + station.busy_servers() + station.blocked_servers());
        RC_ASSERT(
            (station.in_line() == 0U || station.busy_servers() + station.blocked_servers() >= station.servers_up()));
        RC_ASSERT(station.unfinished_work(now) == work - work_given_up - Duration{worked_ns});
      }
    }
  }));
}
