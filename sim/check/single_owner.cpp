// SPDX-License-Identifier: Apache-2.0
#include "sim/check/single_owner.hpp"

#include "core/base/humanise.hpp"

namespace shardproof::sim::check {

void SingleOwner::on(const fact::WriteAccepted& write, const At& at) {
  if (!write.entry->mutations.empty()) on_act(write.shard, write.epoch, "accepted a write", at);
}

void SingleOwner::on(const fact::WriteAcknowledged& write, const At& at) {
  check_lease(write.shard, write.epoch, "acknowledged a write", at);
}

void SingleOwner::on(const fact::ReadServed& read, const At& at) {
  on_act(read.shard, read.epoch, "served a read", at);
}

void SingleOwner::on(const fact::ScanPartServed& part, const At& at) {
  on_act(part.shard, part.epoch, "served a part of a scan", at);
}

void SingleOwner::on_act(ShardId shard, Epoch epoch, const char* act, const At& at) {
  evaluated();
  if (shard.value() >= owners_.size()) owners_.resize(shard.value() + 1);
  Owner& owner = owners_[shard.value()];
  if (owner.node != at.node && owner.node.has_value() && epoch <= owner.epoch) {
    report(at, {shard, {at.node, owner.node}, {epoch, owner.epoch}},
           fmt::format("{} {} at {} although {} already did so at {}", at.node, act, epoch,
                       owner.node, owner.epoch));
  }
  if (epoch >= owner.epoch) owner = {at.node, epoch};
  check_lease(shard, epoch, act, at);
  check_table(shard, epoch, act, at);
}

void SingleOwner::check_lease(ShardId shard, Epoch epoch, const char* act, const At& at) {
  if (!oracle_.config().has_cluster_manager) return;
  const Instant until = oracle_.node(at.node).lease_until;
  if (at.local_time < until) return;
  report(at, {shard, {at.node}, {epoch}},
         fmt::format("{} {} although, by its own clock, its lease had ended {} before", at.node,
                     act, human_duration(at.local_time - until)));
}

void SingleOwner::check_table(ShardId shard, Epoch epoch, const char* act, const At& at) {
  const ShardInfo& info = oracle_.table().shards()[shard.value()];
  if (epoch > info.epoch) {
    report(at, {shard, {at.node}, {epoch, info.epoch}},
           fmt::format("{} {} at {}, which is not committed: the table has {}", at.node, act, epoch,
                       info.epoch));
  }
  if (at.node == info.leader || at.node == info.fencing) return;
  report(
      at, {shard, {at.node, info.leader}, {epoch, info.epoch}},
      fmt::format("{} {} at {} although by the table of {} {} leads, and {} may still hold a lease",
                  at.node, act, epoch, info.epoch, human_node(info.leader),
                  info.fencing.has_value() ? human_node(info.fencing) : "nobody else"));
}

}  // namespace shardproof::sim::check
