// SPDX-License-Identifier: Apache-2.0
//
// Any bytes as a snapshot of a cluster, in each format: an error has words, and what was read is a
// cluster that policies can be asked about.

#include <algorithm>
#include <cstdint>

#include "core/base/check.hpp"
#include "property_tests/readers/memory_file.hpp"
#include "sim/snapshot/snapshot_file.hpp"

namespace {

using namespace shardproof;

void check_shard(const sim::ClusterSnapshot& snapshot, const distribution::ShardView& shard) {
  const std::size_t nodes = snapshot.nodes.size();
  SHARDPROOF_CHECK(!shard.replicas.empty(), "a shard without a copy");
  for (const NodeId node : shard.replicas) {
    SHARDPROOF_CHECK(node.value() < nodes, "a replica on no node");
    SHARDPROOF_CHECK(std::count(shard.replicas.begin(), shard.replicas.end(), node) == 1,
                     "two copies on a node");
  }
  SHARDPROOF_CHECK(
      std::find(shard.replicas.begin(), shard.replicas.end(), shard.leader) != shard.replicas.end(),
      "a leader without a copy");
  SHARDPROOF_CHECK(shard.replication_factor > 0, "a shard that wants no copy");
  SHARDPROOF_CHECK(shard.collection.value() < snapshot.collections.size(), "no such collection");
}

void check(const Result<sim::ClusterSnapshot, sim::InputError>& snapshot) {
  if (!snapshot) {
    SHARDPROOF_CHECK(!snapshot.error().reason.empty(), "an error without words");
    return;
  }
  SHARDPROOF_CHECK(snapshot->nodes.size() == snapshot->view.nodes.size(), "nodes without names");
  SHARDPROOF_CHECK(snapshot->shards.size() == snapshot->view.shards.size(), "shards without names");
  for (const auto& shard : snapshot->view.shards) check_shard(*snapshot, shard);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const readers::MemoryFile file(data, size);
  check(sim::read_snapshot(file.path()));
  for (const sim::SnapshotFormat& format : sim::snapshot_formats()) {
    check(format.read(file.path(), {}));
  }
  return 0;
}
