// SPDX-License-Identifier: Apache-2.0
#include "sim/check/routing_soundness.hpp"

namespace shardproof::sim::check {

void RoutingSoundness::on(const fact::WriteAccepted& write, const At& at) {
  const CollectionConfig& collection = oracle_.collection_of(write.shard);
  for (const Mutation& mutation : write.entry->mutations) {
    evaluated();
    const auto routed = oracle_.shard_for(collection, *mutation.document);
    // A document that does not route at all is the business of shard_key_rules.
    if (!routed || *routed == write.shard) continue;
    report(at, {write.shard, {at.node}, {write.epoch}},
           fmt::format("{} accepted \"{}\" at {} in {}, but it routes to {}", at.node,
                       mutation.document->key, write.entry->version, write.shard, *routed));
  }
}

}  // namespace shardproof::sim::check
