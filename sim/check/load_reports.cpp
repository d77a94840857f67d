// SPDX-License-Identifier: Apache-2.0
#include "sim/check/load_reports.hpp"

#include "core/base/humanise.hpp"

namespace shardproof::sim::check {

void LoadReports::on(const fact::EntryApplied&, const At& at) {
  if (at.node.value() >= applied_in_.size()) applied_in_.resize(at.node.value() + 1);
  applied_in_[at.node.value()] = at.event;
}

void LoadReports::on(const hook::LoadTold& told, const At& at) {
  const std::size_t node = at.node.value();
  const bool has_just_applied = node < applied_in_.size() && applied_in_[node] == at.event;
  for (const message::ShardLoad& load : told.report.shards) {
    if (!oracle_.knows(load.shard)) continue;
    if (!has_just_applied) check_content(load, at);
    check_leader(load, at);
  }
}

void LoadReports::check_content(const message::ShardLoad& load, const At& at) {
  const ShardFacts& facts = oracle_.shard(load.shard);
  const HeldCopy* copy = facts.find(at.node);
  const bool is_known = copy != nullptr && !copy->destroyed && !copy->staging &&
                        !copy->awaits_recovery && copy->applied == facts.applied;
  if (!is_known || facts.excused) return;
  evaluated();
  if (load.documents == facts.live && load.bytes == facts.stored) return;
  report(at, {load.shard, {at.node}, {}},
         fmt::format("{} reports {} documents of {} in {} to the coordinator, and has {} of {}, "
                     "applied to {}",
                     at.node, load.documents, human_bytes(load.bytes), load.shard, facts.live,
                     human_bytes(facts.stored), copy->applied));
}

void LoadReports::check_leader(const message::ShardLoad& load, const At& at) {
  const ShardTable& table = oracle_.table();
  const RecordKey record{RecordKind::Shard, load.shard.value()};
  // By an older table another may lead.
  if (table.modified(record) > oracle_.node(at.node).adopted) return;
  evaluated();
  const NodeId leader = table.find_shard(load.shard)->leader;
  if (load.is_leader == (leader == at.node)) return;
  report(at, {load.shard, {at.node}, {}},
         fmt::format("{} reports to the coordinator that it {} {}, and by the table that it knows "
                     "{} leads",
                     at.node, load.is_leader ? "leads" : "does not lead", load.shard, leader));
}

}  // namespace shardproof::sim::check
