#include "libsim/text/nearest_name.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cstddef>

#include "libsim/text/quoting.hpp"

namespace sim {

namespace {

/// Names longer than this are nobody's typing error, and the distance costs the product of both lengths.
constexpr std::size_t typed_bytes_max = 100;

char folded(char letter) {
  return letter == '-' ? '_' : static_cast<char>(std::tolower(static_cast<unsigned char>(letter)));
}

/// Edits between both texts by the optimal string alignment distance; case, `-` and `_` make no difference.
std::size_t edits_between(std::string_view from, std::string_view to) {
  std::vector<std::size_t> before_last(to.size() + 1);
  std::vector<std::size_t> last(to.size() + 1);
  std::vector<std::size_t> current(to.size() + 1);
  for (std::size_t column = 0; column <= to.size(); ++column) {
    last[column] = column;
  }
  for (std::size_t row = 1; row <= from.size(); ++row) {
    current[0] = row;
    for (std::size_t column = 1; column <= to.size(); ++column) {
      const bool same = folded(from[row - 1]) == folded(to[column - 1]);
      current[column] =
          std::min({last[column] + 1, current[column - 1] + 1, last[column - 1] + (same ? std::size_t{0} : 1)});
      const bool swapped = row > 1 && column > 1 && folded(from[row - 1]) == folded(to[column - 2]) &&
                           folded(from[row - 2]) == folded(to[column - 1]);
      if (swapped) {
        current[column] = std::min(current[column], before_last[column - 2] + 1);
      }
    }
    before_last.swap(last);
    last.swap(current);
  }
  return last[to.size()];
}

bool is_part_of(std::string_view typed, std::string_view name) {
  const bool is_end =
      name.size() > typed.size() && name.ends_with(typed) && name[name.size() - typed.size() - 1] == '.';
  return name.size() <= typed_bytes_max && (is_end || (typed.size() > 1 && name.starts_with(typed)));
}

std::string name_with_part(std::string_view typed, const std::vector<std::string>& known) {
  const auto found =
      std::find_if(known.begin(), known.end(), [&](const auto& name) { return is_part_of(typed, name); });
  return found == known.end() ? std::string{} : *found;
}

}  // namespace

std::string nearest_name(std::string_view typed, const std::vector<std::string>& known) {
  if (typed.empty() || typed.size() > typed_bytes_max) {
    return {};
  }
  const std::size_t edits_max = std::max<std::size_t>(2, typed.size() / 3);
  std::size_t edits_best = edits_max + 1;
  std::string best;
  for (const auto& name : known) {
    if (name.size() > typed_bytes_max) {
      continue;
    }
    // A name that shares no letter with the typed one is no correction of it.
    const std::size_t edits = std::min(edits_between(typed, name), std::max(typed.size(), name.size()));
    if (edits < edits_best && edits < typed.size()) {
      edits_best = edits;
      best = name;
    }
  }
  return best.empty() ? name_with_part(typed, known) : best;
}

std::string did_you_mean(std::string_view typed, const std::vector<std::string>& known, std::string_view prefix) {
  const std::string name = nearest_name(typed, known);
  return name.empty() ? std::string{} : fmt::format("; did you mean {}{}?", prefix, shown(name));
}

}  // namespace sim
