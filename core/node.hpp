// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>

#include "core/coordinator.hpp"
#include "core/router.hpp"
#include "core/shard_replica.hpp"
#include "core/standalone.hpp"
#include "core/table_watcher.hpp"

namespace shardproof {

/// Makes a node's store, empty: `recover` fills it.
using StoreFactory = std::function<std::unique_ptr<Store>(const NodeConfig& config)>;

/// One process of the sharding system: a state machine. An input comes in, effects go out; between
/// inputs nothing happens.
///
/// Its state is in three parts by lifetime: the configuration, what is on the disk (behind the disk
/// port), and everything else, which a crash drops and a boot rebuilds.
class Node {
 public:
  Node(NodeConfig config, StoreFactory make_store);
  Node(Node&&) noexcept;
  Node& operator=(Node&&) noexcept;
  ~Node();

  /// Handles one input. The first of an incarnation is Boot; before it, and after `crash`,
  /// everything else is ignored.
  void step(const Input& input, Context context, Effects& effects);
  /// Drops all volatile state at once; runs nothing.
  void crash();

  NodeId id() const { return config_.id; }
  const NodeConfig& config() const { return config_; }
  bool is_up() const { return volatile_ != nullptr; }

  // For audits; only while up.
  const ShardTable& table() const;
  const Store& store() const;
  const Coordinator& coordinator() const;
  /// What it waits for: as coordinator, then by shard in ascending order, then as a node.
  /// O(shards * copies + nodes). `now` is its clock.
  AwaitedList awaited(Instant now) const;
  /// Null if this node has nothing to do with the shard.
  const ShardReplica* find_replica(ShardId shard) const;

 private:
  struct Volatile;
  struct Running;

  NodeConfig config_;
  StoreFactory make_store_;
  std::unique_ptr<Volatile> volatile_;
};

}  // namespace shardproof
