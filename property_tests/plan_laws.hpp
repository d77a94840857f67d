// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>

#include <rapidcheck.h>

#include "core/distribution/test_views.hpp"
#include "property_tests/distribution_generators.hpp"

namespace shardproof::distribution {

constexpr std::array kLevels{DomainLevel::Region, DomainLevel::Zone, DomainLevel::Rack};

inline const ShardView& shard_of(const ClusterView& view, const Move& move) {
  return view.shards[move.shard.value()];
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
    if (move.reason == MoveReason::Drain) continue;
    for (const DomainLevel level : kLevels) {
      RC_ASSERT(test::distinct_domains(view, after.replicas, level) >=
                test::distinct_domains(view, before.replicas, level));
    }
  }
}

}  // namespace shardproof::distribution
