// SPDX-License-Identifier: Apache-2.0
#include "sim/observe/run_result.hpp"

#include <algorithm>

#include "core/base/check.hpp"
#include "sim/observe/shell_word.hpp"

namespace shardproof::sim {
namespace {

bool is_failure(const RunResult& result) {
  const auto is_broken = [](const ExpectationResult& expectation) {
    return expectation.evaluations > 0 && !expectation.held;
  };
  return result.violations_total > 0 ||
         std::any_of(result.expectations.begin(), result.expectations.end(), is_broken);
}

std::vector<std::string> reasons_undecided(const RunResult& result) {
  std::vector<std::string> reasons;
  if (result.interrupted) {
    reasons.push_back(fmt::format("the run was interrupted at {} of {}", Instant(result.simulated),
                                  Instant(result.duration)));
  }
  const auto is_idle = [](const CheckSummary& check) { return check.evaluations == 0; };
  if (std::all_of(result.checks.begin(), result.checks.end(), is_idle)) {
    reasons.push_back("no check was ever evaluated");
  }
  // What an early end left out is no fault of the scenario.
  if (result.simulated < result.duration) return reasons;
  for (const ExpectationResult& expectation : result.expectations) {
    if (expectation.evaluations > 0) continue;
    reasons.push_back(fmt::format("never evaluated: {}", expectation.text));
  }
  for (const FiredEvent& event : result.fired) {
    if (event.fired > 0) continue;
    const bool was_due = !event.why_not.empty();
    reasons.push_back(fmt::format("never fired: {}: {}", event.text,
                                  was_due ? event.why_not : "its condition never became true"));
  }
  return reasons;
}

}  // namespace

std::string RunResult::replay_line() const {
  std::string line = fmt::format("shardproof {}{}{} --seed {}", command, file.empty() ? "" : " ",
                                 file.empty() ? "" : shell_word(file), seed);
  for (const std::string& argument : arguments) line += " " + shell_word(argument);
  return line;
}

const MetricResult* RunResult::find_metric(std::string_view name) const {
  const auto found = std::lower_bound(
      metrics.begin(), metrics.end(), name,
      [](const MetricResult& metric, std::string_view wanted) { return metric.name < wanted; });
  return found == metrics.end() || found->name != name ? nullptr : &*found;
}

void judge(RunResult& result) {
  result.undecided = reasons_undecided(result);
  result.verdict = Verdict::kPass;
  if (!result.undecided.empty()) result.verdict = Verdict::kInconclusive;
  if (is_failure(result)) result.verdict = Verdict::kFail;
}

std::string to_string(const PastEvent& event) {
  return fmt::format("{} #{} {}", event.time, event.event, event.text);
}

std::string_view to_string(NodeRole role) {
  switch (role) {
    case NodeRole::kSource: return "source";
    case NodeRole::kTarget: return "target";
    case NodeRole::kLeader: return "leader";
    case NodeRole::kReplica: return "replica";
    case NodeRole::kLearner: return "learner";
    case NodeRole::kCoordinator: return "coordinator";
    case NodeRole::kNone: return "none";
  }
  SHARDPROOF_CHECK(false, "role {}", static_cast<int>(role));
  return {};
}

std::string_view phase_text(const std::optional<MigrationPhase>& phase) {
  if (!phase) return "none";
  switch (*phase) {
    case MigrationPhase::Prepare: return "prepare";
    case MigrationPhase::Copy: return "copy";
    case MigrationPhase::Sync: return "sync";
    case MigrationPhase::Switch: return "switch";
    case MigrationPhase::Cleanup: return "cleanup";
  }
  SHARDPROOF_CHECK(false, "phase {}", static_cast<int>(*phase));
  return {};
}

std::string_view to_string(Verdict verdict) {
  switch (verdict) {
    case Verdict::kPass: return "pass";
    case Verdict::kFail: return "fail";
    case Verdict::kInconclusive: return "inconclusive";
  }
  SHARDPROOF_CHECK(false, "verdict {}", static_cast<int>(verdict));
  return {};
}

}  // namespace shardproof::sim
