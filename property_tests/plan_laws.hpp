// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <rapidcheck.h>

#include "core/base/contains.hpp"
#include "core/distribution/test_views.hpp"
#include "property_tests/distribution_generators.hpp"

namespace shardproof::distribution {

inline constexpr std::array kLevels{DomainLevel::Region, DomainLevel::Zone, DomainLevel::Rack};

inline const ShardView& shard_of(const ClusterView& view, const Move& move) {
  return view.shards[move.shard.value()];
}

/// Whether there are fewer distinct domains under `after` at any level.
inline bool loses_domains(const ClusterView& view, const std::vector<NodeId>& before,
                          const std::vector<NodeId>& after) {
  return std::any_of(kLevels.begin(), kLevels.end(), [&](DomainLevel level) {
    return test::distinct_domains(view, after, level) < test::distinct_domains(view, before, level);
  });
}

/// Why the move must not be made now; empty if it may.
inline std::string why_illegal(const ClusterView& view, const Move& move) {
  const ShardView& shard = shard_of(view, move);
  const NodeView& source = view.node(move.source);
  const NodeView& target = view.node(move.target);
  if (shard.frozen || shard.pinned || shard.move) return "the shard is not to be touched";
  if (!shard.learners.empty()) return "the shard is being repaired";
  if (target.state != NodeState::Active || !target.alive) return "the target takes nothing";
  if (!source.alive || source.state == NodeState::Removed) return "the source is not there";
  if (!contains(shard.replicas, move.source)) return "the source has no copy";
  const bool leads = shard.leader == move.source;
  if (move.moves_leader != leads) return "leadership is not where the move says";
  if (move.kind == MoveKind::LeaderTransfer) {
    if (!contains(shard.replicas, move.target)) return "the next leader has no copy";
    if (shard.leader_stays) return "no other copy may lead";
    return leads ? "" : "the source does not lead";
  }
  if (move.kind != MoveKind::Move) return "a rebalance makes no copy more";
  if (contains(shard.replicas, move.target)) return "the target has a copy";
  if (source.state == NodeState::Maintenance) return "the source is to keep its copies";
  if ((source.state == NodeState::Draining) != (move.reason == MoveReason::Drain)) {
    return "drained is what drains, and nothing else";
  }
  if (move.bytes != shard.bytes) return "the bytes are not the shard's";
  return "";
}

/// Carries the plan out step by step, each of which has to be legal, to lose no failure domain and
/// to leave every disk below the watermark. `view` ends as planned; `name` is said of what is
/// wrong.
inline void check_every_step(ClusterView& view, const Plan& plan, const std::string& name = "plan",
                             Ratio disk_watermark = {85, 100}) {
  std::vector<Bytes> arrived(view.nodes.size());
  const ClusterView before = view;
  for (const Move& move : plan.moves) {
    const std::string reason = why_illegal(view, move);
    if (!reason.empty()) RC_FAIL(fmt::format("{}: {}: {}", name, move, reason));
    const std::vector<NodeId> copies = shard_of(view, move).replicas;
    test::apply(view, move);
    const ShardView& after = shard_of(view, move);
    RC_ASSERT(!has_duplicates(after.replicas));
    RC_ASSERT(after.replicas.size() == copies.size());
    RC_ASSERT(contains(after.replicas, after.leader));
    if (move.kind == MoveKind::LeaderTransfer) continue;
    Bytes& at_target = arrived[move.target.value()];
    at_target += move.bytes;
    if (!has_space(before.node(move.target), at_target, disk_watermark)) {
      RC_FAIL(fmt::format("{}: {}: the disk is too full", name, move));
    }
    if (move.reason != MoveReason::Drain && loses_domains(view, copies, after.replicas)) {
      RC_FAIL(fmt::format("{}: {}: fewer domains", name, move));
    }
  }
}

inline bool is_for_evenness(const Move& move) { return move.reason == MoveReason::Balance; }

/// What a coordinator carries out that may not balance.
inline Plan without_evenness(Plan plan) {
  std::erase_if(plan.moves, is_for_evenness);
  return plan;
}

inline bool is_evenness_last(const Plan& plan) {
  return std::is_partitioned(plan.moves.begin(), plan.moves.end(),
                             [](const Move& move) { return !is_for_evenness(move); });
}

}  // namespace shardproof::distribution
