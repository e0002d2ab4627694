#include "models/queueing/network_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <numeric>
#include <utility>

#include "libsim/failure.hpp"
#include "libsim/files/input_limits.hpp"
#include "libsim/harness/experiment/sample_files.hpp"
#include "libsim/text/csv_file.hpp"
#include "libsim/text/number_text.hpp"
#include "libsim/text/quoting.hpp"
#include "libsim/text/time_stamp.hpp"

namespace sim::models::queueing {

namespace {

constexpr std::size_t stations_max = 200;
constexpr std::int64_t servers_max = 1'000'000;

std::vector<std::string> words_in(std::string_view text) {
  std::vector<std::string> words;
  bool in_word = false;
  for (const char letter : text) {
    if (letter == ' ') {
      in_word = false;
      continue;
    }
    if (!in_word) {
      words.emplace_back();
    }
    in_word = true;
    words.back() += letter;
  }
  return words;
}

/// Reads the rows of one network.
class NetworkReader {
 public:
  NetworkReader(CsvFile csv, std::string name, harness::SampleFiles& files) : csv_(std::move(csv)), files_(files) {
    network_.name = std::move(name);
  }

  Expected<Network> read() && {
    const auto columns = csv_.columns_named<6>({"station", "servers", "discipline", "service", "arrival", "next"});
    if (!columns) {
      return tl::unexpected(columns.error());
    }
    columns_ = *columns;
    if (auto added = csv_.each_row([&] { return add_row(); }); !added) {
      return tl::unexpected(added.error());
    }
    if (network_.stations.empty()) {
      return unexpected(fmt::format("{}: expected at least one station", shown_path(network_.name)));
    }
    if (auto resolved = resolve_ways(); !resolved) {
      return tl::unexpected(resolved.error());
    }
    return std::move(network_);
  }

 private:
  /// The ways out of a station as they stand in the file; stations may be named before their row.
  struct Ways {
    std::string place;
    std::vector<std::pair<std::string, double>> to;
  };

  Expected<void> add_row() {
    Network::Station station;
    station.name = csv_.field(columns_[0]);
    const auto same = [&](const Network::Station& other) { return other.name == station.name; };
    const bool plain = !station.name.empty() && station.name.find_first_not_of(
                                                    "abcdefghijklmnopqrstuvwxyz"
                                                    "0123456789_") == std::string::npos;
    if (!plain || std::any_of(network_.stations.begin(), network_.stations.end(), same)) {
      return wrong(0, "a name of its own, of lower-case letters, digits and _");
    }
    if (network_.stations.size() == stations_max) {
      return wrong(0, "at most 200 stations");
    }
    const auto servers = csv_.whole_number(columns_[1]);
    if (!servers || *servers < 1 || *servers > servers_max) {
      return wrong(1, "a whole number from 1 to 1000000");
    }
    station.servers = static_cast<std::uint32_t>(*servers);
    const std::string_view discipline = csv_.field(columns_[2]);
    if (discipline != "fifo" && discipline != "ps") {
      return wrong(2, "fifo or ps");
    }
    station.shares = discipline == "ps";
    if (auto times = read_times_of(station); !times) {
      return times;
    }
    network_.stations.push_back(std::move(station));
    return read_ways();
  }

  Expected<void> read_times_of(Network::Station& station) {
    auto service = read_law(3);
    if (!service) {
      return tl::unexpected(service.error());
    }
    station.service = *service;
    if (csv_.field(columns_[4]).empty()) {
      return {};
    }
    auto arrival = read_law(4);
    if (!arrival) {
      return tl::unexpected(arrival.error());
    }
    station.arrival = *arrival;
    return {};
  }

  /// A law, or plain seconds for a time that is always the same.
  Expected<Distribution> read_law(std::size_t index) {
    const auto seconds = parse_seconds(csv_.field(columns_[index]));
    auto law = seconds ? Expected<Distribution>(constant(*seconds))
                       : parse_distribution(csv_.field(columns_[index]), files_.loader());
    if (!law) {
      return wrong(index, fmt::format("a distribution: {}", law.error().message));
    }
    if (!(law->mean_s() > 0.0 && law->mean_s() < 1e9)) {
      return wrong(index, "a distribution with a mean above 0 and below 1e9 s");
    }
    return law;
  }

  Expected<void> read_ways() {
    constexpr std::string_view expected = "pairs of a station and a probability, such as desk 0.4 archive 0.1";
    const std::vector<std::string> words = words_in(csv_.field(columns_[5]));
    Ways ways{.place = fmt::format("{}:{}: column {} (next)", shown_path(network_.name), csv_.line(), columns_[5] + 1),
              .to = {}};
    double sum = 0.0;
    for (std::size_t index = 0; index < words.size(); index += 2) {
      const auto probability = index + 1 < words.size() ? parse_number(words[index + 1]) : std::optional<double>{};
      if (!probability || *probability < 0.0 || *probability > 1.0) {
        return wrong(5, expected);
      }
      sum += *probability;
      ways.to.emplace_back(words[index], *probability);
    }
    if (sum > 1.0 + 1e-9) {
      return wrong(5, "probabilities that add up to at most 1");
    }
    ways_.push_back(std::move(ways));
    return {};
  }

  Expected<void> resolve_ways() {
    for (std::size_t from = 0; from < ways_.size(); ++from) {
      std::vector<double>& next = network_.stations[from].next;
      next.assign(network_.stations.size(), 0.0);
      for (const auto& [name, probability] : ways_[from].to) {
        const auto found = std::find_if(network_.stations.begin(), network_.stations.end(),
                                        [&, &wanted = name](const auto& station) { return station.name == wanted; });
        if (found == network_.stations.end()) {
          return unexpected(fmt::format("{}: {}: expected the name of a station", ways_[from].place, shown(name)));
        }
        next[static_cast<std::size_t>(found - network_.stations.begin())] += probability;
      }
    }
    return {};
  }

  [[nodiscard]] tl::unexpected<Error> wrong(std::size_t index, std::string_view expected) const {
    return tl::unexpected(csv_.wrong_field(columns_[index], expected));
  }

  CsvFile csv_;
  harness::SampleFiles& files_;
  Network network_;
  std::array<std::size_t, 6> columns_{};
  std::vector<Ways> ways_;  // by station
};

Expected<Network> read_rows(Expected<CsvFile> csv, const std::string& name, harness::SampleFiles& files) {
  if (!csv) {
    return tl::unexpected(csv.error());
  }
  return NetworkReader(std::move(*csv), name, files).read();
}

/// Stations from which a job may never leave the network.
std::vector<bool> traps(const Network& network) {
  std::vector<bool> is_trap(network.stations.size(), true);
  for (bool changed = true; changed;) {
    changed = false;
    for (std::size_t from = 0; from < is_trap.size(); ++from) {
      const std::vector<double>& next = network.stations[from].next;
      bool leaves = std::accumulate(next.begin(), next.end(), 0.0) < 1.0 - 1e-9;
      for (std::size_t to = 0; to < next.size(); ++to) {
        leaves = leaves || (next[to] > 0.0 && !is_trap[to]);
      }
      if (is_trap[from] && leaves) {
        is_trap[from] = false;
        changed = true;
      }
    }
  }
  return is_trap;
}

Expected<void> can_be_left(const Network& network, std::vector<bool> reached) {
  for (bool changed = true; changed;) {
    changed = false;
    for (std::size_t from = 0; from < reached.size(); ++from) {
      for (std::size_t to = 0; to < reached.size(); ++to) {
        if (reached[from] && network.stations[from].next[to] > 0.0 && !reached[to]) {
          reached[to] = changed = true;
        }
      }
    }
  }
  const std::vector<bool> is_trap = traps(network);
  for (std::size_t station = 0; station < reached.size(); ++station) {
    if (reached[station] && is_trap[station]) {
      return unexpected(fmt::format("{}: station {}: expected a way out of the network, jobs never leave from here",
                                    shown_path(network.name), network.stations[station].name));
    }
  }
  return {};
}

}  // namespace

Network open_network() {
  return parse_network("built-in network",
                       "station,servers,discipline,service,arrival,next\n"
                       "desk,1,fifo,exponential(1s),exponential(1.25s),archive 1\n"
                       "archive,1,fifo,exponential(0.8s),,\n")
      .value();
}

Network closed_network() {
  return parse_network("built-in network",
                       "station,servers,discipline,service,arrival,next\n"
                       "processor,1,ps,exponential(0.121s),,disk_1 0.6 disk_2 0.2\n"
                       "disk_1,1,fifo,exponential(0.7s),,processor 1\n"
                       "disk_2,1,fifo,exponential(1.35s),,processor 1\n")
      .value();
}

Expected<Network> read_network(const std::string& path, harness::SampleFiles& files) {
  return read_rows(CsvFile::open(files.files(), path, settings_bytes_max), path, files);
}

Expected<Network> parse_network(const std::string& name, std::string_view text) {
  harness::SampleFiles files;
  return read_rows(CsvFile::of_text(name, std::string(text)), name, files);
}

Expected<void> is_open(const Network& network) {
  std::vector<bool> entered;
  for (const Network::Station& station : network.stations) {
    entered.push_back(station.arrival.has_value());
  }
  if (std::none_of(entered.begin(), entered.end(), [](bool enters) { return enters; })) {
    return unexpected(fmt::format("{}: expected an arrival at one station or more", shown_path(network.name)));
  }
  return can_be_left(network, entered);
}

Expected<void> takes_customers(const Network& network, const Distribution& think_time) {
  if (!(think_time.mean_s() < 1e9)) {
    return unexpected(fmt::format("--closed.think_time {}: expected a mean below 1e9 s", to_text(think_time)));
  }
  std::vector<bool> entered(network.stations.size(), false);
  entered.front() = true;
  return can_be_left(network, entered);
}

// The sum over all numbers of steps converges since every station can be left; rounded sums of positive terms.
std::vector<double> visits(const Network& network, const std::vector<double>& start) {
  constexpr int steps_max = 1'000'000;
  std::vector<double> sum = start;
  std::vector<double> now = start;
  for (int step = 0; step < steps_max; ++step) {
    std::vector<double> then(now.size(), 0.0);
    for (std::size_t from = 0; from < now.size(); ++from) {
      for (std::size_t to = 0; to < now.size(); ++to) {
        then[to] += now[from] * network.stations[from].next[to];
      }
    }
    now = std::move(then);
    double added = 0.0;
    for (std::size_t station = 0; station < now.size(); ++station) {
      sum[station] += now[station];
      added += now[station];
    }
    if (added < 1e-15) {
      break;
    }
  }
  return sum;
}

}  // namespace sim::models::queueing
