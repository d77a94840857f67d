// SPDX-License-Identifier: Apache-2.0
#include "core/distribution/rebalance/fair_shares.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

#include "core/base/check.hpp"
#include "core/distribution/balanced_counts.hpp"

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

/// The draft's copies on nodes that take copies, as a view.
ClusterView drafted_view(const Draft& draft, std::optional<CollectionId> collection) {
  ClusterView view;
  view.nodes = draft.view().nodes;
  for (ShardIndex index = 0; index < draft.view().shards.size(); ++index) {
    const ShardView& from = draft.shard(index);
    if (collection && from.collection != *collection) continue;
    ShardView shard;
    shard.id = from.id;
    shard.bytes = from.bytes;
    for (const NodeId node : draft.nodes_of(index)) {
      if (draft.takes_copies(node)) shard.replicas.push_back(node);
    }
    view.shards.push_back(std::move(shard));
  }
  return view;
}

}  // namespace

FairShares::FairShares(const Draft& draft, LoadMeasure measure,
                       std::optional<CollectionId> collection)
    : draft_(&draft),
      measure_(measure),
      shares_(draft.view().nodes.size()),
      pools_(draft.view().nodes.size()) {
  for (const NodeView& node : draft.view().nodes) {
    if (draft.takes_copies(node.id)) nodes_.push_back(node.id);
  }
  if (nodes_.empty()) return;
  weights_ = reduced_weights(draft, nodes_);
  if (measure == LoadMeasure::Copies || measure == LoadMeasure::Bytes) {
    share_among_domains(collection);
  } else {
    SHARDPROOF_CHECK(!collection, "{} are not told by collection", to_string(measure));
    std::uint64_t total = 0;
    for (const NodeId node : nodes_) total += draft.amount(node, measure);
    add_pool(nodes_, total);
  }
}

void FairShares::share_among_domains(std::optional<CollectionId> collection) {
  std::vector<bool> members(shares_.size());
  for (const NodeId node : nodes_) members[node.value()] = true;
  for (const CountPool& pool : balanced_counts(drafted_view(*draft_, collection), members)) {
    std::vector<NodeId> nodes;
    std::uint64_t copies = pool.ceilings;
    for (const CountTarget& target : pool.targets) {
      nodes.push_back(target.node);
      copies += target.floor;
    }
    add_pool(nodes, measure_ == LoadMeasure::Copies ? copies : pool.bytes);
  }
}

void FairShares::add_pool(const std::vector<NodeId>& nodes, std::uint64_t total) {
  UInt128 all = 0;
  for (const NodeId node : nodes) all += weight(node);
  for (const NodeId node : nodes) {
    const UInt128 scaled = (static_cast<UInt128>(total) * weight(node)) << 20;
    shares_[node.value()] = static_cast<Int128>(scaled / all);
    pools_[node.value()] = totals_.size();
  }
  totals_.push_back(total);
}

Int128 FairShares::relative(NodeId node, std::uint64_t amount) const {
  const Int128 share = exact_share(node);
  if (share == 0) return amount == 0 ? kOne : static_cast<Int128>(amount) * kOne;
  return static_cast<Int128>(amount) * kOne * kOne / share;
}

std::vector<NodeId> FairShares::sorted(bool most_first) const {
  std::vector<std::pair<Int128, NodeId>> order;
  for (const NodeId node : nodes_) {
    const Int128 load = relative(node, draft_->amount(node, measure_));
    order.emplace_back(most_first ? -load : load, node);
  }
  std::sort(order.begin(), order.end());
  std::vector<NodeId> nodes;
  for (const auto& [load, node] : order) nodes.push_back(node);
  return nodes;
}

std::vector<NodeId> FairShares::least_loaded_first() const { return sorted(false); }
std::vector<NodeId> FairShares::most_loaded_first() const { return sorted(true); }

bool may_even_out(const Draft& draft, CopyIndex copy, NodeId target) {
  return draft.is_whole(draft.shard_of(copy)) &&
         draft.may_move(copy, target, draft.collision(copy));
}

bool may_hand_over(const Draft& draft, ShardIndex shard, NodeId target) {
  const NodeId leader = draft.leader_of(shard);
  if (leader.is_none() || leader == target || !draft.may_change_leader(shard)) return false;
  if (!draft.takes_copies(leader) || !draft.takes_copies(target)) return false;
  const auto nodes = draft.nodes_of(shard);
  return std::find(nodes.begin(), nodes.end(), target) != nodes.end();
}

}  // namespace shardproof::distribution
