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
  // Whoever has an old copy may be caught up.
  const ShardFacts& shard = oracle_.shard(after.id);
  const Instant decided_at = std::min(at.true_time, shard.proposed_at);
  const bool is_known_full = node.full_since != Instant::never() &&
                             decided_at - node.full_since > oracle_.config().disk_unknown_for();
  if (!is_known_full || shard.find(target) != nullptr) return;
  report(at, {after.id, {target, author}, {after.epoch}},
         fmt::format("{} gave a copy of {} to {}, whose disk had been full for {} ({} of {})",
                     author, after.id, target, human_duration(decided_at - node.full_since),
                     human_bytes(node.used), human_bytes(node.capacity)));
}

void Capacity::on(const hook::Settled& settled, const At& at) {
  for (std::uint32_t i = 0; i < settled.view.node_count(); ++i) {
    const NodeId node(i);
    if (!settled.view.is_up(node)) continue;
    evaluated();
    const std::vector<FileId> needed = settled.view.store(node).files();
    std::vector<FileId> left;
    for (const FileId file : settled.view.files(node)) {
      if (!std::binary_search(needed.begin(), needed.end(), file)) left.push_back(file);
    }
    if (left.empty()) continue;
    report(at, {ShardId::none(), {node}, {}},
           fmt::format("settled, and the disk of {} still has {} that its store does not need, the "
                       "first of number {}",
                       node, human_number_of(left.size(), "file"), left.front().value));
  }
}

}  // namespace shardproof::sim::check
