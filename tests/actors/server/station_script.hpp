#pragma once

#include <fmt/format.h>

#include <catch2/catch.hpp>

#include <map>
#include <string>
#include <vector>

#include "actors/server/service_station.hpp"

namespace sim::testing {

/// Drives a station by a script, and writes down what happens by itself.
class StationScript {
 public:
  using Station = policies::ServiceStation;

  explicit StationScript(const Station::Config& config) : station_(config) {}

  /// What happens up to and including that time.
  void run_to(Duration at) {
    while (station_.next_change_at() <= Time{at}) {
      write_down(*station_.next_change(station_.next_change_at()));
    }
    REQUIRE_FALSE(station_.next_change(Time{at}));
  }

  Station::Admission arrive(Duration at, const std::string& name, const Station::Job& job, double draw = 0.0) {
    run_to(at);
    const auto [admission, place] = station_.arrive(Time{at}, job, draw);
    if (admission != Station::Admission::lost && admission != Station::Admission::balked) {
      names_[place] = name;
    }
    run_to(at);
    return admission;
  }
  void release(Duration at, const std::string& name) {
    run_to(at);
    for (const auto& [place, job] : names_) {
      if (job == name) {
        station_.release(Time{at}, place);
        break;
      }
    }
    run_to(at);
  }
  void take_down(Duration at, std::uint32_t server) {
    run_to(at);
    station_.take_down(Time{at}, server);
    run_to(at);
  }
  void bring_up(Duration at, std::uint32_t server) {
    run_to(at);
    station_.bring_up(Time{at}, server);
    run_to(at);
  }
  void fail_after(Duration at, std::uint32_t server, Duration time_to_failure) {
    run_to(at);
    station_.fail_after(Time{at}, server, time_to_failure);
  }

  /// One line for each thing that happened: `5s a served, waited 2s`.
  const std::vector<std::string>& all() {
    run_to(1000s);
    return log_;
  }
  [[nodiscard]] const Station& station() const { return station_; }

 private:
  void write_down(const Station::Change& change) {
    const std::string at = to_text(change.at.time_since_epoch());
    switch (change.kind) {
      case Station::ChangeKind::served:
        log_.push_back(fmt::format("{} {} served, waited {}, in service {}", at, names_.at(change.place),
                                   to_text(change.waited), to_text(change.served)));
        return;
      case Station::ChangeKind::reneged:
        log_.push_back(fmt::format("{} {} reneged, waited {}", at, names_.at(change.place), to_text(change.waited)));
        return;
      case Station::ChangeKind::admitted:
        log_.push_back(fmt::format("{} {} admitted", at, names_.at(change.place)));
        return;
      case Station::ChangeKind::failed:
        log_.push_back(fmt::format("{} server {} failed", at, change.server));
        return;
    }
  }

  Station station_;
  std::map<Station::Place, std::string> names_;
  std::vector<std::string> log_;
};

}  // namespace sim::testing
