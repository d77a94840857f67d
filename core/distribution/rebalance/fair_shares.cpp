// SPDX-License-Identifier: Apache-2.0
#include "core/distribution/rebalance/fair_shares.hpp"

#include <algorithm>
#include <numeric>

namespace shardproof::distribution {
namespace {

constexpr std::uint64_t kWeightMax = std::uint64_t{1} << 40;

std::vector<std::uint64_t> reduced_weights(const Draft& draft, const std::vector<NodeId>& nodes) {
  std::uint64_t divisor = 0;
  UInt128 sum = 0;
  for (const NodeId node : nodes) divisor = std::gcd(divisor, draft.weight(node));
  for (const NodeId node : nodes) sum += draft.weight(node) / divisor;
  int halvings = 0;
  while ((sum >> halvings) + nodes.size() >= kWeightMax) ++halvings;
  std::vector<std::uint64_t> weights(draft.view().nodes.size());
  for (const NodeId node : nodes) {
    const std::uint64_t weight = (draft.weight(node) / divisor) >> halvings;
    weights[node.value()] = std::max<std::uint64_t>(weight, 1);
  }
  return weights;
}

}  // namespace

FairShares::FairShares(const Draft& draft, LoadMeasure measure)
    : draft_(&draft), measure_(measure) {
  for (const NodeView& node : draft.view().nodes) {
    if (draft.takes_copies(node.id)) nodes_.push_back(node.id);
  }
  weights_ = reduced_weights(draft, nodes_);
  for (const NodeId node : nodes_) {
    total_ += draft.amount(node, measure);
    total_weight_ += weight(node);
  }
}

std::uint64_t FairShares::share(NodeId node) const {
  return static_cast<std::uint64_t>(static_cast<UInt128>(total_) * weight(node) / total_weight_);
}

Int128 FairShares::excess(NodeId node, std::uint64_t amount) const {
  return static_cast<Int128>(amount) * static_cast<Int128>(total_weight_) -
         static_cast<Int128>(total_) * static_cast<Int128>(weight(node));
}

std::vector<NodeId> FairShares::least_loaded_first() const {
  std::vector<NodeId> nodes = nodes_;
  std::stable_sort(nodes.begin(), nodes.end(),
                   [&](NodeId a, NodeId b) { return load(a) < load(b); });
  return nodes;
}

std::vector<NodeId> FairShares::most_loaded_first() const {
  std::vector<NodeId> nodes = nodes_;
  std::stable_sort(nodes.begin(), nodes.end(),
                   [&](NodeId a, NodeId b) { return load(b) < load(a); });
  return nodes;
}

bool may_even_out(const Draft& draft, CopyIndex copy, NodeId target) {
  return draft.is_whole(draft.shard_of(copy)) &&
         draft.may_move(copy, target, draft.collision(copy));
}

bool may_hand_over(const Draft& draft, ShardIndex shard, NodeId target) {
  const NodeId leader = draft.leader_of(shard);
  if (leader.is_none() || leader == target || !draft.is_free(shard)) return false;
  if (!draft.takes_copies(leader) || !draft.takes_copies(target)) return false;
  const auto nodes = draft.nodes_of(shard);
  return std::find(nodes.begin(), nodes.end(), target) != nodes.end();
}

}  // namespace shardproof::distribution
