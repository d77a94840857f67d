// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "core/base/ids.hpp"
#include "core/base/units.hpp"
#include "core/distribution/crowding.hpp"
#include "core/node_record.hpp"

namespace shardproof::distribution {

/// As last reported by the node itself; stale by up to a reporting period.
struct NodeLoad {
  Bytes disk_used{};
  std::uint64_t requests_per_second = 0;
};

/// What clients' requests to a shard take of the processor of each node that has a copy of it, in
/// inputs that are handled per second: its leader's, and a follower's (the busiest one's).
struct CpuLoad {
  std::uint64_t leader = 0;
  std::uint64_t follower = 0;

  std::uint64_t of(bool leads) const { return leads ? leader : follower; }
  friend bool operator==(const CpuLoad&, const CpuLoad&) = default;
};

struct NodeView {
  NodeId id{};
  NodeCapacity capacity{};
  DomainPath domain{};
  NodeState state = NodeState::Active;
  bool alive = true;
  NodeLoad load{};
};

/// A data movement that has started: the copy on `source` is going to be on `target`.
struct InFlightMove {
  NodeId source{};
  NodeId target{};

  friend bool operator==(const InFlightMove&, const InFlightMove&) = default;
};

struct ShardView {
  ShardId id{};
  CollectionId collection{};
  std::uint32_t replication_factor = 1;
  NodeId leader{};                 ///< none while the shard has no leader
  std::vector<NodeId> replicas{};  ///< in-sync copies, the leader's included, any order
  std::vector<NodeId> learners{};  ///< copies that are being made, a move's target included or not
  std::vector<NodeId> stale_holders{};  ///< nodes with an old copy that is in neither list
  Bytes bytes{};
  std::uint64_t requests_per_second = 0;
  CpuLoad cpu{};
  std::optional<InFlightMove> move{};
  bool frozen = false;        ///< another operation has the shard: plans leave it alone
  bool pinned = false;        ///< its copies stay where they are: it is repaired, and not moved
  bool leader_stays = false;  ///< no other copy may lead: each may lack what was acknowledged
};

/// True if a plan may move the shard's copies or its leadership.
inline bool is_movable(const ShardView& shard) {
  return !shard.frozen && !shard.pinned && !shard.move;
}

/// What a policy may see, and nothing else: membership, capacities, failure domains, liveness,
/// loads as last reported, and the table. `nodes[i].id` is NodeId(i), removed ones included;
/// `shards` ascend by id without gaps being required. Policies are pure functions of it.
struct ClusterView {
  std::vector<NodeView> nodes;
  std::vector<ShardView> shards;
  /// The time over which the rates of shards were counted; zero if they are no counts.
  Nanoseconds counted_over{};

  const NodeView& node(NodeId id) const { return nodes[id.value()]; }
};

/// The place in `view.shards` of a shard that is there; another one is a failed check. O(log
/// shards).
std::size_t index_of(const ClusterView& view, ShardId shard);

/// True if the node may be given new copies at all: active and alive. Space is asked for
/// separately.
inline bool takes_copies(const NodeView& node) {
  return node.state == NodeState::Active && node.alive;
}

/// True if a copy on this node counts as there: it is alive, or down for announced maintenance.
inline bool keeps_copies(const NodeView& node) {
  if (node.state == NodeState::Removed) return false;
  return node.alive || node.state == NodeState::Maintenance;
}

/// True if `incoming` more bytes leave the disk at or below the watermark (a fraction of its
/// capacity).
inline bool has_space(const NodeView& node, Bytes incoming, Ratio disk_watermark) {
  if (node.capacity.disk == Bytes(0)) return true;
  const std::uint64_t limit = disk_watermark.of(node.capacity.disk.count());
  return node.load.disk_used.count() <= limit &&
         incoming.count() <= limit - node.load.disk_used.count();
}

/// The nodes that hold or are going to hold a copy, ascending, each once: replicas and learners,
/// with an in-flight move counted as done. O(copies log copies).
std::vector<NodeId> planned_copies(const ShardView& shard);

/// The node that leads once an in-flight move is done: its target if its source leads, else the
/// leader.
NodeId planned_leader(const ShardView& shard);

/// Number of planned copies on nodes that keep them.
std::uint32_t living_copies(const ClusterView& view, const ShardView& shard);

/// Number of in-sync replicas that are alive now: what a repair's urgency is measured by.
std::uint32_t living_replicas(const ClusterView& view, const ShardView& shard);

/// How the node stands to those of `copies` that are not `leaving`; the node itself counts as well
/// if it is among them. O(copies).
Crowding crowding(const ClusterView& view, NodeId node, std::span<const NodeId> copies,
                  NodeId leaving = NodeId::none());

/// How many different domains of that level these nodes stand in. O(nodes^2).
std::size_t count_domains(const ClusterView& view, std::span<const NodeId> nodes,
                          DomainLevel level);

/// The weight of each node in placement and balance, by node index: its disk's bytes, or 1 for all
/// if a node that takes copies states no disk. O(nodes).
std::vector<std::uint64_t> node_weights(const ClusterView& view);

}  // namespace shardproof::distribution
