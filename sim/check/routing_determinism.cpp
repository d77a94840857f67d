// SPDX-License-Identifier: Apache-2.0
#include "sim/check/routing_determinism.hpp"

#include "core/shard_key.hpp"
#include "sim/check/wording.hpp"

namespace shardproof::sim::check {

void RoutingDeterminism::on(const fact::RequestRouted& routed, const At& at) {
  const Operation& operation = *routed.operation;
  if (!operation.document) return;
  evaluated();
  const auto expected = oracle_.shard_for(oracle_.collection_of(routed.shard), *operation.document);
  if (!expected || *expected == routed.shard) return;
  report(at, {routed.shard, {at.node, routed.target}, {}},
         fmt::format("{} sent {} ({}) to {} at {}, but {} routes to {}", at.node, routed.request,
                     operation_text(operation), routed.shard, routed.target,
                     describe_shard_key(oracle_.collection_of(routed.shard), *operation.document),
                     *expected));
}

}  // namespace shardproof::sim::check
