// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>

#include "core/distribution/cluster_view.hpp"
#include "core/distribution/rebalance/rebalance.hpp"

namespace shardproof::distribution {

/// Carries a move out as the protocol does once it has ended well: the target's copy is in sync,
/// the source of a move has none left, leadership and its requests go along, disks fill and empty.
/// The shard and both nodes have to be in the view. O(log shards + copies of the shard).
void apply(ClusterView& view, const Move& move);
/// All of its moves, in order.
void apply(ClusterView& view, const Plan& plan);

/// What planning again and again has come to.
struct Replanning {
  std::uint32_t rounds = 0;  ///< plans that had moves
  std::uint64_t moves = 0;   ///< of copies
  std::uint64_t leader_transfers = 0;
  Bytes bytes{};              ///< copied
  std::uint64_t bounces = 0;  ///< moves that bring a shard back to a node that it had left
  bool is_quiet = false;      ///< the last plan had no move

  friend bool operator==(const Replanning&, const Replanning&) = default;
};

/// Runs a policy alone, without time, network or disks: plans, carries the whole plan out, and
/// plans again, until a plan is empty or `rounds_max` of them were carried out. `view` is left as
/// that makes it; `carried_out`, if any, sees every move in order. Pure. O(rounds * (plan + moves *
/// log shards)).
Replanning replan(const RebalancePolicy& policy, const RebalanceOptions& options, ClusterView& view,
                  std::uint32_t rounds_max,
                  const std::function<void(const Move&)>& carried_out = {});

}  // namespace shardproof::distribution
