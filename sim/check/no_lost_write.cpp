// SPDX-License-Identifier: Apache-2.0
#include "sim/check/no_lost_write.hpp"

namespace shardproof::sim::check {

void NoLostWrite::on_change(ShardId id, Version end, const char* what, const At& at) {
  evaluated();
  ShardFacts& shard = oracle_.shard(id);
  if (shard.excused || shard.survivors(at.node, end) > 0) return;
  const std::uint32_t before = shard.survivors();
  if (before == 0) return;
  if (shard.destroyed > 0 && shard.destroyed >= shard.promised) {
    shard.excused = true;
    return;
  }
  report(at, {id, {at.node}, {shard.acknowledged.epoch, end.epoch}},
         fmt::format("{} {}: it was the last copy of {} that held the acknowledged {}, which {} "
                     "copies had when it was acknowledged ({} disks with it were destroyed since)",
                     at.node, what, id, shard.acknowledged, shard.promised, shard.destroyed));
  // What follows from a loss is not a finding of its own.
  shard.excused = true;
}

void NoLostWrite::on(const fact::TailTruncated& tail, const At& at) {
  const ShardFacts& shard = oracle_.shard(tail.shard);
  const HeldCopy* copy = shard.find(at.node);
  if (copy == nullptr || tail.last_kept >= copy->durable.index) return;
  on_change(tail.shard, shard.lineage.version_at(copy->durable, tail.last_kept),
            "cut off its log's tail", at);
}

void NoLostWrite::on(const fact::CopyInstalled& copy, const At& at) {
  const HeldCopy* held = oracle_.shard(copy.shard).find(at.node);
  if (held != nullptr) on_change(copy.shard, copy.applied, "installed another copy over its own", at);
}

void NoLostWrite::on(const fact::CopyDropped& copy, const At& at) {
  on_change(copy.shard, Version::zero(), "dropped its copy", at);
}

void NoLostWrite::on(const fact::CopyRecovered& copy, const At& at) {
  on_change(copy.shard, copy.last, "recovered less than it had", at);
}

void NoLostWrite::on(const fact::CopyCreated& copy, const At& at) {
  on_change(copy.shard, Version::zero(), "began an empty copy", at);
}

void NoLostWrite::on(const hook::DiskDestroyed&, const At& at) {
  for (std::uint32_t i = 0; i < oracle_.shard_count(); ++i) {
    ShardFacts& shard = oracle_.shard(ShardId(i));
    if (!shard.holds(at.node, shard.acknowledged)) continue;
    // This disk counts among the destroyed ones.
    ++shard.destroyed;
    on_change(ShardId(i), Version::zero(), "lost its disk", at);
    --shard.destroyed;
  }
}

}  // namespace shardproof::sim::check
