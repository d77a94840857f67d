// SPDX-License-Identifier: Apache-2.0
#include "sim/check/repair_never_shrinks.hpp"

#include <algorithm>

namespace shardproof::sim::check {

void RepairNeverShrinks::check(ShardId id, Version end, const char* by, const At& at) {
  const ShardFacts& shard = oracle_.shard(id);
  if (shard.excused || oracle_.collection_of(id).write_concern != 0) return;
  // Its documents are in the collection that follows.
  if (oracle_.table().shards()[id.value()].status == ShardStatus::Retired) return;
  evaluated();
  const auto has_all = [&](Version last) { return shard.lineage.contains(last, shard.applied); };
  const HeldCopy* own = shard.find(at.node);
  if (own == nullptr || own->destroyed || !has_all(own->durable) || has_all(end)) return;
  const bool is_elsewhere =
      std::any_of(shard.copies.begin(), shard.copies.end(), [&](const HeldCopy& copy) {
        return copy.node != at.node && !copy.destroyed && has_all(copy.durable);
      });
  if (is_elsewhere) return;
  report(at, {id, {at.node}, {shard.applied.epoch, end.epoch}},
         fmt::format("{} {} {}{}: it had the last copy with everything up to {}, which was applied",
                     at.node, by, id,
                     end == Version::zero() ? std::string() : fmt::format(" up to {}", end),
                     shard.applied));
}

void RepairNeverShrinks::on(const fact::CopyInstalled& installed, const At& at) {
  check(installed.shard, installed.applied, "took over a copy of", at);
}

void RepairNeverShrinks::on(const fact::TailTruncated& tail, const At& at) {
  const ShardFacts& shard = oracle_.shard(tail.shard);
  const HeldCopy* copy = shard.find(at.node);
  if (copy == nullptr || tail.last_kept >= copy->durable.index) return;
  check(tail.shard, shard.lineage.version_at(copy->durable, tail.last_kept), "cut back", at);
}

void RepairNeverShrinks::on(const fact::CopyDropped& dropped, const At& at) {
  check(dropped.shard, Version::zero(), "dropped", at);
}

void RepairNeverShrinks::on(const fact::CopyCreated& created, const At& at) {
  check(created.shard, Version::zero(), "began anew with", at);
}

}  // namespace shardproof::sim::check
