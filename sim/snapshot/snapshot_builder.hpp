// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/result.hpp"
#include "core/distribution/placement/placement.hpp"
#include "sim/input/input_error.hpp"
#include "sim/snapshot/cluster_snapshot.hpp"

namespace shardproof::sim {

/// A node of a snapshot as a reader finds it. Domains without a name: no region and no zone are one
/// and the same, but a node without a rack is a rack of its own.
struct SnapshotNode {
  std::string name;
  std::string region;
  std::string zone;
  std::string rack;
  NodeCapacity capacity{};
  NodeState state = NodeState::Active;
  bool alive = true;
  std::optional<Bytes> disk_used;  ///< the sum of its copies, if not told
};

/// A shard of a snapshot as a reader finds it.
struct SnapshotShard {
  std::string name;
  std::string collection;
  std::vector<std::string> replicas;  ///< nodes; of none the shard has still to be placed
  std::vector<std::string> learners;
  std::string leader;                               ///< the first replica, if empty
  std::optional<std::uint32_t> replication_factor;  ///< as many as it has copies, if not told
  std::optional<Bytes> bytes;
  std::optional<std::uint64_t> requests_per_second;
  /// What its copies take of their nodes' processors, in any unit; a follower's, zero if not told.
  std::optional<std::uint64_t> leader_cpu;
  std::optional<std::uint64_t> follower_cpu;
  std::optional<std::pair<std::string, std::string>> move;  ///< in flight: source and target
  bool pinned = false;
  std::uint64_t line = 0;  ///< where it is written; 0 if nowhere alone
};

/// Puts a snapshot together node by node and shard by shard. Each `add` returns what is wrong with
/// it, if anything, with a suggestion. All nodes come before the first shard, but for
/// `add_node_once`.
class SnapshotBuilder {
 public:
  std::optional<std::string> add(const SnapshotNode& node);
  /// Of systems that list no nodes: those that hold something.
  void add_node_once(const std::string& name);
  /// O(copies log nodes).
  std::optional<std::string> add(const SnapshotShard& shard);

  /// The file that the lines of shards are of, if it is not the snapshot's own.
  void shards_are_in(std::string file) { shards_file_ = std::move(file); }

  std::size_t nodes() const { return snapshot_.nodes.size(); }
  /// Places the shards that have no copies, the largest first, of equals in their
  /// order.
  std::optional<std::string> place(const distribution::PlacementPolicy& policy,
                                   const distribution::PlacementOptions& options);
  /// The snapshot, or what is wrong with the whole: no nodes, no shards, a shard without copies,
  /// two shards of a collection with the same name, sizes told of some shards only. What the nodes'
  /// disks hold is counted where it was not told. O(shards log shards).
  Result<ClusterSnapshot> finish();

 private:
  using Numbers = std::map<std::string, std::uint32_t, std::less<>>;

  static std::uint32_t number_of(const std::string& name, Numbers& numbers);
  Result<NodeId> find(const std::string& name, std::string_view role) const;
  std::optional<std::string> find_all(const std::vector<std::string>& names, std::string_view role,
                                      std::vector<NodeId>& nodes) const;
  std::optional<std::string> check_names() const;
  void count_disks();

  ClusterSnapshot snapshot_;
  Numbers nodes_;
  Numbers collections_;
  Numbers regions_;
  Numbers zones_;                      ///< by region and zone
  Numbers racks_;                      ///< by region, zone and rack
  std::vector<char> tells_disk_used_;  ///< by node
  std::vector<std::uint64_t> lines_;   ///< by shard
  std::string shards_file_;
  std::uint64_t shards_with_bytes_ = 0;
  std::uint64_t shards_with_requests_ = 0;
  std::uint64_t shards_with_cpu_ = 0;
};

/// What the builder makes of a file that has been read to its end.
Result<ClusterSnapshot, InputError> finished(SnapshotBuilder& builder, const std::string& file);

}  // namespace shardproof::sim
