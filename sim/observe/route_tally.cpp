// SPDX-License-Identifier: Apache-2.0
#include "sim/observe/route_tally.hpp"

namespace shardproof::sim {

void RouteTally::on_routed(const fact::RequestRouted& request, const ShardInfo& shard) {
  ++sent_;
  if (request.target == shard.leader) return;
  const bool may_ask_replica =
      request.operation && request.operation->read_from == ReadFrom::Replica;
  if (may_ask_replica && contains(shard.replicas, request.target)) return;
  ++stale_;
}

}  // namespace shardproof::sim
