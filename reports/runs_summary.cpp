// SPDX-License-Identifier: Apache-2.0
#include "reports/runs_summary.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include "core/base/humanise.hpp"
#include "sim/observe/shell_word.hpp"

namespace shardproof::reports {
namespace {

using Json = nlohmann::ordered_json;

using Group = RunsSummary::Group;
using sim::RunResult;
using sim::Verdict;

/// Named on a line; the rest is counted.
constexpr std::size_t kSeedsShown = 8;

void add_once(std::vector<std::string>& texts, std::string text) {
  if (std::find(texts.begin(), texts.end(), text) == texts.end()) texts.push_back(std::move(text));
}

bool is_same(const Group& a, const Group& b) {
  return a.verdict == b.verdict && a.scenario == b.scenario && a.what == b.what;
}

std::vector<Group> groups_of(const RunResult& result) {
  std::vector<Group> groups;
  for (const std::string& what : findings_of(result)) {
    groups.push_back({result.verdict, result.scenario, what, 0, {}, {}, {}});
  }
  return groups;
}

/// The order in which groups are told.
int rank(const Group& group) {
  if (!group.verdict) return 1;
  return *group.verdict == Verdict::kFail ? 0 : 2;
}

std::string word_of(const Group& group) {
  return group.verdict ? std::string(to_string(*group.verdict)) : "error";
}

std::string heading(const Group& group, const Style& style) {
  if (!group.verdict) return style.red("ERROR");
  return *group.verdict == Verdict::kFail ? style.red("FAIL") : style.yellow("INCONCLUSIVE");
}

std::string seeds_text(const Group& group) {
  const std::size_t shown = std::min(group.seeds.size(), kSeedsShown);
  std::string text =
      fmt::format("{} {}", group.runs == 1 ? "seed" : "seeds",
                  fmt::join(group.seeds.begin(),
                            group.seeds.begin() + static_cast<std::ptrdiff_t>(shown), ", "));
  if (group.runs > shown) text += fmt::format(" and {} more", human_count(group.runs - shown));
  return text;
}

}  // namespace

std::vector<std::string> findings_of(const RunResult& result) {
  std::vector<std::string> findings;
  for (const sim::ViolationRecord& violation : result.violations) {
    add_once(findings, fmt::format("invariant {}, {}", violation.invariant, violation.name));
  }
  for (const sim::ExpectationResult& expectation : result.expectations) {
    if (expectation.held || expectation.evaluations == 0) continue;
    add_once(findings, "expected " + expectation.text);
  }
  if (!findings.empty()) return findings;
  for (const std::string& reason : result.undecided) add_once(findings, reason);
  return findings;
}

void RunsSummary::count(const Group& finding, const RunResult& result,
                        const std::string& directory) {
  auto found = std::find_if(groups_.begin(), groups_.end(),
                            [&finding](const Group& group) { return is_same(group, finding); });
  if (found == groups_.end()) {
    found = groups_.insert(groups_.end(), finding);
    found->replay = result.replay_line();
    found->directory = directory;
  }
  found->runs += 1;
  if (found->seeds.size() < kSeedsKept) found->seeds.push_back(result.seed);
}

bool RunsSummary::is_known(const RunResult& result) const {
  const std::vector<Group> wanted = groups_of(result);
  return std::all_of(wanted.begin(), wanted.end(), [this](const Group& finding) {
    return std::any_of(groups_.begin(), groups_.end(),
                       [&finding](const Group& group) { return is_same(group, finding); });
  });
}

void RunsSummary::add(const RunResult& result, const std::string& directory) {
  switch (result.verdict) {
    case Verdict::kPass: passed_ += 1; break;
    case Verdict::kFail: failed_ += 1; break;
    case Verdict::kInconclusive: inconclusive_ += 1; break;
  }
  events_ += result.events;
  for (const Group& finding : groups_of(result)) count(finding, result, directory);
}

void RunsSummary::add_error(const RunResult& place, const std::string& message) {
  errors_ += 1;
  count({std::nullopt, place.scenario, message, 0, {}, {}, {}}, place, {});
}

std::vector<Group> RunsSummary::groups() const {
  std::vector<Group> sorted = groups_;
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const Group& a, const Group& b) { return rank(a) < rank(b); });
  return sorted;
}

std::string RunsSummary::counts_text() const {
  std::string text =
      fmt::format("{}: {} passed, {} failed, {} inconclusive", human_number_of(planned_, "run"),
                  human_count(passed_), human_count(failed_), human_count(inconclusive_));
  if (errors_ > 0) text += fmt::format(", {} ended by an error", human_count(errors_));
  if (planned_ > done()) text += fmt::format(", {} not done", human_count(planned_ - done()));
  return text;
}

std::string RunsSummary::text(std::uint64_t wall_ns, const Style& style) const {
  std::string text = style.bold(counts_text()) + "\n";
  text += fmt::format("  {} in {}\n", human_number_of(events_, "event"),
                      human_duration(static_cast<double>(wall_ns)));
  for (const Group& group : groups()) {
    const std::string replay = group.directory.empty()
                                   ? group.replay
                                   : "shardproof replay " + sim::shell_word(group.directory);
    text += fmt::format("\n{}  {}  {}: {}\n  {}\n  {}\n", heading(group, style), group.scenario,
                        human_number_of(group.runs, "run"), group.what, seeds_text(group),
                        style.bold(style.command(replay)));
  }
  return text;
}

std::string RunsSummary::json() const {
  Json findings = Json::array();
  for (const Group& group : groups()) {
    findings.push_back({{"verdict", word_of(group)},
                        {"scenario", group.scenario},
                        {"what", group.what},
                        {"runs", group.runs},
                        {"seeds", group.seeds},
                        {"replay", group.replay}});
  }
  const Json summary{{"runs", planned_},  {"passed", passed_},
                     {"failed", failed_}, {"inconclusive", inconclusive_},
                     {"errors", errors_}, {"not_done", planned_ - done()},
                     {"events", events_}, {"findings", std::move(findings)}};
  return Json{{"summary", summary}}.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace shardproof::reports
