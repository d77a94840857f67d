// SPDX-License-Identifier: Apache-2.0
//
// Whether who begins to lead has on its own store what everybody says it has.
#include "sim/check/audit.hpp"
#include "sim/check/data_backed_promotion.hpp"

namespace shardproof::sim::check {
namespace {

/// The first place behind the content where an entry is missing, or none.
LogIndex find_gap(const CopyState& copy) {
  LogIndex expected = copy.applied.index;
  for (const EntryRef& entry : copy.tail) {
    expected = expected.next();
    if (entry->index() != expected) return expected;
  }
  return LogIndex();
}

}  // namespace

void Audit::audit_new_log(const AuditView& view, ShardId shard, NodeId leader, const At& at) {
  const ShardFacts& facts = oracle_.shard(shard);
  const ShardInfo* info = oracle_.table().find_shard(shard);
  if (info == nullptr || info->leader != leader) return;
  if (!view.is_up(leader) || facts.serving != leader || facts.excused) return;
  const InvariantInfo& invariant = DataBackedPromotion::kInvariant;
  findings_.evaluated(invariant.number);
  const Store& store = view.store(leader);
  if (!store.holds(shard)) {
    return report(invariant, shard, leader, at,
                  fmt::format("{} serves {} as leader and stores no copy of it", leader, shard));
  }
  const CopyState copy = store.state(shard);
  const Version end = copy.tail.empty() ? copy.applied : copy.tail.back()->version;
  if (!facts.lineage.contains(end, facts.acknowledged)) {
    report(invariant, shard, leader, at,
           fmt::format("{} serves {} as leader, its store ends with {}, and {} was acknowledged",
                       leader, shard, end, facts.acknowledged));
  }
  if (const LogIndex gap = find_gap(copy); gap != LogIndex()) {
    report(invariant, shard, leader, at,
           fmt::format("{} serves {} as leader, and {} is missing in its store between {} and {}",
                       leader, shard, gap, copy.applied, end));
  }
}

std::uint64_t Audit::audit_new_content(const AuditView& view, ShardId shard, NodeId leader,
                                       const At& at) {
  const ShardFacts& facts = oracle_.shard(shard);
  const HeldCopy* held = facts.find(leader);
  const bool is_there = view.is_up(leader) && facts.serving == leader && held != nullptr &&
                        !held->destroyed && view.store(leader).holds(shard);
  if (!is_there) return 1;
  recognised_.clear();
  const Store& store = view.store(leader);
  audit_copy({shard, leader, store, held->applied, true, true, view}, at);
  return 1 + store.summary(shard).documents;
}

}  // namespace shardproof::sim::check
