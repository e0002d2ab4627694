#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libsim/expected.hpp"
#include "libsim/harness/experiment/sample_files.hpp"
#include "libsim/random/distribution.hpp"

namespace sim::models::queueing {

/// Stations and the ways between them.
struct Network {
  struct Station {
    std::string name;
    std::uint32_t servers = 1;
    bool shares = false;  ///< processor sharing instead of first in, first out
    Distribution service;
    std::optional<Distribution> arrival;  ///< time between two arrivals from outside
    std::vector<double> next;             ///< probabilities by station; the rest leaves
  };

  std::string name;  ///< for messages
  std::vector<Station> stations;
};

/// The built-in networks: two stations in a row, and a computer with a processor and two disks.
[[nodiscard]] Network open_network();
[[nodiscard]] Network closed_network();

/// Reads a network from CSV with the columns `station,servers,discipline,service,arrival,next`:
///
///     station,servers,discipline,service,arrival,next
///     desk,1,fifo,exponential(1s),exponential(1.25s),archive 0.4 desk 0.1
///     archive,2,ps,uniform(0s, 2s),,
///
/// The discipline is fifo or ps, the arrival may be empty, next has pairs of a station and a probability. The error has
/// file, line, column, value and what was expected.
[[nodiscard]] Expected<Network> read_network(const std::string& path, harness::SampleFiles& files);

/// The same from text in memory; `name` stands for the file in messages.
[[nodiscard]] Expected<Network> parse_network(const std::string& name, std::string_view text);

/// Refuses a network without arrivals, and one that jobs enter but never leave.
[[nodiscard]] Expected<void> is_open(const Network& network);

/// Refuses a network whose customers, who come to the first station, would never get back to their thoughts or take no
/// time for a round.
[[nodiscard]] Expected<void> takes_customers(const Network& network, const Distribution& think_time);

/// Mean number of visits to each station of one who starts with `start[i]` visits to station i. All stations that are
/// reached can be left for the outside.
[[nodiscard]] std::vector<double> visits(const Network& network, const std::vector<double>& start);

}  // namespace sim::models::queueing
