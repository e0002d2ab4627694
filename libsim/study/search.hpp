#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "libsim/expected.hpp"
#include "libsim/study/answer.hpp"

namespace sim::study {

/// One question of a search.
struct SearchStep {
  std::size_t candidate = 0;  ///< index in the list of candidates
  Answer answer = Answer::undecided;

  friend bool operator==(const SearchStep&, const SearchStep&) = default;
};

/// Where a search ended.
struct SearchResult {
  enum class Outcome {
    found,       ///< a candidate passes, and the next better one does not
    even_best,   ///< the best candidate of all passes already: a still better one may lie beyond the list
    none_passes  ///< not even the candidate passes that is easiest to fulfil; so it is for an empty list
  };

  Outcome outcome = Outcome::none_passes;
  std::optional<std::size_t> candidate;  ///< the best one that passes
  std::optional<std::size_t> neighbour;  ///< the next better one, which does not pass or was undecided
  std::vector<SearchStep> steps;         ///< in the order in which they were asked, each candidate at most once

  /// The answer to the question about a candidate, if it was asked at all.
  [[nodiscard]] std::optional<Answer> answer_to(std::size_t asked) const;

  /// Whether some answer was undecided. It counted as no: the true boundary may lie further on the better side.
  [[nodiscard]] bool has_undecided() const;

  friend bool operator==(const SearchResult&, const SearchResult&) = default;
};

/// Asks about the candidate of this index.
using Question = std::function<Answer(std::size_t candidate)>;

/// The least of the candidates 0 … n-1 that passes, by bisection, if from some index on all pass: containers that meet
/// a target. Asks at most `decisions_max(candidates)` times; the candidate found and its neighbour were both asked.
/// Undecided counts as no.
[[nodiscard]] SearchResult search_least(std::size_t candidates, const Question& ask);

/// The greatest one that passes, if up to some index all pass: sessions that a system bears.
[[nodiscard]] SearchResult search_greatest(std::size_t candidates, const Question& ask);

/// The most questions that a search over so many candidates asks: the whole logarithm ⌈log2(candidates + 1)⌉.
[[nodiscard]] std::size_t decisions_max(std::size_t candidates);

/// The confidence that each of `decisions` decisions needs for all to be right with confidence `overall`, whatever
/// their dependence: 1 - (1 - overall) / decisions (Bonferroni). `overall` is between 0 and 1, `decisions` above 0
/// (asserted).
[[nodiscard]] double confidence_per_decision(double overall, std::size_t decisions);

/// A moment at which a decision is tried.
struct Look {
  std::uint64_t samples = 0;  ///< all so far
  double confidence = 0.0;    ///< of the interval that decides at this look

  friend bool operator==(const Look&, const Look&) = default;
};

/// When to look at growing samples so that the first interval that decides may be trusted: after `first`, 2 · `first`,
/// 4 · `first`, … and `samples_max` samples. To look several times and stop when it suits errs more often than each
/// look does; so the error 1 - `confidence` is shared equally among the looks, and by the union bound all intervals
/// hold together with `confidence`. Wald, "Sequential Tests of Statistical Hypotheses", Annals of Mathematical
/// Statistics 16 (1945), would need fewer samples but assumes the law of the samples; this needs valid intervals only.
/// The error names a `first` below 2 or above `samples_max`, or a confidence that is not between 0 and 1.
[[nodiscard]] Expected<std::vector<Look>> looks(std::uint64_t first, std::uint64_t samples_max, double confidence);

}  // namespace sim::study
