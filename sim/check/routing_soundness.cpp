// SPDX-License-Identifier: Apache-2.0
#include "sim/check/routing_soundness.hpp"

#include "core/shard_key.hpp"

namespace shardproof::sim::check {

void RoutingSoundness::on(const fact::WriteAccepted& write, const At& at) {
  const CollectionConfig& collection = oracle_.collection_of(write.shard);
  for (const Mutation& mutation : write.entry->mutations) {
    evaluated();
    const auto routed = oracle_.shard_for(collection, *mutation.document);
    // A document that does not route at all is the business of shard_key_rules.
    if (!routed || *routed == write.shard) continue;
    report(at, {write.shard, {at.node}, {write.epoch}},
           fmt::format("{} accepted \"{}\" of {} at {} in {}, but {} routes to {}", at.node,
                       mutation.document->key, write.entry->request, write.entry->version,
                       write.shard, describe_shard_key(collection, *mutation.document), *routed));
  }
}

}  // namespace shardproof::sim::check
