// SPDX-License-Identifier: Apache-2.0
#include "sim/check/no_lost_write.hpp"

#include <algorithm>
#include <tuple>

#include "sim/check/key_names.hpp"
#include "sim/check/wording.hpp"

namespace shardproof::sim::check {
namespace {

/// How far the disks reach now: "n1 has no more than e1/i4 left, n0 has e1/i3".
std::string left_text(const ShardFacts& shard, NodeId node, Version end) {
  std::string text = end == Version::zero() ? fmt::format("{} has nothing left", node)
                                            : fmt::format("{} has {} left", node, end);
  for (const HeldCopy& copy : shard.copies) {
    if (copy.node == node) continue;
    text += fmt::format(", {} has {}{}", copy.node, copy.durable,
                        copy.destroyed ? " on a disk that was destroyed" : "");
  }
  return text;
}

}  // namespace

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
    report_move(*before, left, *oracle_.table().find_collection(after->successor), arrived,
                commit.author, at);
  }
}

std::vector<NoLostWrite::Living> NoLostWrite::living_in(const CollectionConfig& collection) const {
  std::vector<Living> all;
  for (std::uint32_t i = 0; i < collection.num_shards; ++i) {
    const ShardId id(collection.first_shard.value() + i);
    std::uint32_t index = oracle_.shard(id).first_key;
    for (; index != KeyState::kNoKey; index = oracle_.keys().at(index).next) {
      const KeyState& key = oracle_.keys().at(index);
      if (key.tombstone || key.applied == Version::zero()) continue;
      all.push_back({key.tag.hash, oracle_.keys().detail(key).stored, id, key.applied});
    }
  }
  std::sort(all.begin(), all.end(), [](const Living& a, const Living& b) {
    return std::tie(a.hash, a.stored, a.shard) < std::tie(b.hash, b.stored, b.shard);
  });
  return all;
}

void NoLostWrite::report_move(const CollectionConfig& from, const Content& left,
                              const CollectionConfig& to, const Content& arrived, NodeId author,
                              const At& at) {
  const std::vector<Living> before = living_in(from);
  const std::vector<Living> after = living_in(to);
  std::size_t i = 0;
  while (i < before.size() && i < after.size() && before[i].hash == after[i].hash &&
         before[i].stored == after[i].stored) {
    ++i;
  }
  const bool is_lost = i < before.size() && (i == after.size() || before[i].hash <= after[i].hash);
  const Living& one = is_lost ? before[i] : after[i];
  const bool is_other = is_lost && i < after.size() && before[i].hash == after[i].hash;
  report(at, {from.first_shard, {author}, {}},
         fmt::format("{} committed that {} ({}) succeeds {} ({}) of {}: {} documents of {} live "
                     "there, and {} of {} in {}; a document of {} at {} {}",
                     author, to.id, shards_text(to), from.id, shards_text(from), from.full_name(),
                     arrived.documents, arrived.stored, left.documents, left.stored, from.id,
                     one.shard, one.version,
                     is_other  ? fmt::format("is another one in {}", after[i].shard)
                     : is_lost ? fmt::format("is not in {}", to.id)
                               : fmt::format("was not in {}", from.id)),
         [shard = one.shard, hash = one.hash](const AuditView& view) {
           return key_text(view, shard, hash);
         });
}

std::vector<std::uint64_t> NoLostWrite::lost_keys(ShardId id, NodeId node, Version end) const {
  const ShardFacts& shard = oracle_.shard(id);
  const auto is_left = [&](Version version) {
    if (shard.lineage.contains(end, version)) return true;
    return std::any_of(shard.copies.begin(), shard.copies.end(), [&](const HeldCopy& copy) {
      return copy.node != node && shard.holds(copy.node, version);
    });
  };
  std::vector<std::uint64_t> lost;
  std::uint32_t index = shard.first_key;
  for (; index != KeyState::kNoKey; index = oracle_.keys().at(index).next) {
    const KeyState& key = oracle_.keys().at(index);
    if (!is_left(key.observed)) lost.push_back(key.tag.hash);
  }
  return lost;
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
                     "to be on {} disks ({} disks with it were destroyed since); {}",
                     at.node, what, id, shard.acknowledged, shard.promised, shard.destroyed,
                     left_text(shard, at.node, end)),
         [this, id, keys = lost_keys(id, at.node, end)](const AuditView& view) {
           const std::string documents = documents_text(oracle_, view, id, keys);
           return documents.empty() ? documents : "lost is what clients were told of " + documents;
         });
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
