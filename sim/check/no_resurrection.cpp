// SPDX-License-Identifier: Apache-2.0
#include "sim/check/no_resurrection.hpp"

namespace shardproof::sim::check {

void NoResurrection::on(const fact::ReadServed& read, const At& at) {
  if (read.result.document) check(read.shard, read.epoch, read.result, at);
}

void NoResurrection::on(const fact::ScanPartServed& part, const At& at) {
  for (const VersionedDocument& found : part.part->documents) {
    if (found.document) check(part.shard, part.epoch, found, at);
  }
}

void NoResurrection::check(ShardId shard, Epoch epoch, const VersionedDocument& found,
                           const At& at) {
  evaluated();
  const KeyState* known = oracle_.find_key(shard, *found.document);
  if (known == nullptr || !known->tombstone || known->observed < known->applied) return;
  if (found.version >= known->applied || oracle_.shard(shard).excused) return;
  report(at, {shard, {at.node}, {epoch, known->applied.epoch}},
         fmt::format("{} returned \"{}\" of {} at {}, which was deleted at {}", at.node,
                     found.document->key, shard, found.version, known->applied));
}

}  // namespace shardproof::sim::check
