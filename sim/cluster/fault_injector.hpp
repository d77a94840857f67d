// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>

#include "sim/cluster/operator_console.hpp"
#include "sim/cluster/selection.hpp"

namespace shardproof::sim {

/// Ends an action's effect.
using Undo = std::function<void()>;

/// What an action has done: whom it met (nobody: it did not happen), and how it ends.
struct Applied {
  bool happened = false;
  /// Null for what does not end by itself.
  Undo undo;
  /// Nodes that come down or go one by one: the action is to be repeated for each later.
  std::vector<NodeId> staggered;
};

/// Carries out scenario actions: operators' through the console, faults on the world.
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
  Applied apply(const Action& action);
  /// The same for one node of a staggered action.
  Undo apply_to_one(const Action& action, NodeId node);
  /// Domains of every node, joined ones included.
  const std::vector<NodeSpec>& nodes() const { return nodes_; }
  /// A node's record for the table.
  NodeRecord record_of(NodeId node) const;
  Clock draw_clock(const NodeSpec& node, NodeId id) const;

 private:
  std::vector<NodeId> select(const NodeSelector& selector);
  EndpointSet side(const NodeSelector& selector, const NodeSelector& opposite,
                   const std::vector<NodeId>& other);
  Applied join(const JoinAction& action);
  Applied operate(message::AdminKind kind, const NodeSelector& selector);
  Applied ask_about(message::AdminKind kind, ShardChoice choice);
  Applied move(const MoveAction& action);
  Applied maintain(const MaintenanceAction& action);
  Applied partition(const PartitionAction& action);
  Applied slow(const SlowAction& action);
  Applied fill_disk(const DiskFullAction& action);
  Applied step_clock(const ClockAction& action);
  template <typename One>
  Applied one_by_one(const NodeSelector& selector, Nanoseconds stagger, One&& one);

  const ScenarioSpec& spec_;
  Cluster& cluster_;
  OperatorConsole& console_;
  DomainNames& domains_;
  Streams streams_;
  Random selection_;
  std::vector<NodeSpec> nodes_;
  std::vector<CollectionConfig> collections_;
};

}  // namespace shardproof::sim
