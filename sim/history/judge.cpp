// SPDX-License-Identifier: Apache-2.0
#include "sim/history/judge.hpp"

#include <algorithm>
#include <tuple>

#include "sim/history/lanes.hpp"

namespace shardproof::sim::history {
namespace {

/// The records of each key one after another, and where those of key i begin.
struct ByKey {
  explicit ByKey(const History& history);

  std::vector<std::uint32_t> begins;
  std::vector<std::uint32_t> records;
};

ByKey::ByKey(const History& history)
    : begins(history.keys().size() + 1), records(history.records().size()) {
  for (const HistoryRecord& record : history.records()) ++begins[record.key + 1];
  for (std::size_t i = 1; i < begins.size(); ++i) begins[i] += begins[i - 1];
  std::vector<std::uint32_t> next = begins;
  for (std::uint32_t i = 0; i < records.size(); ++i) {
    records[next[history.records()[i].key]++] = i;
  }
}

Finding make_finding(const History& history, std::uint32_t key, const DocumentStory& story,
                     const Contradiction& contradiction) {
  const HistoryRecord& last = story.record(contradiction.records.back());
  const bool is_over = last.outcome != HistoryRecord::Outcome::kOpen;
  const std::string& name = history.keys()[key].document->key;
  Finding finding;
  finding.key = key;
  finding.message = fmt::format("\"{}\": {}", name, contradiction.text);
  finding.time = is_over ? last.answered_at : last.asked_at;
  finding.event = is_over ? last.answered_event : last.asked_event;
  finding.lanes = lanes_of(story, contradiction, name);
  return finding;
}

}  // namespace

std::optional<Contradiction> DocumentJudge::judge(std::span<const std::uint32_t> own) {
  story_.tell(own);
  if (story_.is_ambiguous()) return std::nullopt;
  if (story_.flaw()) return story_.flaw();
  if (auto found = zones_.judge(story_)) return found;
  if (auto found = presence_.judge(story_, zones_)) return found;
  if (auto found = swaps_.judge(story_)) return found;
  return sessions_.judge(story_);
}

Judgement judge(const History& history, Staleness staleness,
                const std::function<bool(const History::Key&)>& is_excused) {
  const ByKey by_key(history);
  DocumentJudge document(history, staleness);
  Judgement judgement;
  for (std::uint32_t key = 0; key < history.keys().size(); ++key) {
    const std::span<const std::uint32_t> all(by_key.records);
    const auto own = all.subspan(by_key.begins[key], by_key.begins[key + 1] - by_key.begins[key]);
    const auto found = document.judge(own);
    judgement.documents += document.story().is_ambiguous() ? 0 : 1;
    if (!found || is_excused(history.keys()[key])) continue;
    judgement.findings.push_back(make_finding(history, key, document.story(), *found));
  }
  std::sort(judgement.findings.begin(), judgement.findings.end(),
            [](const Finding& a, const Finding& b) {
              return std::tuple(a.time, a.event, a.key) < std::tuple(b.time, b.event, b.key);
            });
  return judgement;
}

}  // namespace shardproof::sim::history
