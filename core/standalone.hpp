// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/replica_step.hpp"

namespace shardproof {

/// The single-node mode: no coordinator, no metadata store; this node owns everything and is itself
/// the truth. What an operator has set up lives as documents in a one-shard collection,
/// `_system._catalog`, which goes through the same log and store as every other, so that it
/// survives what they survive.
class Standalone {
 public:
  /// First call of an incarnation, after the store has recovered: the whole table, of the catalogue
  /// and of everything that it lists.
  TableDeltaRef boot(ReplicaStep& step);

  /// EnableSharding becomes a write to the catalogue, answered when that is durable; what needs
  /// other nodes is refused; the statuses are answered at once.
  void on_admin(Endpoint from, const message::AdminRequestRef& request, ReplicaStep& step);
  /// The answer to the write of ticket `kTicket`: on success the new collection's records.
  TableDeltaRef on_shard_reply(const message::ShardReply& reply, ReplicaStep& step);

  static constexpr ShardId kCatalogShard{0};
  /// No router uses it.
  static constexpr std::uint64_t kTicket = 0;

 private:
  TableDeltaRef records_of(const CollectionConfig& collection, ReplicaStep& step) const;
  Epoch next_epoch(ShardId shard, const ReplicaStep& step) const;
  void answer(Endpoint to, std::uint64_t request, message::AdminOutcome outcome, std::string text,
              Step& step);

  struct Waiting {
    Endpoint from;
    std::uint64_t request = 0;
    CollectionConfig collection;
  };
  std::optional<Waiting> waiting_;
  std::uint32_t last_sequence_ = 0;
};

}  // namespace shardproof
