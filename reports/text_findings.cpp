// SPDX-License-Identifier: Apache-2.0
#include "reports/text_findings.hpp"

#include <algorithm>
#include <filesystem>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "reports/client_lanes.hpp"
#include "reports/humanise.hpp"
#include "reports/pending_report.hpp"
#include "reports/table.hpp"
#include "reports/wrapped.hpp"
#include "sim/observe/shell_word.hpp"

namespace shardproof::reports {
namespace {

using sim::RunResult;

/// Printed in full; the rest is in result.json.
constexpr std::size_t kViolationsShown = 5;
constexpr std::size_t kRefusalsShown = 5;
constexpr std::size_t kUnservedShown = 5;

/// "n0 leader", or only "n0" if it has no part in the shard.
std::string node_text(const sim::ViolationRecord& violation, std::size_t i) {
  const sim::NodeRole role = violation.roles[i];
  if (role == sim::NodeRole::kNone) return fmt::format("{}", violation.nodes[i]);
  return fmt::format("{} {}", violation.nodes[i], to_string(role));
}

std::string place_text(const sim::ViolationRecord& violation) {
  std::string text = fmt::format("at {}, event {}", violation.time, human_count(violation.event));
  if (violation.shard.has_value()) text += fmt::format("; shard {}", violation.shard);
  if (violation.phase)
    text += fmt::format(", its migration in {}", sim::phase_text(violation.phase));
  for (std::size_t i = 0; i < violation.nodes.size(); ++i) {
    text += (i == 0 ? "; nodes " : ", ") + node_text(violation, i);
  }
  if (!violation.epochs.empty())
    text += fmt::format("; epochs {}", fmt::join(violation.epochs, " "));
  return text;
}

std::string violation_text(const sim::ViolationRecord& violation, const Style& style) {
  std::string text = fmt::format("{} of invariant {}, {}\n", style.red("VIOLATION"),
                                 violation.invariant, style.bold(violation.name));
  text += wrapped(violation.message) + statement_text(violation.statement, style);
  text += wrapped(place_text(violation));
  if (!violation.last_events.empty()) text += "  " + style.dim("before it:") + "\n";
  for (const sim::PastEvent& event : violation.last_events) {
    text += fmt::format("    {}\n", to_string(event));
  }
  if (!violation.lanes.operations.empty()) text += lanes_text(violation.lanes, style);
  return text;
}

std::string broken_text(const sim::ExpectationResult& expectation, sim::MetricUnit unit,
                        const Style& style) {
  std::string text = fmt::format("{} {}\n  it was {} at {}\n", style.red("NOT AS EXPECTED"),
                                 style.bold(expectation.text), human_value(unit, expectation.value),
                                 expectation.evaluated_at);
  if (!expectation.because.empty()) text += fmt::format("  because: {}\n", expectation.because);
  return text;
}

sim::MetricUnit unit_of(const sim::ExpectationResult& expectation) {
  const auto metric = sim::find_metric(expectation.metric);
  return metric ? sim::metric_catalogue()[*metric].unit : sim::MetricUnit::kRatio;
}

std::string checks_line(const RunResult& result) {
  std::uint64_t evaluations = 0;
  std::size_t idle = 0;
  for (const sim::CheckSummary& check : result.checks) {
    evaluations += check.evaluations;
    if (check.evaluations == 0) idle += 1;
  }
  const std::string found = result.violations_total == 0
                                ? "no violation"
                                : human_number_of(result.violations_total, "violation");
  std::string judged = human_number_of(result.checks.size(), "invariant");
  if (idle > 0) {
    judged = fmt::format("{} of {} had something to judge", result.checks.size() - idle, judged);
  }
  return fmt::format("{}, evaluated {} times: {}", judged,
                     human_scaled(static_cast<double>(evaluations)), found);
}

std::string faults_line(const RunResult& result) {
  std::vector<std::string> faults;
  for (const sim::FaultCount& fault : result.faults) {
    faults.push_back(fmt::format("{} {}", fault.name, human_count(fault.count)));
  }
  return fmt::format("{}", fmt::join(faults, ", "));
}

/// `s3 from 4.5 s on: 2 of the 2 disks with the acknowledged e1/i5 were destroyed`, a line each.
std::string excused_lines(const RunResult& result) {
  constexpr std::size_t kShown = 4;
  std::string text;
  for (std::size_t i = 0; i < std::min(kShown, result.excused.size()); ++i) {
    const sim::ExcusedShard& one = result.excused[i];
    text += fmt::format("  not judged: what {} holds, from {} on: {}\n", one.shard,
                        human_duration(one.time.since_start()), one.reason);
  }
  if (result.excused.size() > kShown) {
    text += fmt::format("  not judged: {}\n",
                        human_number_of(result.excused.size() - kShown, "more shard"));
  }
  return text;
}

/// `n0 next at 4.5 s, n1 next at 8 s`: who began to run which version, and when.
std::string versions_line(const RunResult& result) {
  constexpr std::size_t kShown = 8;
  std::vector<std::string> taken;
  for (const sim::VersionTaken& one : result.versions) {
    if (taken.size() == kShown) {
      taken.push_back(fmt::format("and {} more", human_count(result.versions.size() - kShown)));
      break;
    }
    taken.push_back(
        fmt::format("{} {} at {}", one.node, one.version, human_duration(one.time.since_start())));
  }
  return fmt::format("{}", fmt::join(taken, ", "));
}

/// `chaos within the budget "redundancy": crash 5 of 7 (2 refused), drop 3 of 3`.
std::string chaos_line(const sim::ChaosFigures& figures) {
  std::vector<std::string> families;
  for (const sim::ChaosCount& count : figures.families) {
    std::string text =
        fmt::format("{} {} of {}", count.family, human_count(count.struck), human_count(count.due));
    if (count.refused > 0) text += fmt::format(" ({} refused)", human_count(count.refused));
    families.push_back(std::move(text));
  }
  return fmt::format("chaos within the budget \"{}\": {}", figures.budget,
                     fmt::join(families, ", "));
}

/// `healed: a core of n0 and n2; broken for good: n1 (down)`, and what becomes of the shards that
/// nobody serves. Empty if everybody came back and every shard is served.
std::string settling_lines(const sim::SettlingFigures& figures) {
  std::string text;
  if (figures.heal == "core") {
    std::vector<std::string> broken;
    for (const auto& one : figures.broken) {
      broken.push_back(fmt::format("{} ({})", one.node, one.how));
    }
    if (broken.empty()) broken.emplace_back("nobody");
    text += wrapped(fmt::format("healed: a core of {}; broken for good: {}",
                                fmt::join(figures.core, ", "), fmt::join(broken, ", ")));
  }
  const std::size_t shown = std::min(figures.unserved.size(), kUnservedShown);
  for (std::size_t i = 0; i < shown; ++i) {
    const auto& one = figures.unserved[i];
    text += wrapped(fmt::format("{} {}: {}", one.shard,
                                one.is_possible ? "is stuck" : "cannot be served", one.reason));
  }
  if (figures.unserved.size() > shown) {
    text += fmt::format("  and {} more shards\n", figures.unserved.size() - shown);
  }
  return text;
}

std::string operator_lines(const sim::OperatorFigures& figures) {
  std::string text =
      fmt::format("operator: {}, {} done, {} refused", human_number_of(figures.commands, "command"),
                  human_count(figures.done), human_count(figures.refused));
  for (std::size_t i = 0; i < std::min(figures.refusals.size(), kRefusalsShown); ++i) {
    text += fmt::format("\n    refused: {}", figures.refusals[i]);
  }
  if (figures.refused > kRefusalsShown) {
    text += fmt::format("\n    and {} more", human_count(figures.refused - kRefusalsShown));
  }
  return text;
}

/// What `replay` is to show the events around: the violation, or else the moment at which an
/// expectation failed first; empty if there is none, or if that is the end.
std::string place_to_look_at(const RunResult& result) {
  if (!result.violations.empty()) return "violation";
  for (const sim::ExpectationResult& expectation : result.expectations) {
    const bool is_broken = !expectation.held && expectation.evaluations > 0;
    if (!is_broken) continue;
    if (expectation.evaluated_at >= Instant(result.duration)) continue;
    return fmt::format("{}", expectation.evaluated_at);
  }
  return {};
}

bool has_broken_expectation(const RunResult& result) {
  return std::any_of(result.expectations.begin(), result.expectations.end(),
                     [](const auto& one) { return !one.held && one.evaluations > 0; });
}

/// The command of another kind for the same run, by the directory of its results if there is one;
/// empty if that kind has no options for it.
std::string related_line(const RunResult& result, const std::string& directory,
                         const std::string& command, const std::vector<std::string>& more) {
  if (!directory.empty()) {
    std::string line = fmt::format("shardproof {} {}", command, sim::shell_word(directory));
    for (const std::string& argument : more) line += " " + sim::shell_word(argument);
    return line;
  }
  const auto& given = result.arguments;
  const bool has_trace = std::find(given.begin(), given.end(), "--trace") != given.end();
  if (result.command != "run" || (has_trace && command != "run")) return {};
  RunResult related;
  related.command = command;
  related.file = result.file;
  related.seed = result.seed;
  related.arguments = given;
  related.arguments.insert(related.arguments.end(), more.begin(), more.end());
  return related.replay_line();
}

/// What can be done with a run in which something was found, and the command for it, a pair of
/// lines each.
std::string next_steps(const RunResult& result, const Style& style, const std::string& directory) {
  std::string text;
  const auto step = [&](std::string_view what, const std::string& line) {
    if (line.empty()) return;
    text += fmt::format("{}:\n  {}\n", what, style.bold(style.command(line)));
  };
  step("Replay it", replay_command(result, directory));
  if (const std::string place = place_to_look_at(result); !place.empty()) {
    step("See what led there", related_line(result, directory, "replay", {"--around", place}));
  }
  if (result.verdict != sim::Verdict::kFail || result.interrupted) return text;
  step("Make it small", related_line(result, directory, "shrink", {}));
  if (directory.empty() && has_broken_expectation(result)) {
    const std::string kept = fmt::format("seed-{}", result.seed);
    step(fmt::format("Keep it, with its metrics over time ({}/series.csv)", kept),
         related_line(result, {}, "run", {"--out", kept}));
  }
  return text;
}

Table expectations_table(const RunResult& result) {
  Table table({Table::Align::kLeft, Table::Align::kLeft, Table::Align::kRight});
  for (const sim::ExpectationResult& expectation : result.expectations) {
    const char* mark = expectation.held ? "held" : expectation.evaluations > 0 ? "BROKEN" : "never";
    table.row({mark, expectation.text, human_value(unit_of(expectation), expectation.value)});
  }
  return table;
}

}  // namespace

std::string statement_text(const std::string& statement, const Style& style) {
  return statement.empty() ? "" : style.dim(wrapped("must hold: " + statement));
}

std::string replay_command(const RunResult& result, const std::string& directory) {
  if (directory.empty()) return result.replay_line();
  return "shardproof replay " + sim::shell_word(directory);
}

std::string findings_text(const RunResult& result, const Style& style,
                          const std::string& directory) {
  std::string text;
  const std::size_t shown = std::min(result.violations.size(), kViolationsShown);
  for (std::size_t i = 0; i < shown; ++i)
    text += violation_text(result.violations[i], style) + "\n";
  if (result.violations_total > shown) {
    text += fmt::format("and {}\n\n",
                        human_number_of(result.violations_total - shown, "more violation"));
  }
  if (!result.pending.empty()) {
    text += style.bold("Pending") + "\n" + pending_text(result.pending, style) + "\n";
  }
  for (const sim::ExpectationResult& expectation : result.expectations) {
    if (expectation.held || expectation.evaluations == 0) continue;
    text += broken_text(expectation, unit_of(expectation), style) + "\n";
  }
  for (const std::string& reason : result.undecided) {
    text += fmt::format("{} {}\n", style.yellow("UNDECIDED"), reason);
  }
  if (!result.undecided.empty()) text += "\n";
  if (text.empty()) return text;
  if (!directory.empty() && has_broken_expectation(result)) {
    text += fmt::format("How its metrics went over time: {}\n",
                        (std::filesystem::path(directory) / "series.csv").string());
  }
  return text + next_steps(result, style, directory) + "\n";
}

std::string refusals_text(const RunResult& result, const Style& style) {
  const sim::OperatorFigures& figures = result.operators;
  if (figures.refused == 0) return {};
  std::string text =
      fmt::format("  {} of {} of operators, {} refused", style.yellow("warning:"),
                  human_number_of(figures.commands, "command"), human_count(figures.refused));
  if (!figures.refusals.empty()) text += fmt::format(", first: {}", figures.refusals.front());
  return text + "\n";
}

std::string judged_text(const RunResult& result, const Style& style) {
  std::string text = style.bold("Judged") + "\n";
  text += fmt::format("  {}\n", checks_line(result));
  if (!result.fired.empty()) {
    const auto fired = std::count_if(result.fired.begin(), result.fired.end(),
                                     [](const sim::FiredEvent& event) { return event.fired > 0; });
    text += fmt::format("  {} of {} fired\n", fired,
                        human_number_of(result.fired.size(), "scripted event"));
  }
  if (result.operators.commands > 0) {
    text += fmt::format("  {}\n", operator_lines(result.operators));
  }
  if (!result.faults.empty()) text += fmt::format("  faults: {}\n", faults_line(result));
  if (!result.versions.empty()) text += fmt::format("  versions: {}\n", versions_line(result));
  if (result.chaos) text += fmt::format("  {}\n", chaos_line(*result.chaos));
  text += excused_lines(result);
  if (result.settling) text += settling_lines(*result.settling);
  text += expectations_table(result).text(style);
  for (const std::string& warning : result.warnings) {
    text += fmt::format("  {} {}\n", style.yellow("warning:"), warning);
  }
  return text;
}

}  // namespace shardproof::reports
