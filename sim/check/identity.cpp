// SPDX-License-Identifier: Apache-2.0
#include "sim/check/identity.hpp"

#include "core/base/humanise.hpp"
#include "sim/check/wording.hpp"

namespace shardproof::sim::check {

void Identity::on(const fact::RequestRouted& routed, const At& at) {
  evaluated();
  const ShardTable& table = oracle_.table();
  const ShardInfo& shard = table.shards()[routed.shard.value()];
  if (table.find_node(routed.target) == nullptr) {
    report(at, {routed.shard, {at.node, routed.target}, {shard.epoch}},
           fmt::format("{} sent {} ({}) about {} to {}, which is no node of the cluster at {}",
                       at.node, routed.request, operation_text(*routed.operation), routed.shard,
                       routed.target, table.revision()));
    return;
  }
  const bool may_go_to_replica = routed.operation->read_from == ReadFrom::Replica &&
                                 routed.operation->kind == OperationKind::Read;
  if (may_go_to_replica && contains(shard.replicas, routed.target)) return;
  const Revision modified = table.modified({RecordKind::Shard, routed.shard.value()});
  if (routed.revision < modified || routed.target == shard.leader) return;
  const char* kind = routed.target == at.node ? "forwarded to itself" : "went to the wrong node";
  report(at, {routed.shard, {at.node, routed.target, shard.leader}, {shard.epoch}},
         fmt::format("{} ({}) {}: {} sent it to {}, and by its table of {} the leader of {} is {}",
                     routed.request, operation_text(*routed.operation), kind, at.node,
                     routed.target, routed.revision, routed.shard, human_node(shard.leader)));
}

}  // namespace shardproof::sim::check
