// SPDX-License-Identifier: Apache-2.0
#include "core/read_target.hpp"

namespace shardproof {

bool may_ask_replica(const Operation& operation, const ShardInfo& shard) {
  if (operation.read_from != ReadFrom::Replica || operation.kind != OperationKind::Read)
    return false;
  if (operation.collection != shard.collection || shard.replicas.empty()) return false;
  return operation.session.shard.is_none() || operation.session.shard == shard.id;
}

NodeId read_target(const ShardInfo& shard, RequestId request, NodeId self) {
  if (contains(shard.replicas, self)) return self;
  // Clients start at different copies.
  const std::uint64_t turn = std::uint64_t{request.client.value()} + request.sequence;
  return shard.replicas[turn % shard.replicas.size()];
}

}  // namespace shardproof
