// SPDX-License-Identifier: Apache-2.0
#include "reports/campaign_report.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include "reports/humanise.hpp"
#include "reports/named_counts_json.hpp"
#include "reports/text_findings.hpp"
#include "reports/wrapped.hpp"

namespace shardproof::reports {
namespace {

using Json = nlohmann::ordered_json;

/// Of the share of seeds that fail, if none of n did: at 95 % confidence it is below this.
double failure_rate_bound(std::uint64_t seeds) {
  if (seeds == 0) return 1;
  return 1 - std::pow(0.05, 1 / static_cast<double>(seeds));
}

std::string speed_text(const sim::CampaignResult& result) {
  const double seconds = static_cast<double>(result.wall_ns) / 1e9;
  const double job_seconds = seconds * static_cast<double>(result.jobs);
  return fmt::format(
      "{} events, {} simulated, in {} with {}: {} seeds and {} events per second and "
      "job",
      human_scaled(static_cast<double>(result.events)), human_duration(result.simulated),
      human_duration(static_cast<double>(result.wall_ns)), human_number_of(result.jobs, "job"),
      human_scaled(static_cast<double>(result.seeds_run - result.resumed_seeds) / job_seconds),
      human_scaled(static_cast<double>(result.events - result.resumed_events) / job_seconds));
}

std::string finding_text(const sim::CampaignFinding& finding, const Style& style) {
  std::string text =
      fmt::format("{} {}\n", style.red("FINDING"), style.bold(finding.failure.fingerprint));
  text += wrapped(finding.failure.message) + statement_text(finding.failure.statement, style);
  const bool are_all = finding.count <= finding.seeds.size();
  text += wrapped(fmt::format("in {}: seed{} {}{}", human_number_of(finding.count, "run"),
                              finding.count == 1 ? "" : "s", fmt::join(finding.seeds, ", "),
                              are_all ? "" : ", ..."));
  if (!finding.scenario.empty()) text += fmt::format("  its scenario: {}\n", finding.scenario);
  return text + fmt::format("  replay it: {}\n\n", style.command(finding.replay));
}

std::string canary_text(const sim::Canary& canary, const Style& style) {
  if (canary.seed) {
    return fmt::format("    canary: without the rule {} it fails at seed {}\n", canary.rule,
                       *canary.seed);
  }
  return style.red(fmt::format("    canary: that the rule {} is off was not noticed: silence means "
                               "nothing",
                               canary.rule)) +
         "\n";
}

/// "    70 of 72 probes hit; never: ...", wrapped; nothing if no probes were counted.
std::string probes_text(const std::vector<sim::NamedCount>& probes) {
  if (probes.empty()) return {};
  std::vector<std::string_view> missed;
  for (const sim::NamedCount& probe : probes) {
    if (probe.count == 0) missed.push_back(probe.name);
  }
  std::string text = fmt::format("    {} of {} hit\n", human_count(probes.size() - missed.size()),
                                 human_number_of(probes.size(), "probe"));
  for (const std::string_view name : missed) text += fmt::format("    never hit: {}\n", name);
  return text;
}

/// "      in 12 runs: crash: n# was down already", for the most frequent kinds of reasons.
std::string kinds_text(const std::vector<sim::NamedCount>& kinds) {
  constexpr std::size_t kShown = 5;
  if (kinds.size() == 1) return {};
  std::string text;
  for (std::size_t i = 0; i < std::min(kShown, kinds.size()); ++i) {
    text += fmt::format("      in {}: {}\n", human_number_of(kinds[i].count, "run"), kinds[i].name);
  }
  if (kinds.size() <= kShown) return text;
  return text + fmt::format("      and {} more reasons\n", kinds.size() - kShown);
}

Json canary_json(const std::optional<sim::Canary>& canary) {
  if (!canary) return nullptr;
  return {{"rule", canary->rule}, {"seed", canary->seed ? Json(*canary->seed) : Json(nullptr)}};
}

}  // namespace

std::string campaign_text(const sim::CampaignResult& result, const Style& style) {
  std::string text;
  for (const sim::CampaignFinding& finding : result.findings) text += finding_text(finding, style);
  const std::string verdict = result.has_findings() ? style.red("FAIL") : style.green("PASS");
  const std::string part = result.shard.empty() ? "" : fmt::format(" (part {})", result.shard);
  text += fmt::format("{}  {} from {} on{}, {}\n", verdict,
                      human_number_of(result.seeds_run, "seed"), result.first_seed, part,
                      result.has_findings()
                          ? human_number_of(result.findings.size(), "kind") + " of finding"
                          : "no finding");
  if (result.resumed_seeds < result.seeds_run) {
    text += fmt::format("    {}\n", speed_text(result));
  }
  if (result.resumed_seeds > 0) {
    text +=
        fmt::format("    {} of them done before\n", human_number_of(result.resumed_seeds, "seed"));
  }
  text += fmt::format("    {} made twice with equal digests\n",
                      human_number_of(result.runs_again, "run"));
  text += probes_text(result.probes);
  if (result.inconclusive > 0) {
    text += fmt::format("    {} in which something scripted never came about\n",
                        human_number_of(result.inconclusive, "run"));
    if (result.inconclusive_seed && !result.inconclusive_reason.empty()) {
      text +=
          fmt::format("      seed {}: {}\n", *result.inconclusive_seed, result.inconclusive_reason);
    }
    text += kinds_text(result.inconclusive_kinds);
  }
  if (result.excused > 0) {
    text += fmt::format("    {} in which what some shard holds was not judged to the end\n",
                        human_number_of(result.excused, "run"));
  }
  if (!result.has_findings() && result.seeds_run > 0) {
    text += fmt::format(
        "    at 95 % confidence fewer than one seed in {} fails\n",
        human_count(static_cast<std::uint64_t>(1 / failure_rate_bound(result.seeds_run))));
  }
  if (result.canary) text += canary_text(*result.canary, style);
  if (result.interrupted)
    text += style.yellow("    interrupted: seeds under way were dropped") + "\n";
  return text;
}

std::string campaign_json(const sim::CampaignResult& result) {
  Json findings = Json::array();
  for (const sim::CampaignFinding& finding : result.findings) {
    findings.push_back({{"fingerprint", finding.failure.fingerprint},
                        {"message", finding.failure.message},
                        {"statement", finding.failure.statement},
                        {"count", finding.count},
                        {"seeds", finding.seeds},
                        {"scenario", finding.scenario},
                        {"replay", finding.replay}});
  }
  const Json bound =
      result.has_findings() ? Json(nullptr) : Json(failure_rate_bound(result.seeds_run));
  const Json document = {{"verdict", result.has_findings() ? "fail" : "pass"},
                         {"first_seed", result.first_seed},
                         {"shard", result.shard.empty() ? Json(nullptr) : Json(result.shard)},
                         {"seeds_run", result.seeds_run},
                         {"runs_again", result.runs_again},
                         {"inconclusive", result.inconclusive},
                         {"inconclusive_kinds", named_counts_json(result.inconclusive_kinds)},
                         {"excused", result.excused},
                         {"events", result.events},
                         {"simulated_ns", result.simulated.count()},
                         {"failure_rate_upper_bound", bound},
                         {"probes", named_counts_json(result.probes)},
                         {"canary", canary_json(result.canary)},
                         {"findings", findings}};
  return document.dump(2) + "\n";
}

}  // namespace shardproof::reports
