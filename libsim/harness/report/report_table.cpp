#include "libsim/harness/report/report_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "libsim/text/number_text.hpp"
#include "libsim/text/text_table.hpp"

namespace sim::harness {

namespace {

using Align = TextTable::Align;

Page::Colour colour_of(Verdict verdict, bool colours) {
  if (!colours) {
    return Page::Colour::none;
  }
  switch (verdict) {
    case Verdict::met:
      return Page::Colour::green;
    case Verdict::degraded:
      return Page::Colour::yellow;
    case Verdict::missed:
      return Page::Colour::red;
    case Verdict::inconclusive:
      return Page::Colour::magenta;
  }
  return Page::Colour::none;
}

std::string bound_text(const Target& target) {
  const auto sign = to_text(target.relation);
  const std::string critical =
      target.critical ? fmt::format(" (critical {} {})", sign, short_text(*target.critical)) : "";
  return fmt::format("{} {}{}", sign, short_text(target.target), critical);
}

std::string half_width_text(const Estimate& estimate) {
  return estimate.half_width ? fmt::format("± {}", short_text(*estimate.half_width)) : "";
}

std::vector<TextTable::Cell> row(const Estimate& estimate, const JudgedTarget* judged, bool colours) {
  return {estimate.metric,
          short_text(estimate.mean),
          half_width_text(estimate),
          estimate.unit,
          judged == nullptr ? "" : bound_text(judged->target),
          judged == nullptr ? "" : TextTable::Cell(to_text(judged->verdict), colour_of(judged->verdict, colours)),
          with_thousands(estimate.samples)};
}

bool is_in_account(const ScenarioResult& result, const std::string& metric) {
  return std::any_of(result.accounts.begin(), result.accounts.end(), [&](const Account& account) {
    return account.whole == metric ||
           std::find(account.parts.begin(), account.parts.end(), metric) != account.parts.end();
  });
}

/// `messages_sent 1,000 = outcome_answered 990 + outcome_interrupted 10`: parts of nothing are left out.
Page account_line(const ScenarioResult& result, const Account& account) {
  const auto term = [&](const std::string& metric) {
    return fmt::format("{} {}", metric, short_text(result.value(metric)));
  };
  std::vector<std::string> terms;
  for (const std::string& part : account.parts) {
    if (std::abs(result.value(part)) > 0.0) {
      terms.push_back(term(part));
    }
  }
  return Page("  {} = {}\n", term(account.whole), terms.empty() ? "0" : joined(terms, " + "));
}

/// A metric may have several targets, as a lower and an upper bound: each has a row.
void add_rows(const ScenarioOutcome& outcome, const Estimate& estimate, bool colours, TextTable& table) {
  bool has_target = false;
  for (const auto& judged : outcome.targets) {
    if (judged.target.metric == estimate.metric) {
      table.add(row(estimate, &judged, colours));
      has_target = true;
    }
  }
  if (!has_target && !is_in_account(outcome.result, estimate.metric)) {
    table.add(row(estimate, nullptr, colours));
  }
}

bool has_intervals(const ScenarioResult& result) {
  return std::any_of(result.metrics.begin(), result.metrics.end(),
                     [](const Estimate& estimate) { return estimate.half_width.has_value(); });
}

/// What would settle the targets that the replications left open.
Page inconclusive_lines(const ScenarioOutcome& outcome) {
  Page text;
  for (const auto& judged : outcome.targets) {
    if (judged.verdict == Verdict::inconclusive) {
      const std::string how = judged.more_replications
                                  ? fmt::format("about {} more replications", with_thousands(*judged.more_replications))
                                  : "more replications";
      text += Page("  {} is inconclusive: {} would tell (--precision runs them, up to --replications-max)\n",
                   judged.target.metric, how);
    }
  }
  return text;
}

/// Why a target is missed that a number, had there been one, might have met.
Page nothing_lines(const ScenarioOutcome& outcome) {
  Page text;
  for (const auto& judged : outcome.targets) {
    if (judged.estimate.is_none()) {
      text += Page("  {} is missed: there was nothing to measure\n", judged.target.metric);
    }
  }
  return text;
}

Page totals_line(const ScenarioResult& result) {
  const auto& totals = result.totals;
  const std::string replications =
      result.replications > 1 ? fmt::format("{} replications · ", result.replications) : "";
  const std::string dead_letters = totals.dead_letters > 0
                                       ? fmt::format(" · {} dead {}", with_thousands(totals.dead_letters),
                                                     totals.dead_letters == 1 ? "letter" : "letters")
                                       : "";
  return Page("  {}virtual time {} s · {} {}{} · fingerprint {}\n", replications,
              short_text(to_seconds(totals.virtual_time)), with_thousands(totals.events),
              totals.events == 1 ? "event" : "events", dead_letters, fingerprint_text(totals.fingerprint));
}

}  // namespace

std::string fingerprint_text(std::uint64_t fingerprint) { return fmt::format("{:016x}", fingerprint); }

Page scenario_table(const ScenarioOutcome& outcome, bool colours) {
  const auto& result = outcome.result;
  TextTable table({{"metric"},
                   {"value", Align::right},
                   {has_intervals(result) ? fmt::format("{} %", short_text(100 * result.confidence)) : ""},
                   {"unit"},
                   {"target"},
                   {"verdict"},
                   {"samples", Align::right}});
  for (const auto& estimate : result.metrics) {
    add_rows(outcome, estimate, colours, table);
  }
  const auto bold = colours ? Page::Colour::bold : Page::Colour::none;
  Page text("{}: {}\n", Page::coloured(result.scenario, bold), outcome.summary);
  text += result.metrics.empty() ? Page("  no metrics reported\n") : table.text(2);
  for (const auto& account : result.accounts) {
    text += account_line(result, account);
  }
  text += nothing_lines(outcome) + inconclusive_lines(outcome);
  text += totals_line(result);
  for (const auto& warning : result.warnings) {
    text += Page("  warning: {}\n", warning);
  }
  if (!outcome.closing.text.empty()) {
    text += Page("\n") + Page::of_lines(outcome.closing.text);
  }
  return text + Page("\n");
}

Page closing_line(const std::vector<ScenarioOutcome>& outcomes, bool colours) {
  const auto counts = count_verdicts(outcomes);
  const auto part = [&](std::size_t count, Verdict verdict) {
    return Page::coloured(fmt::format("{} {}", count, to_text(verdict)), colour_of(verdict, colours && count > 0));
  };
  const Page verdicts =
      counts.all() == 0
          ? Page("no targets")
          : Page("{} {}: {}, {}, {}", counts.all(), counts.all() == 1 ? "target" : "targets",
                 part(counts.met, Verdict::met), part(counts.degraded, Verdict::degraded),
                 part(counts.missed, Verdict::missed)) +
                (counts.inconclusive == 0 ? Page() : Page(", {}", part(counts.inconclusive, Verdict::inconclusive)));
  if (outcomes.empty()) {
    return verdicts + Page("\n");
  }
  const auto& first = outcomes.front().folder;
  return Page("{} · results in {}\n", verdicts, (outcomes.size() == 1 ? first : first.parent_path()).string());
}

}  // namespace sim::harness
