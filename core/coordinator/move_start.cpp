// SPDX-License-Identifier: Apache-2.0
#include "core/coordinator/move_start.hpp"

#include <algorithm>

#include "core/coordinator/cluster_view_builder.hpp"
#include "core/coordinator/leadership.hpp"
#include "core/coordinator/resharding.hpp"
#include "core/coordinator/shard_changes.hpp"

namespace shardproof {
namespace {

using distribution::Move;
using distribution::MoveKind;

std::string why_no_target(NodeId node, const Tenure& tenure, const Step& step) {
  const NodeState state = node_state(step.table, node);
  if (state != NodeState::Active) return fmt::format("target {} is {}", node, to_string(state));
  if (!tenure.detector.is_alive(node)) return fmt::format("target {} is not alive", node);
  if (tenure.proposals.is_busy({RecordKind::Node, node.value()})) {
    return fmt::format("target {} is about to change its state", node);
  }
  return {};
}

std::string why_no_shard(const ShardInfo* shard, ShardId id, const Tenure& tenure,
                         const Step& step) {
  if (shard == nullptr) return fmt::format("{} does not exist", id);
  if (shard->migration) return fmt::format("{} has a migration already", id);
  if (tenure.proposals.is_busy(id)) return fmt::format("{} is being changed", id);
  if (!tenure.detector.is_alive(shard->leader)) return fmt::format("{} has no live leader", id);
  if (is_perhaps_unheard_of(*shard, tenure, step)) return fmt::format("{} is being created", id);
  return {};
}

std::string why_no_copy(const Move& move, const ShardInfo& shard, const Tenure& tenure,
                        const Step& step) {
  if (contains(shard.replicas, move.target) || contains(shard.learners, move.target)) {
    return fmt::format("target {} has a copy of {}", move.target, shard.id);
  }
  if (std::string reason = why_no_target(move.target, tenure, step); !reason.empty()) {
    return reason;
  }
  // A plan may be older than what fills the disk now.
  const Bytes incoming = tenure.loads.shard(shard.id).bytes;
  const bool needs_space = step.config.rules.is_on(Rule::FullDiskNoTarget);
  if (needs_space && !distribution::has_space(build_node(move.target, tenure, step), incoming,
                                              step.config.bounds.disk_high_watermark)) {
    return fmt::format("the disk of target {} is full", move.target);
  }
  return {};
}

/// A plan may also be older than another move of the shard that was given up, or than a node that
/// has returned since.
std::string why_no_domain(const Move& move, const ShardInfo& shard, const Tenure& tenure,
                          const Step& step) {
  if (!step.config.rules.is_on(Rule::DomainSpreadInMoves)) return {};
  const distribution::ClusterView view = build_node_view(tenure, step);
  const bool adds = move.kind == MoveKind::Add;
  std::vector<NodeId> copies(shard.replicas.begin(), shard.replicas.end());
  copies.insert(copies.end(), shard.learners.begin(), shard.learners.end());
  const auto collision = [&](NodeId node) {
    const NodeId leaving = adds ? NodeId::none() : move.source;
    return distribution::crowding(view, node, copies, leaving).collision();
  };
  const auto holds_copy = [&](NodeId node) {
    return std::find(copies.begin(), copies.end(), node) != copies.end();
  };
  const std::uint32_t worst = collision(move.target);
  if (!adds && worst <= collision(move.source)) return {};
  const Bytes incoming = tenure.loads.shard(shard.id).bytes;
  const bool is_avoidable =
      std::any_of(view.nodes.begin(), view.nodes.end(), [&](const distribution::NodeView& node) {
        return distribution::takes_copies(node) && !holds_copy(node.id) &&
               distribution::has_space(node, incoming, step.config.bounds.disk_high_watermark) &&
               collision(node.id) < worst;
      });
  if (!is_avoidable) return {};
  return fmt::format("target {} shares a failure domain with another copy of {}", move.target,
                     shard.id);
}

std::string why_no_move(const Move& move, const ShardInfo& shard, const Tenure& tenure,
                        const Step& step) {
  if (!contains(shard.replicas, move.source)) {
    return fmt::format("source {} is not in sync for {}", move.source, shard.id);
  }
  if (!tenure.detector.is_alive(move.source)) {
    return fmt::format("source {} is not alive", move.source);
  }
  if (!shard.learners.empty()) return fmt::format("{} is being repaired", shard.id);
  if (std::string reason = why_no_copy(move, shard, tenure, step); !reason.empty()) return reason;
  return why_no_domain(move, shard, tenure, step);
}

std::string why_no_repair(const Move& move, const ShardInfo& shard, const Tenure& tenure,
                          const Step& step) {
  const std::size_t copies = shard.replicas.size() + shard.learners.size();
  const bool is_limited = step.config.rules.is_on(Rule::ReplicaListTrimmed);
  if (is_limited && copies >= step.table.find_collection(shard.collection)->replication_factor) {
    return fmt::format("{} has all its copies", shard.id);
  }
  if (std::string reason = why_no_copy(move, shard, tenure, step); !reason.empty()) return reason;
  return why_no_domain(move, shard, tenure, step);
}

std::string why_no_transfer(const Move& move, const ShardInfo& committed, const Tenure& tenure,
                            const Step& step) {
  const ShardInfo shard = without_past_fencing(committed, tenure, step);
  if (shard.leader != move.source) return fmt::format("{} does not lead {}", move.source, shard.id);
  if (can_take_over(shard, move.target, tenure, step)) return {};
  return fmt::format("{} cannot take over {} now", move.target, shard.id);
}

}  // namespace

std::string why_not(const Move& move, const Tenure& tenure, const Step& step) {
  const ShardInfo* shard = step.table.find_shard(move.shard);
  if (std::string reason = why_no_shard(shard, move.shard, tenure, step); !reason.empty())
    return reason;
  const bool is_pinned = contains(collections_in_resharding(step.table), shard->collection);
  if (is_pinned && move.kind != MoveKind::Add) {
    return fmt::format("documents of the collection of {} are being moved", move.shard);
  }
  switch (move.kind) {
    case MoveKind::Move: return why_no_move(move, *shard, tenure, step);
    case MoveKind::Add: return why_no_repair(move, *shard, tenure, step);
    case MoveKind::LeaderTransfer: return why_no_transfer(move, *shard, tenure, step);
  }
  return {};
}

void start(const Move& move, MigrationReason reason, Bandwidth share, Tenure& tenure, Step& step) {
  const ShardInfo shard = without_past_fencing(*step.table.find_shard(move.shard), tenure, step);
  if (move.kind == MoveKind::LeaderTransfer) {
    hand_over(shard, move.target, "transfer", tenure, step);
    return;
  }
  ShardInfo after = shard;
  if (move.kind == MoveKind::Add) {
    change::add_learner(after, move.target);
    tenure.proposals.propose(change::sealed(std::move(after), shard), "repair", step);
    return;
  }
  Migration migration;
  migration.id = change::migration_id(shard.id, shard.epoch.next());
  migration.source = move.source;
  migration.target = move.target;
  migration.mode = step.config.distribution.write_mode;
  migration.reason = reason;
  migration.started = step.now;
  migration.bandwidth = share;
  change::begin_migration(after, migration);
  tenure.proposals.propose(change::sealed(std::move(after), shard),
                           to_string(MigrationPhase::Prepare), step);
}

}  // namespace shardproof
