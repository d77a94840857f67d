// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/document_space.hpp"

namespace shardproof::sim {

UInt128 content_bytes(const CollectionSpec& collection, Bytes typical) {
  if (collection.shard_bytes.empty()) {
    return static_cast<UInt128>(typical.count()) * collection.documents;
  }
  UInt128 sum = 0;
  for (const Bytes bytes : collection.shard_bytes) sum += bytes.count();
  return sum;
}

UInt128 document_bytes(const ScenarioSpec& spec) {
  UInt128 needed = 0;
  for (const CollectionSpec& collection : spec.collections) {
    const SizeDistribution& size = collection.document_size;
    const Bytes typical = size.kind == DistributionKind::kPareto ? size.first : mean(size);
    needed += content_bytes(collection, typical) * collection.replication_factor;
  }
  return needed;
}

std::optional<UInt128> disk_bytes(const ScenarioSpec& spec) {
  UInt128 space = 0;
  for (const NodeSpec& node : spec.cluster.nodes) {
    if (node.capacity.disk.count() == 0) return std::nullopt;
    space += node.capacity.disk.count();
  }
  return space;
}

}  // namespace shardproof::sim
