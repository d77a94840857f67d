// SPDX-License-Identifier: Apache-2.0
#include "sim/check/no_lost_write.hpp"

#include <algorithm>

namespace shardproof::sim::check {

NoLostWrite::Content NoLostWrite::content_of(const CollectionConfig& collection) const {
  Content content;
  for (std::uint32_t i = 0; i < collection.num_shards; ++i) {
    const ShardFacts& shard = oracle_.shard(ShardId(collection.first_shard.value() + i));
    std::uint32_t index = shard.first_key;
    for (; index != KeyState::kNoKey; index = oracle_.keys().at(index).next) {
      const KeyState& key = oracle_.keys().at(index);
      if (key.tombstone || key.applied == Version::zero()) continue;
      content.documents += 1;
      content.keys += mix64(key.tag.hash);
      content.stored += oracle_.keys().detail(key).stored;
    }
  }
  return content;
}

void NoLostWrite::on(const hook::Committing& commit, const At& at) {
  for (const Record& record : commit.delta.records) {
    const auto* after = std::get_if<CollectionConfig>(&record);
    if (after == nullptr || after->successor.is_none()) continue;
    const CollectionConfig* before = oracle_.table().find_collection(after->id);
    // Of a move that is given up the documents have stayed where they were.
    if (before == nullptr || before->moving_to != after->successor) continue;
    if (oracle_.shard(before->first_shard).excused) continue;
    evaluated();
    const Content left = content_of(*before);
    const Content arrived = content_of(*oracle_.table().find_collection(after->successor));
    if (left == arrived) continue;
    report(
        at, {before->first_shard, {commit.author}, {}},
        fmt::format("{} committed that {} succeeds {} of {}: {} documents of {} live there, and {} "
                    "of {} in {}",
                    commit.author, after->successor, after->id, after->full_name(),
                    arrived.documents, arrived.stored, left.documents, left.stored, after->id));
  }
}

void NoLostWrite::on_change(ShardId id, Version end, const char* what, const At& at) {
  // What it held is in another collection: see there.
  if (oracle_.table().shards()[id.value()].status == ShardStatus::Retired) return;
  evaluated();
  ShardFacts& shard = oracle_.shard(id);
  if (shard.excused || shard.survivors(at.node, end) > 0) return;
  const std::uint32_t before = shard.survivors();
  if (before == 0) return;
  if (shard.destroyed > 0 && shard.destroyed >= shard.promised) {
    oracle_.excuse(id,
                   fmt::format("{} of the {} disks with the acknowledged {} were destroyed",
                               shard.destroyed, shard.promised, shard.acknowledged),
                   at);
    return;
  }
  report(at, {id, {at.node}, {shard.acknowledged.epoch, end.epoch}},
         fmt::format("{} {}: it was the last copy of {} that held the acknowledged {}, which is "
                     "to be on {} disks ({} disks with it were destroyed since)",
                     at.node, what, id, shard.acknowledged, shard.promised, shard.destroyed));
  // What follows from a loss is not a finding of its own.
  oracle_.excuse(id, "its loss is a violation", at);
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
  if (held != nullptr)
    on_change(copy.shard, copy.applied, "installed another copy over its own", at);
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
    on_destroyed(ShardId(i), "lost its disk", at);
  }
}

void NoLostWrite::on(const hook::Booted&, const At& at) {
  if (!oracle_.node(at.node).was_disk_rotten) return;
  for (std::uint32_t i = 0; i < oracle_.shard_count(); ++i) {
    const HeldCopy* copy = oracle_.shard(ShardId(i)).find(at.node);
    if (copy == nullptr || !copy->awaits_recovery) continue;
    on_destroyed(ShardId(i), "lost its copy to damage of the disk", at);
  }
}

void NoLostWrite::on_destroyed(ShardId id, const char* what, const At& at) {
  ShardFacts& shard = oracle_.shard(id);
  if (shard.holds(at.node, shard.acknowledged)) {
    // This disk counts among the destroyed ones.
    ++shard.destroyed;
    on_change(id, Version::zero(), what, at);
    --shard.destroyed;
  }
  // What it alone had applied without anybody having been told is lost without a finding, and a
  // successor goes on from before it.
  const bool others_go_on =
      std::any_of(shard.copies.begin(), shard.copies.end(), [&](const HeldCopy& copy) {
        return copy.node != at.node && shard.holds(copy.node, shard.applied);
      });
  if (!shard.holds(at.node, shard.applied) || others_go_on) return;
  oracle_.excuse(
      id, fmt::format("{}, applied on one disk and told to nobody, went with it", shard.applied),
      at);
}

}  // namespace shardproof::sim::check
