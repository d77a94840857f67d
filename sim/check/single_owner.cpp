// SPDX-License-Identifier: Apache-2.0
#include "sim/check/single_owner.hpp"

#include "core/base/humanise.hpp"

namespace shardproof::sim::check {

void SingleOwner::on(const fact::WriteAccepted& write, const At& at) {
  if (write.entry->mutations.empty()) return;
  const Act act{"accepted a write", write.entry->mutations.front().document.get()};
  check_owner(write.shard, write.epoch, act, at);
  if (!is_left_over(write, at)) check_table(write.shard, write.epoch, act, at);
}

void SingleOwner::on(const fact::WriteAcknowledged& write, const At& at) {
  const auto& mutations = write.entry->mutations;
  const Act act{"acknowledged a write",
                mutations.empty() ? nullptr : mutations.front().document.get()};
  check_lease(write.shard, write.epoch, act, at);
}

void SingleOwner::on(const fact::ReadServed& read, const At& at) {
  on_act(read.shard, read.epoch, {"served a read", read.operation->document.get()}, at);
}

void SingleOwner::on(const fact::ScanPartServed& part, const At& at) {
  on_act(part.shard, part.epoch, {"served a part of a scan"}, at);
}

void SingleOwner::on(const hook::ReadIndexTold& told, const At& at) {
  evaluated();
  check_lease(told.shard, told.epoch, {"told a replica how far reads may go"}, at);
}

void SingleOwner::on(const hook::Committing& commit, const At&) {
  for (const Record& record : commit.delta.records) {
    const auto* after = std::get_if<ShardInfo>(&record);
    if (after == nullptr || after->status != ShardStatus::Retired) continue;
    const ShardInfo* before = oracle_.table().find_shard(after->id);
    if (before == nullptr || before->status == ShardStatus::Retired) continue;
    last_[after->id] = {before->leader, before->fencing};
  }
}

void SingleOwner::on_act(ShardId shard, Epoch epoch, const Act& act, const At& at) {
  check_owner(shard, epoch, act, at);
  check_table(shard, epoch, act, at);
}

void SingleOwner::check_owner(ShardId shard, Epoch epoch, const Act& act, const At& at) {
  evaluated();
  if (shard.value() >= owners_.size()) owners_.resize(shard.value() + 1);
  Owner& owner = owners_[shard.value()];
  if (owner.node != at.node && owner.node.has_value() && epoch <= owner.epoch) {
    report(at, {shard, {at.node, owner.node}, {epoch, owner.epoch}},
           fmt::format("{} although {} served it as leader at {}, {} before",
                       act_text(shard, epoch, act, at), owner.node, owner.epoch,
                       human_duration(at.true_time - owner.at)));
  }
  if (epoch >= owner.epoch) owner = {at.node, epoch, at.true_time};
  check_lease(shard, epoch, act, at);
}

void SingleOwner::check_lease(ShardId shard, Epoch epoch, const Act& act, const At& at) {
  if (!oracle_.config().has_cluster_manager) return;
  const Instant until = oracle_.node(at.node).lease_until;
  if (at.local_time < until) return;
  report(at, {shard, {at.node}, {epoch}},
         fmt::format("{} although, by its own clock, its lease had ended {} before",
                     act_text(shard, epoch, act, at), human_duration(at.local_time - until)));
}

void SingleOwner::check_table(ShardId shard, Epoch epoch, const Act& act, const At& at) {
  const ShardInfo& info = oracle_.table().shards()[shard.value()];
  if (epoch > info.epoch) {
    report(at, {shard, {at.node}, {epoch, info.epoch}},
           fmt::format("{}, which is not committed: the table has {}",
                       act_text(shard, epoch, act, at), info.epoch));
  }
  if (at.node == info.leader || at.node == info.fencing) return;
  if (info.status == ShardStatus::Retired) {
    return report(at, {shard, {at.node, info.leader}, {epoch, info.epoch}},
                  fmt::format("{} although it has been retired at {}: nothing is served there any "
                              "more",
                              act_text(shard, epoch, act, at), info.epoch));
  }
  report(at, {shard, {at.node, info.leader}, {epoch, info.epoch}},
         fmt::format("{} although by the table of {} ({}) {} leads, and {} may still hold a lease",
                     act_text(shard, epoch, act, at), info.epoch,
                     oracle_.table().modified({RecordKind::Shard, shard.value()}),
                     human_node(info.leader),
                     info.fencing.has_value() ? human_node(info.fencing) : "nobody else"));
}

std::string SingleOwner::act_text(ShardId shard, Epoch epoch, const Act& act, const At& at) {
  std::string text = fmt::format("{} {}", at.node, act.what);
  if (act.document != nullptr) text += fmt::format(" of \"{}\"", act.document->key);
  return text + fmt::format(" in {} at {}", shard, epoch);
}

/// True for a late write of a move of documents that was given up, by who could accept it until
/// then: the collection that was to follow was followed by the one before it instead.
bool SingleOwner::is_left_over(const fact::WriteAccepted& write, const At& at) const {
  const auto last = last_.find(write.shard);
  if (last == last_.end() || !is_internal(write.entry->request.client)) return false;
  if (at.node != last->second.leader && at.node != last->second.fencing) return false;
  const ShardTable& table = oracle_.table();
  const ShardInfo& shard = *table.find_shard(write.shard);
  const CollectionConfig& collection = *table.find_collection(shard.collection);
  return write.epoch < shard.epoch && collection.successor.has_value() &&
         collection.successor < collection.id;
}

}  // namespace shardproof::sim::check
