// SPDX-License-Identifier: Apache-2.0
#include "sim/check/no_resurrection.hpp"

namespace shardproof::sim::check {

void NoResurrection::on(const fact::ReadServed& read, const At& at) {
  if (!read.result.document) return;
  const KeyState* known = oracle_.find_key(read.shard, *read.result.document);
  check(read.shard, read.epoch, read.result, known, at);
}

void NoResurrection::on(const fact::ScanPartServed& part, const At& at) {
  const std::vector<VersionedDocument>& documents = part.part->documents;
  const std::vector<std::uint32_t>& places = oracle_.places_of(part);
  for (std::size_t i = 0; i < documents.size(); ++i) {
    if (!documents[i].document) continue;
    const bool is_known = places[i] != KeyState::kNoKey;
    check(part.shard, part.epoch, documents[i], is_known ? &oracle_.keys().at(places[i]) : nullptr,
          at);
  }
}

void NoResurrection::check(ShardId shard, Epoch epoch, const VersionedDocument& found,
                           const KeyState* known, const At& at) {
  evaluated();
  if (known == nullptr || !known->tombstone || known->observed < known->applied) return;
  if (found.version >= known->applied || oracle_.shard(shard).excused) return;
  report(at, {shard, {at.node}, {epoch, known->applied.epoch}},
         fmt::format("{}, leader of {} at {}, returned \"{}\" as of {}, and its delete at {} was "
                     "acknowledged or seen before",
                     at.node, shard, epoch, found.document->key, found.version, known->applied));
}

}  // namespace shardproof::sim::check
