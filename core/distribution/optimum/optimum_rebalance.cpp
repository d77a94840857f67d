// SPDX-License-Identifier: Apache-2.0
#include "core/distribution/optimum/optimum_rebalance.hpp"

#include <algorithm>
#include <optional>

#include "core/distribution/optimum/exchange_bytes.hpp"
#include "core/distribution/optimum/minimum_flow.hpp"
#include "core/distribution/rebalance/goals.hpp"

namespace shardproof::distribution {
namespace {

constexpr std::size_t kCopiesForProof = 60'000;
constexpr std::uint64_t kSearchesBeyond = 16;

/// The view with the copies where the draft has them.
ClusterView as_drafted(const Draft& draft) {
  ClusterView view = draft.view();
  for (ShardIndex shard = 0; shard < view.shards.size(); ++shard) {
    if (!draft.is_free(shard)) continue;
    const auto nodes = draft.nodes_of(shard);
    view.shards[shard].replicas.assign(nodes.begin(), nodes.end());
    view.shards[shard].leader = draft.leader_of(shard);
  }
  return view;
}

MinimumFlowRequest request_for(const ClusterView& view, const RebalanceOptions& options) {
  std::size_t copies = 0;
  for (const ShardView& shard : view.shards) copies += shard.replicas.size();
  MinimumFlowRequest request;
  request.disk_watermark = options.disk_watermark;
  request.even_bytes = options.balance_bytes;
  if (copies > kCopiesForProof) request.searches_max = kSearchesBeyond;
  return request;
}

std::optional<CopyIndex> copy_on(const Draft& draft, ShardIndex shard, NodeId node) {
  const auto nodes = draft.nodes_of(shard);
  const auto found = std::find(nodes.begin(), nodes.end(), node);
  if (found == nodes.end()) return std::nullopt;
  return draft.first_copy(shard) + static_cast<CopyIndex>(found - nodes.begin());
}

/// All moves of the flow together keep to the disks and domains; where a disk has no room yet for
/// one of them, those behind it may have to stay away, too.
void follow(Draft& draft, const Plan& flow) {
  for (const Move& move : flow.moves) {
    const auto shard = static_cast<ShardIndex>(index_of(draft.view(), move.shard));
    const std::optional<CopyIndex> copy = copy_on(draft, shard, move.source);
    if (!copy) continue;
    const bool is_drain = move.reason == MoveReason::Drain;
    const bool may_go = is_drain ? draft.fits(*copy, move.target)
                                 : draft.may_move(*copy, move.target, draft.collision(*copy));
    if (may_go) draft.move(*copy, move.target, move.reason);
  }
}

bool has_to_drain(const Draft& draft) {
  const auto& nodes = draft.view().nodes;
  return std::any_of(nodes.begin(), nodes.end(), [&](const NodeView& node) {
    return node.state == NodeState::Draining && node.alive && draft.copy_count(node.id) > 0;
  });
}

/// True if no node has so many copies that another one, with count_gap more, would have fewer.
bool is_within_gap(const Draft& draft) {
  std::optional<WeightedLoad> fullest;
  std::optional<WeightedLoad> emptiest;
  for (const NodeView& node : draft.view().nodes) {
    if (!draft.takes_copies(node.id)) continue;
    const std::uint64_t count = draft.copy_count(node.id);
    const WeightedLoad now{count, draft.weight(node.id)};
    const WeightedLoad with_gap{count + draft.options().count_gap, draft.weight(node.id)};
    if (!fullest || *fullest < now) fullest = now;
    if (!emptiest || with_gap < *emptiest) emptiest = with_gap;
  }
  return !fullest || *fullest <= *emptiest;
}

void even_counts(Draft& draft, const RebalanceOptions& options) {
  if (options.count_gap > 1 && !has_to_drain(draft) && is_within_gap(draft)) return;
  const ClusterView& view = draft.view();
  const MinimumFlowRequest request = request_for(view, options);
  follow(draft, minimum_flow(draft.is_empty() ? view : as_drafted(draft), request).plan);
}

}  // namespace

Plan OptimumRebalance::plan(const ClusterView& view, const RebalanceOptions& options) const {
  Draft draft(view, options);
  hand_over_before_maintenance(draft);
  spread_domains(draft);
  // What drains make room for may be spread, which makes counts uneven, and so on; it ends because
  // each copy is drained once and evening counts out takes no domain from any shard.
  do {
    even_counts(draft, options);
    evacuate_draining(draft);
  } while (spread_domains(draft));
  hand_over_before_maintenance(draft);
  if (options.balance_bytes) exchange_bytes(draft);
  if (options.balance_leaders) balance_leaders(draft);
  return draft.finish();
}

}  // namespace shardproof::distribution
