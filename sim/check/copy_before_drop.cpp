// SPDX-License-Identifier: Apache-2.0
#include "sim/check/copy_before_drop.hpp"

#include "sim/check/recoverability.hpp"
#include "sim/check/wording.hpp"

namespace shardproof::sim::check {

void CopyBeforeDrop::on(const fact::CopyDropped& dropped, const At& at) {
  evaluated();
  const ShardFacts& shard = oracle_.shard(dropped.shard);
  const ShardInfo& info = oracle_.table().shards()[dropped.shard.value()];
  const Subject subject{dropped.shard, {at.node, info.leader}, {dropped.epoch, info.epoch}};
  if (contains(info.replicas, at.node)) {
    report(
        at, subject,
        fmt::format("{} dropped its copy of {} on the ground of {}, but the table of {} has it in "
                    "the in-sync set ({})",
                    at.node, dropped.shard, dropped.epoch, info.epoch, copies_text(info)));
    return;
  }
  const HeldCopy* copy = shard.find(at.node);
  if (copy != nullptr && dropped.revision < copy->excluded_at) {
    report(at, subject,
           fmt::format("{} dropped its copy of {} with a table of {}: only {} took it out of the "
                       "in-sync set",
                       at.node, dropped.shard, dropped.revision, copy->excluded_at));
  }
  if (shard.excused) return;
  const CollectionConfig& collection = oracle_.collection_of(dropped.shard);
  // Below the replication factor the copies that an acknowledgement counted on may have left the
  // in-sync set since, with their nodes. What is asked of it then is what this copy had.
  Version owed = shard.acknowledged;
  if (collection.write_concern != 0 && copy != nullptr) {
    owed = shard.lineage.last_common(copy->durable, owed);
  }
  std::size_t complete = 0;
  NodeId lacking;
  for (const NodeId node : info.replicas) {
    const HeldCopy* other = shard.find(node);
    if (other != nullptr && shard.lineage.contains(other->durable, owed)) {
      ++complete;
    } else {
      lacking = node;
    }
  }
  // So many that any `copies_needed` of the set have one among them.
  if (complete + copies_needed(info, collection) > info.replicas.size()) return;
  report(at, {dropped.shard, {at.node, lacking}, {dropped.epoch, info.epoch}},
         fmt::format(
             "{} dropped its copy of {} (up to {}) while {} lacks the acknowledged {}: {} of "
             "{} in sync have it, and any {} are to be enough to know it (write concern {}); "
             "the last change was \"{}\"",
             at.node, dropped.shard, dropped.last, lacking, owed, complete, info.replicas.size(),
             copies_needed(info, collection), collection.write_concern, shard.proposed_as));
}

}  // namespace shardproof::sim::check
