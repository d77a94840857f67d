// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "sim/cluster/cluster.hpp"

namespace shardproof::sim {

/// The numbers by which domains are known to `core/`, from their names in the order of declaration.
class DomainNames {
 public:
  explicit DomainNames(const ClusterSpec& spec);
  DomainPath path(const std::string& region, const std::string& zone, const std::string& rack);
  /// Of a zone whose name alone is known.
  DomainPath zone_path(const std::string& zone) const;

 private:
  std::vector<std::string> regions_;
  std::vector<std::pair<std::string, std::string>> zones_;
  std::vector<std::pair<std::string, std::string>> racks_;
};

/// The record of a shard of `collections`, or null if there is none at this moment.
const ShardInfo* find_shard(ShardChoice choice, const ShardTable& table,
                            const std::vector<CollectionConfig>& collections);

/// The running members by domain of the level that a selector by chance draws (kRandomZone, ...):
/// domains in the order of their first running node, nodes of each ascending. `names` has every
/// node's domains. O(nodes * domains).
std::vector<std::vector<NodeId>> running_by_domain(NodeSelector::Kind level, const Cluster& cluster,
                                                   const std::vector<NodeSpec>& names);

/// False for kOthers, kMetadata, kClients and kAnyone, which mean no nodes of their own.
bool names_nodes(const NodeSelector& selector);
/// Why nothing is done to a node: "n3 had left the cluster".
std::string left_text(NodeId node);
/// Why a selector has matched nobody: "no migration was under way".
std::string nobody_text(const NodeSelector& selector);

/// The nodes that run, of those that have not left the cluster; ascending.
std::vector<NodeId> running_members(const Cluster& cluster);

/// What a selector means at this moment: nodes ascending, each once; empty if nobody matches.
/// kOthers, kMetadata, kClients and kAnyone name no nodes. kRandom and kHalf draw running members
/// of the cluster only. `names[n]` are the domains of node n. Draws from `random` for these two
/// only.
std::vector<NodeId> select_nodes(const NodeSelector& selector, const Cluster& cluster,
                                 const std::vector<NodeSpec>& names,
                                 const std::vector<CollectionConfig>& collections,
                                 NodeId coordinator, Random& random);

}  // namespace shardproof::sim
