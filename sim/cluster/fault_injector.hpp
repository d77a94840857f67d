// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "sim/cluster/applied.hpp"
#include "sim/cluster/operator_console.hpp"
#include "sim/cluster/path_faults.hpp"
#include "sim/cluster/process_faults.hpp"
#include "sim/cluster/selection.hpp"
#include "sim/cluster/wobbles.hpp"

namespace shardproof::sim {

/// Carries out scenario actions: operators' through the console, faults on the world.
///
/// An action on several nodes has happened if it has on one of them. What is aimed at a node that
/// has left the cluster does not happen, except that its process may come back by `restart`.
///
/// Stream: ("script", 0, "selection") for random nodes.
class FaultInjector {
 public:
  FaultInjector(const ScenarioSpec& spec, Cluster& cluster, OperatorConsole& console,
                DomainNames& domains, Streams streams);

  /// The collections by their place in the scenario, once they exist.
  void set_collections(std::vector<CollectionConfig> collections) {
    collections_ = std::move(collections);
  }
  Applied apply(const EventSpec& event);
  /// The same for one node of a crash or a restart.
  Applied apply_to_one(const EventSpec& event, NodeId node);
  /// Domains of every node, joined ones included.
  const std::vector<NodeSpec>& nodes() const { return nodes_; }
  /// A node's record for the table.
  NodeRecord record_of(NodeId node) const;
  /// Whether the selector, which draws nothing, means the endpoint now.
  bool means(const NodeSelector& selector, Endpoint endpoint);
  /// Whether that is the shard's name now.
  bool means(ShardChoice choice, ShardId shard) const;
  Clock draw_clock(const NodeSpec& node, NodeId id) const;
  void visit_streams(StreamVisitor& visitor) {
    visitor.on_source(streams_);
    visitor.on_stream("script", 0, "selection", selection_);
    paths_.visit_streams(visitor);
  }

 private:
  std::vector<NodeId> select(const NodeSelector& selector);
  bool has_left(NodeId node) const;
  /// Of a version of the software, if one is named.
  std::optional<std::uint32_t> number_of(const std::optional<std::string>& version) const;
  Applied join(const JoinAction& action);
  Applied ask(message::AdminRequest request);
  void ask_of(message::AdminKind kind, NodeId node);
  Applied operate(message::AdminKind kind, const NodeSelector& selector);
  Applied remove(const RemoveAction& action);
  Applied ask_about(message::AdminKind kind, ShardChoice choice);
  Applied status(const StatusAction& action);
  Applied enable_sharding(const EnableShardingAction& action);
  Applied replicate(const ReplicationAction& action);
  Applied move(const MoveAction& action);
  Applied maintain(const MaintenanceAction& action, Instant until);
  Applied swizzle(const SwizzleAction& action, Nanoseconds lasts);
  Applied restart_in_turn(const RollingRestartAction& action, Nanoseconds lasts);
  /// Puts the node into maintenance; what ends that.
  Undo begin_maintenance(NodeId node, Instant until);
  Applied slow(const SlowAction& action);
  Applied fill_disk(const DiskFullAction& action);
  Applied break_disk(const DiskErrorsAction& action);
  Applied stall(const StallAction& action);
  Applied swap_disks(const SwapDisksAction& action, Instant until);
  Applied corrupt(const CorruptAction& action);
  void set_wobble(NodeId node, const ClockWobble& wobble);
  Applied misdirect(const MisdirectAction& action);
  Applied step_clock(const ClockAction& action);
  Applied change_network(const NetworkAction& action);
  Applied trouble_metadata(const MetadataAction& action);
  Applied expire_session(const ExpireSessionAction& action);
  Applied staggered(const NodeSelector& selector, Nanoseconds stagger, const EventSpec& event);
  template <typename One>
  Applied each_member(const NodeSelector& selector, One&& one);
  template <typename One>
  static Applied each(const std::vector<NodeId>& nodes, One&& one);

  const ScenarioSpec& spec_;
  Cluster& cluster_;
  OperatorConsole& console_;
  DomainNames& domains_;
  Streams streams_;
  Random selection_;
  ProcessFaults processes_;
  PathFaults paths_;
  NodeHolds maintenance_;
  Wobbles wobbles_;
  std::uint64_t wobbles_drawn_ = 0;
  std::vector<NodeSpec> nodes_;
  std::vector<CollectionConfig> collections_;
};

}  // namespace shardproof::sim
