// SPDX-License-Identifier: Apache-2.0
#include "sim/check/data_backed_promotion.hpp"

#include <algorithm>

#include "core/base/humanise.hpp"
#include "sim/check/turned_back.hpp"
#include "sim/check/wording.hpp"

namespace shardproof::sim::check {
namespace {

bool is_synced_target(const ShardInfo& before, const ShardInfo& after, NodeId node) {
  return before.migration && before.migration->target == node && after.migration &&
         before.migration->phase == MigrationPhase::Sync &&
         after.migration->phase == MigrationPhase::Switch;
}

}  // namespace

void DataBackedPromotion::on(const hook::Committing& commit, const At& at) {
  for (const Record& record : commit.delta.records) {
    const auto* after = std::get_if<ShardInfo>(&record);
    if (after == nullptr || after->leader.is_none()) continue;
    const ShardInfo* before = oracle_.table().find_shard(after->id);
    if (before != nullptr && before->leader != after->leader) {
      check_leader(*before, *after, commit.author, at);
    }
  }
}

NodeId DataBackedPromotion::find_better_holder(const ShardInfo& before, NodeId leader) {
  const ShardFacts& shard = oracle_.shard(before.id);
  // With a lowered concern who stays in the set may have less than who leaves it: what is promised
  // is less by each one that has left.
  const bool is_lowered = oracle_.collection_of(before.id).write_concern != 0;
  const auto is_better = [&](const HeldCopy& copy) {
    const bool counts = !is_lowered || contains(before.replicas, copy.node);
    return counts && copy.node != leader && !copy.destroyed &&
           shard.lineage.contains(copy.durable, shard.acknowledged);
  };
  const auto found = std::find_if(shard.copies.begin(), shard.copies.end(), is_better);
  return found == shard.copies.end() ? NodeId::none() : found->node;
}

void DataBackedPromotion::check_leader(const ShardInfo& before, const ShardInfo& after,
                                       NodeId author, const At& at) {
  evaluated();
  ShardFacts& shard = oracle_.shard(after.id);
  const Subject subject{
      after.id, {after.leader, before.leader, author}, {after.epoch, before.epoch}};
  if (!contains(before.replicas, after.leader) && !is_turned_back(before, after) &&
      !is_synced_target(before, after, after.leader)) {
    report(at, subject,
           fmt::format("{} made {} leader of {} at {} in place of {}: it was neither in sync at {} "
                       "(in sync: {}) nor the target of a synced migration",
                       author, after.leader, after.id, after.epoch, human_node(before.leader),
                       before.epoch, names_text(before.replicas)));
    return;
  }
  const HeldCopy* copy = shard.find(after.leader);
  // A disk destroyed since the node was asked still counts: nobody can know of it.
  const Version end = copy != nullptr ? copy->durable : Version::zero();
  if (shard.excused || shard.lineage.contains(end, shard.acknowledged)) return;
  const NodeId better = find_better_holder(before, after.leader);
  if (better.is_none()) {
    oracle_.excuse(after.id, fmt::format("no copy had the acknowledged {}", shard.acknowledged),
                   at);
    return;
  }
  report(at, subject,
         fmt::format("{} made {} leader of {} at {} in place of {}: {} on its disk, and {} was "
                     "acknowledged, which {} has",
                     author, after.leader, after.id, after.epoch, human_node(before.leader),
                     copy == nullptr ? "nothing is" : fmt::format("no more than {} is", end),
                     shard.acknowledged, better));
}

void DataBackedPromotion::check_greatest(const fact::LeaderChosen& chosen, const At& at) {
  if (chosen.told == nullptr) return;
  for (const auto& [node, last] : *chosen.told) {
    const bool is_greater = last.epoch != chosen.position.epoch
                                ? last.epoch > chosen.position.epoch
                                : last.index > chosen.position.index;
    if (!is_greater) continue;
    report(at, {chosen.shard, {chosen.leader, node, at.node}, {chosen.epoch, last.epoch}},
           fmt::format("{} chose {} as leader of {} for its position {}, although {} had told that "
                       "it is at {}",
                       at.node, chosen.leader, chosen.shard, chosen.position, node, last));
    return;
  }
}

void DataBackedPromotion::on(const fact::TailTruncated& tail, const At& at) {
  const HeldCopy* copy = oracle_.shard(tail.shard).find(at.node);
  if (copy != nullptr) ends_before_cut_[{tail.shard, at.node}] = copy->durable;
}

void DataBackedPromotion::on(const fact::LeaderChosen& chosen, const At& at) {
  evaluated();
  check_greatest(chosen, at);
  const ShardFacts& shard = oracle_.shard(chosen.shard);
  const HeldCopy* copy = shard.find(chosen.leader);
  if (copy == nullptr || copy->destroyed ||
      shard.lineage.contains(copy->durable, chosen.position)) {
    return;
  }
  // It may have told so, and then heard from the last leader that others went on in another way.
  const auto cut = ends_before_cut_.find({chosen.shard, chosen.leader});
  if (cut != ends_before_cut_.end() && shard.lineage.contains(cut->second, chosen.position)) return;
  report(at, {chosen.shard, {chosen.leader, at.node}, {chosen.epoch}},
         fmt::format("{} chose {} as leader of {} for its position {}, but it has no more than {}",
                     at.node, chosen.leader, chosen.shard, chosen.position, copy->durable));
}

void DataBackedPromotion::on(const fact::LeadershipTaken& taken, const At& at) {
  // Who has been replaced before it heard of its office serves nobody: single_owner sees to that.
  const ShardInfo* info = oracle_.table().find_shard(taken.shard);
  if (info == nullptr || info->leader != at.node) return;
  evaluated();
  const ShardFacts& shard = oracle_.shard(taken.shard);
  if (shard.excused || shard.lineage.contains(taken.last, shard.acknowledged)) return;
  report(at, {taken.shard, {at.node}, {taken.epoch, shard.acknowledged.epoch}},
         fmt::format("{} serves {} as leader at {} with a log up to {}, which lacks the "
                     "acknowledged {}",
                     at.node, taken.shard, taken.epoch, taken.last, shard.acknowledged));
}

}  // namespace shardproof::sim::check
