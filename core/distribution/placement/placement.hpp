// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "core/base/result.hpp"
#include "core/distribution/cluster_view.hpp"
#include "core/distribution/policy_option.hpp"

namespace shardproof::distribution {

/// A shard that has no copies yet.
struct NewShard {
  ShardId id{};
  CollectionId collection{};
  Bytes bytes{};  ///< expected size, zero for an empty one
};

struct PlacementOptions {
  std::uint32_t replication_factor = 1;
  Ratio disk_watermark{85, 100};  ///< no copy goes where the disk would be fuller than this
  OptionValues values{};          ///< of the policy's own options, within their ranges
};

/// The copies of one shard, the leader's node first, all distinct.
using CopyList = std::vector<NodeId>;

/// Where new shards go. Policies are stateless and pure: same arguments, same answer, nothing
/// drawn.
class PlacementPolicy {
 public:
  virtual ~PlacementPolicy() = default;

  /// One list of `replication_factor` nodes for each of `shards`, in their order; each shard sees
  /// those before it as placed. Fails, placing none, if for some shard fewer nodes are active,
  /// alive and with space than copies are wanted; the message names the shard and both numbers.
  virtual Result<std::vector<CopyList>> place_all(const ClusterView& view,
                                                  const std::vector<NewShard>& shards,
                                                  const PlacementOptions& options) const = 0;

  /// Whether copies of a shard stand in as many failure domains as they can.
  virtual bool spreads_domains() const { return true; }

  /// What can be set of it.
  virtual std::vector<PolicyOption> options() const { return {}; }

  /// The same for a single shard.
  Result<CopyList> place(const ClusterView& view, const NewShard& shard,
                         const PlacementOptions& options) const;
};

/// The nodes that may take a copy of `shard` beside `incoming` bytes (by node index) promised to
/// them already, ascending by id; an error if they are fewer than the replication factor. O(nodes).
Result<std::vector<NodeId>> eligible_nodes(const ClusterView& view, const NewShard& shard,
                                           const std::vector<Bytes>& incoming,
                                           const PlacementOptions& options);

/// Bytes on their way to each node, by node index: its in-flight moves and learners, at full size.
/// What has arrived already may be in the reported load too; the estimate errs towards fuller.
/// O(copies).
std::vector<Bytes> incoming_bytes(const ClusterView& view);

}  // namespace shardproof::distribution
