// SPDX-License-Identifier: Apache-2.0
#include "core/distribution/rebalance/draft.hpp"

#include <algorithm>
#include <limits>
#include <numeric>
#include <utility>

#include "core/base/check.hpp"
#include "core/base/stable_hash.hpp"
#include "core/distribution/placement/placement.hpp"
#include "core/distribution/rebalance/detours.hpp"

namespace shardproof::distribution {
namespace {

constexpr std::uint32_t kNoMove = std::numeric_limits<std::uint32_t>::max();

}  // namespace

Draft::Draft(const ClusterView& view, const RebalanceOptions& options)
    : view_(view),
      options_(options),
      weights_(node_weights(view)),
      on_(view.nodes.size()),
      bytes_(view.nodes.size()),
      incoming_(incoming_bytes(view)),
      leader_counts_(view.nodes.size()),
      requests_(view.nodes.size()),
      inputs_(view.nodes.size()) {
  for (const NodeView& node : view.nodes) {
    takes_copies_.push_back(distribution::takes_copies(node));
    domains_.push_back(node.domain);
  }
  for (const ShardView& shard : view.shards) add_shard(shard);
  first_copies_.push_back(static_cast<CopyIndex>(nodes_.size()));
  last_moves_.assign(view.shards.size(), kNoMove);
  positions_.resize(nodes_.size());
  fill_nodes();
}

void Draft::add_shard(const ShardView& shard) {
  const bool free = is_movable(shard) && shard.learners.empty();
  const auto index = static_cast<ShardIndex>(leaders_.size());
  std::uint32_t living = 0;
  first_copies_.push_back(static_cast<CopyIndex>(nodes_.size()));
  for (const NodeId node : planned_copies(shard)) {
    shards_.push_back(index);
    nodes_.push_back(node);
    bytes_[node.value()] += shard.bytes;
    inputs_[node.value()] += shard.cpu.of(node == planned_leader(shard));
    living += keeps_copies(view_.node(node));
  }
  leaders_.push_back(planned_leader(shard));
  if (leaders_.back().has_value()) {
    ++leader_counts_[leaders_.back().value()];
    requests_[leaders_.back().value()] += shard.requests_per_second;
  }
  free_.push_back(free);
  whole_.push_back(free && living >= shard.replication_factor);
  living_.push_back(living_replicas(view_, shard));
}

void Draft::fill_nodes() {
  std::vector<std::pair<std::uint64_t, ShardIndex>> order;
  for (ShardIndex i = 0; i < leaders_.size(); ++i)
    order.emplace_back(mix64(shard(i).id.value()), i);
  std::sort(order.begin(), order.end());
  for (const auto& [hash, index] : order) {
    for (CopyIndex copy = first_copies_[index]; copy < first_copies_[index + 1]; ++copy) {
      auto& on = on_[nodes_[copy].value()];
      positions_[copy] = static_cast<std::uint32_t>(on.size());
      on.push_back(copy);
    }
  }
}

std::uint64_t Draft::amount(NodeId node, LoadMeasure measure) const {
  switch (measure) {
    case LoadMeasure::Copies: return copy_count(node);
    case LoadMeasure::Leaders: return leader_count(node);
    case LoadMeasure::Bytes: return bytes(node).count();
    case LoadMeasure::Requests: return requests(node);
    case LoadMeasure::Cpu: return inputs(node);
  }
  SHARDPROOF_CHECK(false);
}

std::uint64_t Draft::amount_of(CopyIndex copy, LoadMeasure measure) const {
  switch (measure) {
    case LoadMeasure::Copies: return 1;
    case LoadMeasure::Leaders: return leads(copy);
    case LoadMeasure::Bytes: return bytes_of(copy).count();
    case LoadMeasure::Requests: return leads(copy) ? shard(shards_[copy]).requests_per_second : 0;
    case LoadMeasure::Cpu: return shard(shards_[copy]).cpu.of(leads(copy));
  }
  SHARDPROOF_CHECK(false);
}

std::int64_t Draft::amount_of_leadership(ShardIndex index, LoadMeasure measure) const {
  const auto rate = [](std::uint64_t per_second) { return static_cast<std::int64_t>(per_second); };
  switch (measure) {
    case LoadMeasure::Copies:
    case LoadMeasure::Bytes: return 0;
    case LoadMeasure::Leaders: return 1;
    case LoadMeasure::Requests: return rate(shard(index).requests_per_second);
    case LoadMeasure::Cpu: return rate(shard(index).cpu.leader) - rate(shard(index).cpu.follower);
  }
  SHARDPROOF_CHECK(false);
}

std::span<const NodeId> Draft::nodes_of(ShardIndex shard) const {
  return {nodes_.data() + first_copies_[shard], nodes_.data() + first_copies_[shard + 1]};
}

Crowding Draft::crowding(ShardIndex shard, NodeId node, NodeId leaving) const {
  return distribution::crowding(view_, node, nodes_of(shard), leaving);
}

bool Draft::fits(CopyIndex copy, NodeId target) const {
  if (!takes_copies(target)) return false;
  const auto holders = nodes_of(shards_[copy]);
  if (std::find(holders.begin(), holders.end(), target) != holders.end()) return false;
  const Bytes arriving = incoming_[target.value()] + bytes_of(copy);
  return has_space(view_.node(target), arriving, options_.disk_watermark);
}

std::uint32_t Draft::collision(ShardIndex shard, NodeId node, NodeId leaving) const {
  const DomainPath& here = domains_[node.value()];
  std::uint32_t shared = 0;
  for (const NodeId copy : nodes_of(shard)) {
    const DomainPath& there = domains_[copy.value()];
    if (copy == leaving || here.region != there.region) continue;
    const std::uint32_t levels = here.zone != there.zone ? 1 : here.rack != there.rack ? 2 : 3;
    shared = std::max(shared, levels);
  }
  return shared;
}

bool Draft::may_move(CopyIndex copy, NodeId target, std::uint32_t allowed) const {
  return collision(shards_[copy], target, nodes_[copy]) <= allowed && fits(copy, target);
}

void Draft::move(CopyIndex copy, NodeId target, MoveReason reason) {
  SHARDPROOF_CHECK(is_free(shards_[copy]) && fits(copy, target));
  record(copy, target, reason);
  relocate(copy, target);
}

void Draft::record(CopyIndex copy, NodeId target, MoveReason reason) {
  const ShardIndex index = shards_[copy];
  const NodeId source = nodes_[copy];
  const std::uint32_t last = last_moves_[index];
  if (last != kNoMove && moves_[last].target == source) {
    SHARDPROOF_CHECK(moves_[last].kind == MoveKind::Move);
    const bool back = moves_[last].source == target;
    moves_[last].target = back ? NodeId::none() : target;
    if (back) last_moves_[index] = kNoMove;
    incoming_[source.value()] -= shard(index).bytes;
    if (!back) incoming_[target.value()] += shard(index).bytes;
    return;
  }
  last_moves_[index] = static_cast<std::uint32_t>(moves_.size());
  incoming_[target.value()] += shard(index).bytes;
  moves_.push_back({shard(index).id, source, target, MoveKind::Move, reason, leads(copy),
                    living_[index], shard(index).bytes});
}

void Draft::relocate(CopyIndex copy, NodeId target) {
  const NodeId source = nodes_[copy];
  if (leads(copy)) pass_leadership(shards_[copy], target);
  bytes_[source.value()] -= bytes_of(copy);
  bytes_[target.value()] += bytes_of(copy);
  const std::uint64_t inputs = shard(shards_[copy]).cpu.follower;
  inputs_[source.value()] -= inputs;
  inputs_[target.value()] += inputs;
  auto& from = on_[source.value()];
  auto& to = on_[target.value()];
  from[positions_[copy]] = from.back();
  positions_[from.back()] = positions_[copy];
  from.pop_back();
  positions_[copy] = static_cast<std::uint32_t>(to.size());
  to.push_back(copy);
  nodes_[copy] = target;
}

void Draft::pass_leadership(ShardIndex index, NodeId target) {
  const NodeId source = leaders_[index];
  --leader_counts_[source.value()];
  ++leader_counts_[target.value()];
  requests_[source.value()] -= shard(index).requests_per_second;
  requests_[target.value()] += shard(index).requests_per_second;
  // A follower may have more to do than its leader: sums wrap, and are right in the end.
  const std::uint64_t more = shard(index).cpu.leader - shard(index).cpu.follower;
  inputs_[source.value()] -= more;
  inputs_[target.value()] += more;
  leaders_[index] = target;
}

void Draft::transfer_leader(ShardIndex index, NodeId target, MoveReason reason) {
  const NodeId source = leaders_[index];
  pass_leadership(index, target);
  last_moves_[index] = kNoMove;
  moves_.push_back({shard(index).id, source, target, MoveKind::LeaderTransfer, reason, true,
                    living_[index], Bytes(0)});
}

void Draft::give_up(CopyIndex copy) { given_up_.insert(copy); }

Plan Draft::finish() {
  std::erase_if(moves_, [](const Move& move) { return move.target.is_none(); });
  std::vector<Unplaceable> unplaceable;
  for (const CopyIndex copy : given_up_) {
    // A later pass may have found a place.
    if (takes_copies(nodes_[copy])) continue;
    unplaceable.push_back({shard(shards_[copy]).id, nodes_[copy]});
  }
  return {without_detours(view_, std::move(moves_)), std::move(unplaceable)};
}

}  // namespace shardproof::distribution
