// The command line of an experiment and the INI file that it names, up to the point where a run would begin.

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "libsim/harness/invocation.hpp"
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

/// Everything that the hash of a configuration stands for; nothing where files belong to it.
std::string configuration_of(const Invocation& invocation) {
  const auto& options = invocation.options();
  return invocation.input_hashes().empty()
             ? values_of(invocation) + std::to_string(options.replications) + " " + std::to_string(options.confidence) +
                   " " + std::to_string(options.precision)
             : std::string{};
}

/// Among all configurations of this process no two have one hash: the second would take over the results of the first.
void require_hash_of_its_own(const Invocation& invocation) {
  constexpr std::size_t remembered_max = 1'000'000;
  static std::map<std::string, std::size_t> configuration_of_hash;
  const std::string configuration = configuration_of(invocation);
  if (configuration.empty() || configuration_of_hash.size() >= remembered_max) {
    return;
  }
  const std::size_t digest = std::hash<std::string>{}(configuration);
  const auto [known, is_new] = configuration_of_hash.emplace(invocation.config_hash(), digest);
  require(is_new || known->second == digest, "two configurations have two hashes", configuration);
}

/// The line that reproduces a failure reads back as the same configuration.
void require_reproduction(const Invocation& invocation) {
  const auto again = Invocation::read(shop(), invocation.reproducing_arguments("day", 0));
  require(was_read(again) && values_of(**again) == values_of(invocation), "the reproducing line gives the same values",
          values_of(invocation));
}

/// Lines up to `%%` are arguments, and those behind it are an INI file.
void read_command_line(std::string_view input) {
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
