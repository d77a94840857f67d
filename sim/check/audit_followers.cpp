// SPDX-License-Identifier: Apache-2.0
//
// What leaders believe of other copies, against what those have stated.
#include "sim/check/ack_honesty.hpp"
#include "sim/check/audit.hpp"
#include "sim/check/wording.hpp"

namespace shardproof::sim::check {

void Audit::audit_followers(const LeaderSight& sight, ShardId shard, const At& at) {
  const ShardFacts& facts = oracle_.shard(shard);
  if (facts.excused) return;
  for (const FollowerSight& follower : sight.followers) {
    findings_.evaluated(AckHonesty::kInvariant.number);
    const HeldCopy* copy = facts.find(follower.node);
    // That a disk is gone is known only when its node has said so.
    const bool is_there = copy != nullptr && !copy->destroyed && !copy->awaits_recovery;
    if (!is_there || facts.lineage.contains(copy->durable, follower.matched)) continue;
    report(AckHonesty::kInvariant, shard, follower.node, at,
           fmt::format(
               "{}, which leads {}, takes it for durable at {} up to {}, and {} is there; {}{}",
               facts.serving, shard, follower.node, follower.matched, copy->durable,
               word_text(*copy, facts, follower.matched, findings_),
               begun_empty_text(*copy, findings_)));
  }
}

/// Entries behind the last one that is applied are not known to be committed, and everything is
/// when nothing is left to happen. Whoever has found them on its disk after a crash is told with
/// the next write only.
void Audit::settle_tail(const AuditView& view, const ShardInfo& shard, NodeId node, const At& at) {
  const HeldCopy* copy = oracle_.shard(shard.id).find(node);
  if (copy == nullptr || copy->durable == copy->recovered) return;
  const CopyState state = view.store(node).state(shard.id);
  if (state.tail.empty()) return;
  report(kReplicationRestored, shard.id, node, at,
         fmt::format("settled, and {} has {} entries of {} behind {} that it does not know to be "
                     "committed, the last one {}",
                     node, state.tail.size(), shard.id, state.applied, state.tail.back()->version));
}

}  // namespace shardproof::sim::check
