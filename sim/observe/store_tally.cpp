// SPDX-License-Identifier: Apache-2.0
#include "sim/observe/store_tally.hpp"

#include "sim/observe/grown.hpp"

namespace shardproof::sim {

void StoreTally::on_applied(const fact::EntryApplied& applied, NodeId node) {
  if (applied.entry->mutations.empty()) return;
  std::uint64_t bytes = 0;
  for (const Mutation& mutation : applied.entry->mutations) {
    bytes += stored_size(*mutation.document, mutation.tombstone).count();
  }
  Store& store = grown(stores_, node.value());
  store.write += applied.entry->mutations.size();
  store.write_b += bytes;
  recent_write_b_.add(node, CollectionId::none(), bytes);
}

void StoreTally::on_read(const VersionedDocument& result, NodeId node) {
  Store& store = grown(stores_, node.value());
  ++store.read;
  if (result.document) store.read_b += result.document->size.count();
}

void StoreTally::on_chunk(const fact::ChunkSent& chunk, NodeId sender) {
  grown(stores_, sender.value()).replica_b_sent += chunk.bytes.count();
  grown(stores_, chunk.target.value()).replica_b_rcvd += chunk.bytes.count();
}

void StoreTally::on_shard(const ShardInfo& before, const ShardInfo& after,
                          const std::optional<MigrationStep>& step) {
  if (before.leader.is_none()) return;
  Store& author = grown(stores_, before.leader.value());
  if (after.leader.has_value() && before.leader != after.leader) ++author.lease_moves;
  if (step && step->kind == MigrationStep::Kind::kCompleted) ++author.replica_moves;
}

const StoreTally::Store& StoreTally::store(NodeId node) const {
  static const Store kNothing;
  return node.value() < stores_.size() ? stores_[node.value()] : kNothing;
}

}  // namespace shardproof::sim
