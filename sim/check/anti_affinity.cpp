// SPDX-License-Identifier: Apache-2.0
#include "sim/check/anti_affinity.hpp"

#include <algorithm>
#include <string_view>

#include "sim/check/shared_domains.hpp"
#include "sim/check/wording.hpp"

namespace shardproof::sim::check {
namespace {

NodeList copies_of(const ShardInfo& shard) {
  NodeList nodes = shard.replicas;
  nodes.insert(nodes.end(), shard.learners.begin(), shard.learners.end());
  return nodes;
}

/// A copy needs twice its content, for what else the log has of it, and reports of content are
/// late.
constexpr Bytes kUnreported(1024);

Instant& at_node(std::vector<Instant>& times, NodeId node) {
  if (node.value() >= times.size()) times.resize(node.value() + 1);
  return times[node.value()];
}

}  // namespace

void AntiAffinity::on(const fact::NodeSuspected& suspected, const At&) {
  at_node(trusted_since_, suspected.node) = Instant::never();
}

void AntiAffinity::on(const fact::NodeTrusted& trusted, const At& at) {
  at_node(trusted_since_, trusted.node) = at.true_time;
}

void AntiAffinity::on(const fact::OfficeTaken&, const At& at) { office_since_ = at.true_time; }

/// Whether who holds the office had heard it in this term when the shard's change was proposed.
bool AntiAffinity::was_heard(NodeId node, ShardId shard) const {
  if (office_since_ == Instant::never()) return was_trusted(node, shard);
  return node.value() < trusted_since_.size() && trusted_since_[node.value()] >= office_since_ &&
         was_trusted(node, shard);
}

bool AntiAffinity::was_trusted(NodeId node, ShardId shard, Nanoseconds for_long) const {
  if (node.value() >= trusted_since_.size()) return true;
  const Instant since = trusted_since_[node.value()];
  if (since == Instant::never()) return false;
  const Instant proposed_at = oracle_.shard(shard).proposed_at;
  return since <= proposed_at && proposed_at - since >= for_long;
}

/// Whether it was when the shard's change was proposed, too.
bool AntiAffinity::was_active(const NodeRecord& node, ShardId shard) const {
  if (node.state != NodeState::Active) return false;
  const Instant proposed_at = oracle_.shard(shard).proposed_at;
  const RecordKey key{RecordKind::Node, node.id.value()};
  return proposed_at == Instant::never() ||
         oracle_.table().modified(key) <= oracle_.shard(shard).proposed_with;
}

void AntiAffinity::on(const hook::Committing& commit, const At& at) {
  for (const Record& record : commit.delta.records) {
    const auto* after = std::get_if<ShardInfo>(&record);
    if (after == nullptr) continue;
    const ShardInfo* before = oracle_.table().find_shard(after->id);
    // New shards come with the table that their nodes are in.
    if (before == nullptr) continue;
    check_surplus(*before, *after, commit.author, at);
    const NodeList had = copies_of(*before);
    for (const NodeId node : copies_of(*after)) {
      if (!contains(had, node)) check(*after, node, before, commit.author, at);
    }
  }
}

/// Of more copies than are wanted the one goes that is nearest to another, if all of them live and
/// stay: the rest is spread as widely as can be.
void AntiAffinity::check_surplus(const ShardInfo& before, const ShardInfo& after, NodeId author,
                                 const At& at) {
  // Who lags behind leaves too, wherever it is.
  if (std::string_view(oracle_.shard(after.id).proposed_as) != "demote") return;
  if (after.replicas.size() + 1 != before.replicas.size()) return;
  NodeId leaving;
  for (const NodeId node : before.replicas) {
    const NodeRecord* record = oracle_.table().find_node(node);
    if (!was_heard(node, after.id) || !was_active(*record, after.id)) return;
    if (!contains(after.replicas, node)) leaving = node;
  }
  evaluated();
  const int levels = shared_levels(oracle_.table(), leaving, before.replicas);
  for (const NodeId node : after.replicas) {
    const bool is_no_nearer = shared_levels(oracle_.table(), node, before.replicas) <= levels;
    if (node == after.leader || is_no_nearer) continue;
    return report(
        at, {after.id, {leaving, node, author}, {after.epoch}},
        fmt::format("{} gives up the copy of {} on {} at {} (of {}), {}, although that on "
                    "{} is {}",
                    author, after.id, leaving, after.epoch, names_text(before.replicas),
                    distance_text(oracle_.table(), leaving, before.replicas), node,
                    distance_text(oracle_.table(), node, before.replicas)));
  }
}

bool AntiAffinity::is_choice(const NodeRecord& node, const ShardInfo& shard, const At& at) const {
  const Timing& timing = oracle_.config().longest;
  const NodeFacts& facts = oracle_.node(node.id);
  const NodeList holders = copies_of(shard);
  // Long enough that the coordinator knows it well.
  const Nanoseconds heartbeat = oracle_.version_of(node.id).timing.heartbeat_interval;
  const bool is_known = facts.up && at.true_time - facts.up_since > timing.node_lease * 3 &&
                        at.true_time - facts.answered_at < heartbeat * 2;
  const Bytes room = facts.room.since(at.true_time - oracle_.config().disk_unknown_for());
  // Who was away has reported nothing meanwhile.
  const bool is_free = room > oracle_.shard(shard.id).stored * 2 + kUnreported &&
                       !contains(holders, node.id) &&
                       was_trusted(node.id, shard.id, oracle_.config().disk_unknown_for());
  if (!was_active(node, shard.id) || !is_known || !is_free) return false;
  // What a dead disk would free nobody learns.
  if (oracle_.is_broken_for_good(node.id)) return false;
  // Moves already under way may have used up what the limits allow it.
  const auto& shards = oracle_.table().shards();
  return std::none_of(shards.begin(), shards.end(), [&](const ShardInfo& other) {
    return contains(other.learners, node.id) ||
           (other.migration && other.migration->source == node.id);
  });
}

void AntiAffinity::check(const ShardInfo& after, NodeId placed, const ShardInfo* before,
                         NodeId author, const At& at) {
  // Of a commit that was long on its way nobody knows what could be known when it was proposed.
  const Instant proposed_at = oracle_.shard(after.id).proposed_at;
  const bool is_late = proposed_at != Instant::never() &&
                       at.true_time - proposed_at > oracle_.config().shortest.node_lease;
  if (is_late) return;
  evaluated();
  const bool is_target = after.migration && after.migration->target == placed;
  if (is_target && after.migration->reason == MigrationReason::Manual) return;
  NodeList others = copies_of(after);
  erase_node(others, placed);
  if (is_target) erase_node(others, after.migration->source);
  // A copy that counts as dead is to go, and may not have gone yet when more copies are wanted.
  const NodeList named = others;
  for (const NodeId node : named) {
    if (!was_trusted(node, after.id)) erase_node(others, node);
  }
  const int levels = shared_levels(oracle_.table(), placed, others);
  if (levels == 0) return;
  const bool is_no_worse =
      is_target && levels <= shared_levels(oracle_.table(), after.migration->source, others);
  if (is_no_worse) return;
  if (!oracle_.traits_of_plan(author, oracle_.shard(after.id).proposed_with).plans_keep_domains) {
    return;
  }
  // Of several copies that are to be made any may come first.
  std::size_t to_come = 0;
  if (!is_target) {
    const std::size_t wanted = oracle_.collection_of(after.id).replication_factor;
    to_come = wanted - std::min(wanted, others.size() + 1);
  }
  for (const NodeRecord& node : oracle_.table().nodes()) {
    if (node.id.is_none() || shared_levels(oracle_.table(), node.id, others) >= levels) continue;
    if (!is_choice(node, *before, at)) continue;
    if (to_come > 0) {
      --to_come;
      continue;
    }
    report(
        at, {after.id, {placed, node.id, author}, {after.epoch}},
        fmt::format("{} placed a copy of {} on {} at {}, in the same {} as that on {}, and {} was "
                    "free to take it, {}",
                    author, after.id, placed, after.epoch, domain_name(levels),
                    sharer(oracle_.table(), placed, others, levels), node.id,
                    distance_text(oracle_.table(), node.id, others)));
    return;
  }
}

}  // namespace shardproof::sim::check
