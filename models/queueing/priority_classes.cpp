#include "models/queueing/priority_classes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string_view>

#include "libsim/harness/experiment/sample_files.hpp"
#include "libsim/text/number_text.hpp"
#include "libsim/text/quoting.hpp"

namespace sim::models::queueing {

namespace {

constexpr std::size_t classes_max = 63;

/// The parts between separators, without blanks around them and without empty ones.
std::vector<std::string_view> parts_of(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(separator), text.size());
    std::string_view part = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    while (part.starts_with(' ')) {
      part.remove_prefix(1);
    }
    while (part.ends_with(' ')) {
      part.remove_suffix(1);
    }
    if (!part.empty()) {
      parts.push_back(part);
    }
  }
  return parts;
}

Expected<std::vector<double>> parse_shares(const std::string& text) {
  std::vector<double> shares;
  for (const std::string_view part : parts_of(text, ' ')) {
    const auto share = parse_number(part);
    if (!share || !(*share > 0.0 && *share < 1.0)) {
      return unexpected(
          fmt::format("--priority.shares {}: expected shares between 0 and 1, found {}", shown(text), shown(part)));
    }
    shares.push_back(*share);
  }
  if (shares.size() < 2 || shares.size() > classes_max) {
    return unexpected(fmt::format("--priority.shares {}: expected 2 to {} shares such as 0.25 0.75, found {}",
                                  shown(text), classes_max, shares.size()));
  }
  const double sum = std::accumulate(shares.begin(), shares.end(), 0.0);
  if (std::abs(sum - 1.0) > 1e-9) {
    return unexpected(fmt::format("--priority.shares {}: expected shares that add up to 1, these give {}", shown(text),
                                  short_text(sum)));
  }
  return shares;
}

}  // namespace

Expected<std::vector<Distribution>> parse_class_services(const std::string& services, harness::SampleFiles& files) {
  std::vector<Distribution> parsed;
  for (const std::string_view text : parts_of(services, ';')) {
    const auto distribution = parse_distribution(text, files.loader());
    if (!distribution) {
      return unexpected(fmt::format("--priority.services: class {}: {}: {}", parsed.size() + 1, shown(text),
                                    distribution.error().message));
    }
    if (!(distribution->mean_s() > 0.0 && distribution->mean_s() < 1e9)) {
      return unexpected(fmt::format("--priority.services: class {}: {}: expected a mean above 0 and below 1e9 s",
                                    parsed.size() + 1, shown(text)));
    }
    parsed.push_back(*distribution);
  }
  return parsed;
}

Expected<std::vector<JobClass>> parse_classes(const std::string& shares, const std::vector<Distribution>& services,
                                              const Distribution& service) {
  const auto parsed = parse_shares(shares);
  if (!parsed) {
    return tl::unexpected(parsed.error());
  }
  if (!services.empty() && services.size() != parsed->size()) {
    return unexpected(
        fmt::format("--priority.services: expected one service time for each of {} classes, separated by semicolons, "
                    "found {}",
                    parsed->size(), services.size()));
  }
  std::vector<JobClass> classes;
  for (const double share : *parsed) {
    classes.push_back({share, services.empty() ? service : services[classes.size()]});
  }
  return classes;
}

}  // namespace sim::models::queueing
