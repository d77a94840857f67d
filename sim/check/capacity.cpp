// SPDX-License-Identifier: Apache-2.0
#include "sim/check/capacity.hpp"

#include <algorithm>

#include "core/base/humanise.hpp"

namespace shardproof::sim::check {

void Capacity::on(const hook::DiskUsed& disk, const At& at) {
  evaluated();
  if (disk.capacity == Bytes(0) || disk.used <= disk.capacity) return;
  report(at, {ShardId::none(), {at.node}, {}},
         fmt::format("the disk of {} holds {} of {}", at.node, human_bytes(disk.used),
                     human_bytes(disk.capacity)));
}

void Capacity::on(const hook::Committing& commit, const At& at) {
  for (const Record& record : commit.delta.records) {
    const auto* after = std::get_if<ShardInfo>(&record);
    if (after == nullptr) continue;
    const ShardInfo* before = oracle_.table().find_shard(after->id);
    if (before == nullptr) continue;
    for (const NodeId node : after->learners) {
      if (contains(before->learners, node) || contains(before->replicas, node)) continue;
      check_target(*after, node, commit.author, at);
    }
  }
}

void Capacity::check_target(const ShardInfo& after, NodeId target, NodeId author, const At& at) {
  evaluated();
  const NodeFacts& node = oracle_.node(target);
  const Timing& timing = oracle_.config().longest;
  // The coordinator knows of a disk by reports; and whoever has an old copy may be caught up.
  const Nanoseconds delay = timing.report_interval * 3 + timing.node_lease;
  const ShardFacts& shard = oracle_.shard(after.id);
  const Instant decided_at = std::min(at.true_time, shard.proposed_at);
  const bool is_known_full =
      node.full_since != Instant::never() && decided_at - node.full_since > delay;
  if (!is_known_full || shard.find(target) != nullptr) return;
  report(at, {after.id, {target, author}, {after.epoch}},
         fmt::format("{} gave a copy of {} to {}, whose disk had been full for {} ({} of {})",
                     author, after.id, target, human_duration(decided_at - node.full_since),
                     human_bytes(node.used), human_bytes(node.capacity)));
}

}  // namespace shardproof::sim::check
