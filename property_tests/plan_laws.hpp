// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <vector>

#include <rapidcheck.h>

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

/// Carries the plan out step by step and checks what has to hold at every one. `view` ends as
/// planned.
inline void check_every_step(ClusterView& view, const Plan& plan) {
  for (const Move& move : plan.moves) {
    const ShardView before = shard_of(view, move);
    RC_ASSERT(!before.frozen);
    const NodeView& source = view.node(move.source);
    RC_ASSERT(takes_copies(view.node(move.target)));
    RC_ASSERT(source.alive);
    RC_ASSERT(source.state == NodeState::Active || move.reason == MoveReason::Drain);
    RC_ASSERT(source.state != NodeState::Maintenance || move.kind == MoveKind::LeaderTransfer);
    test::apply(view, move);
    const ShardView& after = shard_of(view, move);
    RC_ASSERT(!has_duplicates(after.replicas));
    RC_ASSERT(after.replicas.size() == before.replicas.size());
    const auto leader = std::find(after.replicas.begin(), after.replicas.end(), after.leader);
    RC_ASSERT(leader != after.replicas.end());
    RC_ASSERT(move.reason == MoveReason::Drain ||
              !loses_domains(view, before.replicas, after.replicas));
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
