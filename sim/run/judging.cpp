// SPDX-License-Identifier: Apache-2.0
//
// After a run: what clients asked and were told is judged once more, without a look inside.
#include <algorithm>

#include "core/shard_key.hpp"
#include "sim/check/replica_reads.hpp"
#include "sim/history/judge.hpp"
#include "sim/run/simulation.hpp"

namespace shardproof::sim {

bool Simulation::is_excused(const History::Key& key) const {
  const std::vector<ExcusedShard> excused = checks_.excused();
  if (excused.empty()) return false;
  const auto is_among_them = [&](ShardId shard) {
    return std::any_of(excused.begin(), excused.end(),
                       [&](const ExcusedShard& one) { return one.shard == shard; });
  };
  const ShardTable& table = cluster_.committed();
  const CollectionConfig* collection = table.find_collection(key.collection);
  while (collection != nullptr) {
    const auto shard = route(*collection, *key.document);
    if (shard && is_among_them(*shard)) return true;
    collection = table.find_collection(collection->successor);
  }
  return false;
}

void Simulation::judge_history() {
  if (!history_.is_recording()) return;
  history::Judgement judgement =
      history::judge(history_, {check::age_max(check_config_)},
                     [this](const History::Key& key) { return is_excused(key); });
  std::vector<ViolationRecord> violations;
  for (history::Finding& finding : judgement.findings) {
    const History::Key& key = history_.keys()[finding.key];
    ViolationRecord& violation = violations.emplace_back();
    violation.message = std::move(finding.message);
    violation.time = finding.time;
    violation.event = finding.event;
    violation.lanes = std::move(finding.lanes);
    const CollectionConfig* collection =
        cluster_.committed().find_serving_collection(key.collection);
    if (collection == nullptr) continue;
    const auto shard = route(*collection, *key.document);
    if (!shard) continue;
    violation.shard = *shard;
    violation.message +=
        fmt::format("; the document is in {} of {}", *shard, collection->full_name());
  }
  checks_.on_judged(judgement.documents, std::move(violations));
}

}  // namespace shardproof::sim
