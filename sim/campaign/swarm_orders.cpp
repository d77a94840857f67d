// SPDX-License-Identifier: Apache-2.0
//
// Operators' orders of what the cluster is to be.
#include <algorithm>

#include "sim/campaign/event_draw.hpp"
#include "sim/campaign/swarm_parts.hpp"

namespace shardproof::sim::swarm {
namespace {

constexpr std::uint32_t kCopiesMax = 4;

/// Another number of copies than those of before, where another one is possible.
void draw_replication(Dice& dice, ScenarioSpec& spec, std::vector<std::uint32_t>& copies) {
  const auto collection = dice.between(0, static_cast<std::uint32_t>(spec.collections.size()) - 1);
  const std::uint32_t least =
      std::max(spec.collections[collection].write_concern, disks_spoilt(spec) + 1);
  const std::uint32_t most =
      std::min(kCopiesMax, static_cast<std::uint32_t>(spec.cluster.nodes.size()));
  if (least >= most) return;
  std::uint32_t wanted = dice.between(least, most - 1);
  if (wanted >= copies[collection]) wanted += 1;
  copies[collection] = wanted;
  EventSpec event;
  event.action = ReplicationAction{collection, wanted};
  event.time = moment_in(spec, dice);
  insert_by_time(std::move(event), spec);
}

OrderedLimits any_limits(Dice& dice) {
  OrderedLimits limits;
  const std::uint32_t parts = dice.between(1, 7);
  if ((parts & 1) != 0) limits.moves_per_node = dice.between(1, 4);
  if ((parts & 2) != 0) limits.moves_cluster_wide = dice.between(0, 3);
  if ((parts & 4) != 0) limits.bandwidth = Bandwidth(dice.magnitude(50'000, 2'000'000));
  return limits;
}

/// From a stream of its own: every other order limits the moves of a zone, too.
OrderedLimits with_zone_limit(Dice dice, OrderedLimits limits) {
  if (dice.coin()) limits.moves_per_domain = dice.between(0, 3);
  return limits;
}

/// One of those that move copies off draining nodes: a drain has to end.
std::string any_moving_policy(Dice& dice) {
  return dice.pick({"greedy", "goals", "local_search", "mean_band", "optimum", "random",
                    "region_score", "threshold", "threshold_copies", "upmap", "weighted_move",
                    "weighted_sum"});
}

void maintain(std::uint32_t node, Nanoseconds time, Nanoseconds lasts, ScenarioSpec& spec) {
  EventSpec event;
  NodeSelector selector = of_kind(SelectorKind::kNodes);
  selector.nodes = {NodeId(node)};
  event.action = MaintenanceAction{selector};
  event.time = time;
  event.lasts = lasts;
  insert_by_time(std::move(event), spec);
}

StatusAction any_status(EventDraw& draw) {
  StatusAction status;
  status.of = draw.dice().pick(
      {StatusAction::Of::kCluster, StatusAction::Of::kMigrations, StatusAction::Of::kShard});
  if (status.of != StatusAction::Of::kShard) return status;
  const ShardChoice shard = draw.shard();
  status.collection = shard.collection;
  status.shard = shard.shard;
  return status;
}

}  // namespace

void draw_questions(std::uint64_t seed, ScenarioSpec& spec) {
  Dice dice(seed, 0, "questions");
  if (spec.cluster.single || !dice.one_in(8)) return;
  const std::uint32_t count = dice.between(1, 4);
  for (std::uint32_t i = 0; i < count; ++i) {
    EventDraw draw(dice, spec);
    EventSpec event;
    event.action = any_status(draw);
    event.time = moment_in(spec, dice);
    insert_by_time(std::move(event), spec);
  }
}

void draw_joint_maintenance(std::uint64_t seed, ScenarioSpec& spec) {
  Dice dice(seed, 0, "joint maintenance");
  const auto nodes = static_cast<std::uint32_t>(spec.cluster.nodes.size());
  if (spec.cluster.single || nodes < 3 || !dice.one_in(10)) return;
  const std::uint32_t first = dice.between(0, nodes - 1);
  const std::uint32_t second = (first + dice.between(1, nodes - 1)) % nodes;
  const Nanoseconds time = moment_in(spec, dice);
  const Nanoseconds between = dice.time(Nanoseconds(0), spec.protocol.heartbeat);
  EventDraw draw(dice, spec);
  maintain(first, time, draw.lasts(), spec);
  maintain(second, time + between, draw.lasts(), spec);
}

void draw_orders(std::uint64_t seed, ScenarioSpec& spec) {
  Dice dice(seed, 0, "orders");
  if (spec.cluster.single || !dice.one_in(4)) return;
  std::vector<std::uint32_t> copies;
  for (const CollectionSpec& collection : spec.collections) {
    copies.push_back(collection.replication_factor);
  }
  const std::uint32_t count = dice.between(1, 4);
  for (std::uint32_t i = 0; i < count; ++i) {
    Dice own(seed, i, "order");
    const std::uint32_t kind = own.between(0, 5);
    if (kind < 4) {
      draw_replication(own, spec, copies);
      continue;
    }
    EventSpec event;
    if (kind == 4) {
      event.action = LimitsAction{with_zone_limit(Dice(seed, i, "ordered zones"), any_limits(own))};
    } else {
      event.action = PolicyAction{any_moving_policy(own)};
    }
    event.time = moment_in(spec, own);
    insert_by_time(std::move(event), spec);
  }
}

}  // namespace shardproof::sim::swarm
