#include "libsim/study/search.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "libsim/failure.hpp"
#include "libsim/statistics/interval.hpp"

namespace sim::study {

namespace {

/// Mirrors the order of the candidates, or leaves it.
enum class Order { rising, falling };

/// Bisection between a place before the first candidate, which counts as no, and one behind the last, which counts as
/// yes: it ends with a no beside a yes, and what of both is a candidate was asked.
SearchResult bisect(std::size_t candidates, Order order, const Question& ask) {
  const auto candidate_at = [&](std::size_t place) { return order == Order::rising ? place : candidates - 1 - place; };
  SearchResult result;
  std::size_t failing = 0;  // places are counted from 1 here, so that 0 is the one before the first
  std::size_t passing = candidates + 1;
  while (passing - failing > 1) {
    const std::size_t middle = failing + (passing - failing) / 2;
    const auto candidate = candidate_at(middle - 1);
    const auto answer = ask(candidate);
    result.steps.push_back({candidate, answer});
    (answer == Answer::yes ? passing : failing) = middle;
  }
  if (passing <= candidates) {
    result.candidate = candidate_at(passing - 1);
    result.outcome = failing == 0 ? SearchResult::Outcome::even_best : SearchResult::Outcome::found;
  }
  if (failing > 0) {
    result.neighbour = candidate_at(failing - 1);
  }
  return result;
}

}  // namespace

std::optional<Answer> SearchResult::answer_to(std::size_t asked) const {
  const auto found =
      std::find_if(steps.begin(), steps.end(), [asked](const SearchStep& step) { return step.candidate == asked; });
  return found == steps.end() ? std::nullopt : std::optional(found->answer);
}

bool SearchResult::has_undecided() const {
  return std::any_of(steps.begin(), steps.end(),
                     [](const SearchStep& step) { return step.answer == Answer::undecided; });
}

SearchResult search_least(std::size_t candidates, const Question& ask) {
  return bisect(candidates, Order::rising, ask);
}

SearchResult search_greatest(std::size_t candidates, const Question& ask) {
  return bisect(candidates, Order::falling, ask);
}

std::size_t decisions_max(std::size_t candidates) {
  std::size_t decisions = 0;
  for (std::size_t left = candidates; left > 0; left /= 2) {
    ++decisions;
  }
  return decisions;
}

double confidence_per_decision(double overall, std::size_t decisions) {
  check(overall > 0.0 && overall < 1.0, "a confidence is between 0 and 1");
  check(decisions > 0, "there is a decision to make");
  return 1.0 - (1.0 - overall) / static_cast<double>(decisions);
}

Expected<std::vector<Look>> looks(std::uint64_t first, std::uint64_t samples_max, double confidence) {
  if (const auto valid = validate_confidence(confidence); !valid) {
    return tl::unexpected(valid.error());
  }
  if (first < 2) {
    return unexpected(fmt::format("first look after {} samples, expected 2 or more", first));
  }
  if (first > samples_max) {
    return unexpected(
        fmt::format("first look after {} samples, expected at most the {} of the last", first, samples_max));
  }
  std::vector<Look> schedule;
  for (std::uint64_t samples = first; samples < samples_max; samples *= 2) {
    schedule.push_back({samples, 0.0});
    if (samples > samples_max / 2) {
      break;  // twice as many would be beyond the last look, and perhaps beyond the largest number
    }
  }
  schedule.push_back({samples_max, 0.0});
  for (auto& look : schedule) {
    look.confidence = confidence_per_decision(confidence, schedule.size());
  }
  return schedule;
}

}  // namespace sim::study
