#include "libsim/testing/check_targets.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "libsim/harness/judge/target.hpp"
#include "libsim/text/number_text.hpp"

namespace sim::testing {

namespace {

TargetsReport judge_table(const harness::ScenarioResult& result, const Expected<harness::TargetTable>& table) {
  if (!table) {
    throw std::invalid_argument(table.error().message);
  }
  auto judged = harness::judge_targets(result, table->rows);
  if (!judged) {
    throw std::invalid_argument(judged.error().message);
  }
  return {std::move(*judged)};
}

}  // namespace

bool TargetsReport::all_met() const { return failures().empty(); }

std::string TargetsReport::failures() const {
  if (targets.empty()) {
    return "no targets\n";
  }
  std::string lines;
  for (const auto& [target, estimate, verdict, more] : targets) {
    if (verdict != harness::Verdict::met) {
      lines += fmt::format("{} {}: {} {} is {}, expected {} {} ({})\n", target.scenario, target.metric,
                           exact_text(estimate.mean), target.unit, to_text(verdict), to_text(target.relation),
                           exact_text(target.target), target.place);
    }
  }
  return lines;
}

TargetsReport check_targets(const harness::ScenarioResult& result, const std::string& targets_csv) {
  return judge_table(result, harness::parse_targets("targets", targets_csv));
}

TargetsReport check_targets(const harness::ScenarioResult& result, const std::filesystem::path& targets_file) {
  InputFiles files;
  return judge_table(result, harness::read_targets(files, targets_file));
}

}  // namespace sim::testing
