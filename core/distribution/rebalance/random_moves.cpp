// SPDX-License-Identifier: Apache-2.0
#include "core/distribution/rebalance/random_moves.hpp"

#include "core/base/random.hpp"
#include "core/base/stable_hash.hpp"
#include "core/distribution/rebalance/fair_shares.hpp"
#include "core/distribution/rebalance/goals.hpp"

namespace shardproof::distribution {
namespace {

std::uint64_t hash_of(const ClusterView& view) {
  std::uint64_t hash = 0;
  for (const NodeView& node : view.nodes) hash = combine64(hash, takes_copies(node));
  for (const ShardView& shard : view.shards) {
    hash = combine64(hash, shard.id.value());
    for (const NodeId node : planned_copies(shard)) hash = combine64(hash, node.value());
    const NodeId leader = planned_leader(shard);
    hash = combine64(hash, leader.has_value() ? leader.value() : ~std::uint64_t{0});
  }
  return mix64(hash);
}

void move_any_copy(Draft& draft, ShardIndex shard, Random& random) {
  const auto nodes = draft.nodes_of(shard);
  if (nodes.empty()) return;
  const auto copy = draft.first_copy(shard) + static_cast<CopyIndex>(random.below(nodes.size()));
  if (!draft.takes_copies(draft.node_of(copy))) return;
  std::vector<NodeId> targets;
  for (const NodeView& node : draft.view().nodes) {
    if (may_even_out(draft, copy, node.id)) targets.push_back(node.id);
  }
  if (targets.empty()) return;
  draft.move(copy, targets[random.below(targets.size())], MoveReason::Balance);
}

}  // namespace

Plan RandomRebalance::plan(const ClusterView& view, const RebalanceOptions& options) const {
  Draft draft(view, options);
  drain_and_spread(draft);
  const std::uint64_t seed = hash_of(view);
  for (ShardIndex shard = 0; shard < view.shards.size(); ++shard) {
    Random random(combine64(seed, view.shards[shard].id.value()));
    if (random.below(kShardsPerMove) == 0) move_any_copy(draft, shard, random);
  }
  return draft.finish();
}

}  // namespace shardproof::distribution
