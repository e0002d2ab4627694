#include "libsim/failure.hpp"

#include <fmt/format.h>

#include "libsim/text/printable.hpp"

namespace sim {

namespace {

std::string describe(const std::string& reason, const RunFailure::Place& place) {
  return Printable(fmt::format("{} (actor {}, message {}, virtual time {} s, event {}, seed {}, replication {})",
                               reason, place.actor.empty() ? "none" : place.actor,
                               place.message.empty() ? "none" : place.message, to_text(place.at), place.event,
                               place.seed, place.replication));
}

std::string_view file_name(std::string_view path) {
  const auto slash = path.rfind('/');
  return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

}  // namespace

void fail_check(std::string_view what, SourceLine where) {
  throw AssertionFailure(
      Printable(fmt::format("assertion failed: {} ({}:{})", what, file_name(where.file), where.line)));
}

RunFailure::RunFailure(std::string reason, Place place)
    : std::runtime_error(describe(reason, place)), reason_(std::move(reason)), place_(std::move(place)) {}

}  // namespace sim
