// SPDX-License-Identifier: Apache-2.0
#include "sim/check/former_leaders.hpp"

#include "core/base/humanise.hpp"

namespace shardproof::sim::check {

void FormerLeaders::on(const hook::Committing& commit, const At& at) {
  if (!oracle_.config().has_cluster_manager) return;
  for (const Record& record : commit.delta.records) {
    const auto* after = std::get_if<ShardInfo>(&record);
    if (after == nullptr) continue;
    const std::uint32_t index = after->id.value();
    if (index >= shards_.size()) shards_.resize(index + 1);
    const ShardInfo* before = oracle_.table().find_shard(after->id);
    // For a retired shard nobody waits: nobody ever reads it.
    const bool is_judged = before != nullptr && after->status != ShardStatus::Retired;
    if (is_judged) follow(*before, *after, commit, at);
    Reign& now = shards_[index].now;
    if (before != nullptr && before->leader == after->leader) continue;
    now = {after->id, after->leader, commit.delta.revision, {}, {}};
  }
}

void FormerLeaders::follow(const ShardInfo& before, const ShardInfo& after,
                           const hook::Committing& commit, const At& at) {
  Shard& shard = shards_[after.id.value()];
  const NodeId fenced = before.fencing;
  if (fenced.has_value() && after.fencing != fenced && after.leader != fenced) {
    let_go(shard.fenced, after, commit.author, at);
  }
  if (before.leader.is_none() || before.leader == after.leader) return;
  Reign reign = shard.now;
  reign.ended = commit.delta.revision;
  if (after.fencing == reign.node) {
    shard.fenced = reign;
  } else {
    let_go(reign, after, commit.author, at);
  }
}

void FormerLeaders::on(const fact::LeadershipTaken& taken, const At& at) {
  if (taken.shard.value() >= shards_.size()) return;
  const Reign& fenced = shards_[taken.shard.value()].fenced;
  const ShardInfo& info = oracle_.table().shards()[taken.shard.value()];
  if (fenced.node.is_none() || fenced.node != info.fencing || at.node != info.leader) return;
  evaluated();
  const NodeFacts& node = oracle_.node(fenced.node);
  const ShardFacts& shard = oracle_.shard(taken.shard);
  const bool serves = shard.serving == fenced.node && at.true_time < node.leased_until;
  if (is_harmless(fenced) || !serves) return;
  report(
      at, {taken.shard, {at.node, fenced.node}, {taken.epoch, shard.serving_in}},
      fmt::format("{} serves {} from now on at {}, and {}, which it has to fence, has not stopped "
                  "at {} and has a lease for another {}: {}",
                  at.node, taken.shard, taken.epoch, fenced.node, shard.serving_in,
                  human_duration(node.leased_until - at.true_time), knowledge_text(fenced)));
}

bool FormerLeaders::is_harmless(const Reign& reign) const {
  const NodeFacts& node = oracle_.node(reign.node);
  if (!node.up || node.adopted >= reign.ended) return true;
  const ShardFacts& shard = oracle_.shard(reign.shard);
  const HeldCopy* copy = shard.find(reign.node);
  if (copy == nullptr || copy->destroyed) return true;
  // It leads in no epoch that it finds in the table when it boots.
  const bool has_found_it = node.adopted_first == Revision() || node.adopted_first >= reign.begun;
  return has_found_it && shard.serving != reign.node;
}

std::string FormerLeaders::knowledge_text(const Reign& reign) const {
  return fmt::format("it led the shard from {} to {} and has the table of {}", reign.begun,
                     reign.ended, oracle_.node(reign.node).adopted);
}

void FormerLeaders::let_go(const Reign& reign, const ShardInfo& after, NodeId author,
                           const At& at) {
  if (reign.node.is_none()) return;
  evaluated();
  if (is_harmless(reign)) return;
  const NodeFacts& node = oracle_.node(reign.node);
  const Instant told = at.true_time + oracle_.config().longest.clock_error_bound;
  if (told < node.leased_until) {
    report(at, {after.id, {reign.node, author}, {after.epoch}},
           fmt::format("{} commits {} at {} led by {}, and nobody is to fence {}, which is up and "
                       "has a lease for another {}: {}",
                       author, after.id, after.epoch, human_node(after.leader), reign.node,
                       human_duration(node.leased_until - at.true_time), knowledge_text(reign)));
    return;
  }
  if (reign.node.value() >= let_go_.size()) let_go_.resize(reign.node.value() + 1);
  let_go_[reign.node.value()].push_back(reign);
  let_go_[reign.node.value()].back().let_go_at = at.true_time;
}

void FormerLeaders::on(const fact::LeaseTaken& lease, const At& at) {
  if (at.node.value() >= let_go_.size() || let_go_[at.node.value()].empty()) return;
  const Nanoseconds left = lease.asked_at + lease.duration - at.local_time;
  if (lease.duration == Nanoseconds(0) || left <= Nanoseconds(0)) return;
  std::vector<Reign>& reigns = let_go_[at.node.value()];
  std::erase_if(reigns, [&](const Reign& reign) { return is_harmless(reign); });
  const Revision adopted = oracle_.node(at.node).adopted;
  for (const Reign& reign : reigns) {
    evaluated();
    // One that was granted before may have been long on its way.
    const Instant until = at.true_time + left;
    if (adopted < reign.begun) continue;
    if (until <= reign.let_go_at + oracle_.config().longest.clock_error_bound) continue;
    const ShardInfo& shard = oracle_.table().shards()[reign.shard.value()];
    report(at, {reign.shard, {at.node, shard.leader}, {shard.epoch}},
           fmt::format("{} takes a lease for another {} under {} before it knows that {} leads {} "
                       "now, and nobody is to fence it: {}",
                       at.node, human_duration(left), lease.term, human_node(shard.leader),
                       reign.shard, knowledge_text(reign)));
    reigns.clear();
    return;
  }
}

}  // namespace shardproof::sim::check
