// SPDX-License-Identifier: Apache-2.0
#include "sim/observe/flow_tally.hpp"

namespace shardproof::sim {

void FlowTally::on_sent(NodeId from, ShardId shard, bool by_leader, Bytes size) {
  nodes_.add(from.value(), kOut, size.count());
  if (by_leader) shards_.add(shard.value(), kLeaderOut, size.count());
}

void FlowTally::on_read(ShardId shard, const VersionedDocument& result) {
  shards_.add(shard.value(), kReads, 1);
  if (result.document) shards_.add(shard.value(), kReadB, result.document->size.count());
}

void FlowTally::on_scan_part(const fact::ScanPartServed& served) {
  std::uint64_t bytes = 0;
  for (const VersionedDocument& one : served.part->documents) {
    if (one.document) bytes += one.document->size.count();
  }
  shards_.add(served.shard.value(), kReads, 1);
  shards_.add(served.shard.value(), kReadB, bytes);
}

void FlowTally::on_write(const fact::EntryApplied& applied) {
  std::uint64_t bytes = 0;
  for (const Mutation& mutation : applied.entry->mutations) {
    bytes += stored_size(*mutation.document, mutation.tombstone).count();
  }
  shards_.add(applied.shard.value(), kWrites, applied.entry->mutations.size());
  shards_.add(applied.shard.value(), kWriteB, bytes);
}

void FlowTally::begin(Instant now) {
  nodes_.begin(now);
  shards_.begin(now);
}

void FlowTally::on_interval(Instant now) {
  nodes_.next_interval(now);
  shards_.next_interval(now);
}

FlowTally::NodeFlow FlowTally::recent(NodeId node) const {
  const auto row = nodes_.recent(node.value());
  return {row[kIn], row[kOut]};
}

FlowTally::ShardFlow FlowTally::recent(ShardId shard) const {
  const auto row = shards_.recent(shard.value());
  return {row[kReads], row[kReadB], row[kWrites], row[kWriteB], row[kLeaderOut]};
}

}  // namespace shardproof::sim
