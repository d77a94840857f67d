// SPDX-License-Identifier: Apache-2.0
#include "core/distribution/rebalance/random_moves.hpp"

#include "core/base/random.hpp"
#include "core/base/stable_hash.hpp"
#include "core/distribution/rebalance/fair_shares.hpp"
#include "core/distribution/rebalance/goals.hpp"

namespace shardproof::distribution {
namespace {

std::uint64_t hash_of(const std::vector<NodeId>& nodes) {
  std::uint64_t hash = 0;
  for (const NodeId node : nodes) hash = combine64(hash, node.value());
  return mix64(hash);
}

void move_any_copy(Draft& draft, ShardIndex shard, NodeId target, Random& random) {
  const std::size_t copies = draft.nodes_of(shard).size();
  if (copies == 0) return;
  const std::size_t first = random.below(copies);
  for (std::size_t i = 0; i < copies; ++i) {
    const auto copy = draft.first_copy(shard) + static_cast<CopyIndex>((first + i) % copies);
    if (!draft.takes_copies(draft.node_of(copy)) || !may_even_out(draft, copy, target)) continue;
    draft.move(copy, target, MoveReason::Balance);
    return;
  }
}

}  // namespace

Plan RandomRebalance::plan(const ClusterView& view, const RebalanceOptions& options) const {
  Draft draft(view, options);
  drain_and_spread(draft);
  std::vector<NodeId> targets;
  for (const NodeView& node : view.nodes) {
    if (draft.takes_copies(node.id)) targets.push_back(node.id);
  }
  if (targets.empty()) return draft.finish();
  const std::uint64_t seed = hash_of(targets);
  const std::uint64_t shards_per_move = options.number(kShardsPerMove);
  for (ShardIndex shard = 0; shard < view.shards.size(); ++shard) {
    Random random(combine64(seed, view.shards[shard].id.value()));
    if (random.below(shards_per_move) != 0) continue;
    const NodeId target = targets[random.below(targets.size())];
    move_any_copy(draft, shard, target, random);
  }
  return draft.finish();
}

}  // namespace shardproof::distribution
