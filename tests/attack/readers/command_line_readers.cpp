// The command line of an experiment and the INI file that it names, up to the point where a run would begin.

#include <fmt/format.h>

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "libsim/harness/cli/invocation.hpp"
#include "libsim/harness/study/study_flags.hpp"
#include "tests/attack/readers/promise.hpp"
#include "tests/attack/readers/reader.hpp"
#include "tests/harness/toy_shop.hpp"

namespace attack {

namespace {

using sim::harness::Invocation;

const sim::harness::Experiment& shop() {
  static const sim::harness::Experiment experiment = toy::shop();
  return experiment;
}

std::string values_of(const Invocation& invocation) {
  std::string text;
  for (const auto& [name, value] : invocation.setup().parameters().values()) {
    text += name + "=" + value + "\n";
  }
  return text;
}

/// Whether two configurations may have one hash: of those that name files, the content decides.
bool names_files(const Invocation& invocation) {
  const auto& options = invocation.options();
  return !options.config.empty() || !options.targets.empty() || !options.arrivals.empty() || !options.faults.empty() ||
         !options.baseline.empty() || !options.study.compare.empty() ||
         values_of(invocation).find("empirical(") != std::string::npos;
}

/// Among all configurations of this process no two have one hash: the second would take over the results of the first.
void require_hash_of_its_own(const Invocation& invocation) {
  constexpr std::size_t remembered_max = 1'000'000;
  static std::map<std::string, std::size_t> configuration_of_hash;
  if (names_files(invocation) || configuration_of_hash.size() >= remembered_max) {
    return;
  }
  const auto& options = invocation.options();
  const std::string configuration =
      fmt::format("{}{} {} {}", values_of(invocation), options.replications, options.confidence, options.precision);
  const std::size_t digest = std::hash<std::string>{}(configuration);
  const auto [known, is_new] = configuration_of_hash.emplace(to_text(invocation.config_hash()), digest);
  require(is_new || known->second == digest, "two configurations have two hashes", configuration);
}

/// The hash of the shop with a text as one of its parameters.
std::string hash_with(const std::string& text) {
  const auto invocation = Invocation::read(shop(), {"--motto=" + text});
  require(invocation.has_value(), "a text is a motto", text);
  return to_text((*invocation)->config_hash());
}

/// A checksum such as CRC-32 is linear: the hashes of three texts say that of a fourth, and who can foretell a hash can
/// make a configuration that has the one he wants.
void require_unforgeable_hashes() {
  const std::string texts = hash_with("aaaa") + hash_with("caaa") + hash_with("aaca");
  const std::string fourth = hash_with("caca");
  const std::size_t length = fourth.size();
  bool foretold = true;
  for (std::size_t at = 0; at < length; ++at) {
    const auto digit = [&](const std::string& hash, std::size_t index) {
      return std::stoi(hash.substr(index * length + at, 1), nullptr, 16);
    };
    foretold = foretold && (digit(texts, 0) ^ digit(texts, 1) ^ digit(texts, 2)) == digit(fourth, 0);
  }
  require(!foretold, "a hash cannot be foretold", texts + fourth);
}

/// The line that reproduces a failure reads back as the same configuration.
void require_reproduction(const Invocation& invocation) {
  const auto again = Invocation::read(shop(), invocation.reproducing_arguments("day", 0));
  require(was_read(again) && values_of(**again) == values_of(invocation), "the reproducing line gives the same values",
          values_of(invocation));
}

/// Lines up to `%%` are arguments, and those behind it are an INI file.
void read_command_line(std::string_view input) {
  static const bool once [[maybe_unused]] = (require_unforgeable_hashes(), true);
  const auto end = input.find("%%\n");
  std::vector<std::string> arguments = lines_of(input.substr(0, end));
  const MemoryFile ini(end == std::string_view::npos ? std::string_view{} : input.substr(end + 3));
  if (end != std::string_view::npos) {
    arguments.push_back("--config=" + ini.path());
  }
  const auto invocation = Invocation::read(shop(), arguments);
  if (!was_read(invocation)) {
    return;
  }
  static_cast<void>(was_read(check_study_flags((*invocation)->options(), (*invocation)->flags())));
  require_hash_of_its_own(**invocation);
  require_reproduction(**invocation);
}

}  // namespace

std::vector<Reader> command_line_readers() { return {{"command_line", read_command_line}}; }

}  // namespace attack
