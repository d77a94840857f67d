// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "core/messages.hpp"

namespace shardproof {

/// Collects the parts of one scan or count. It is complete only with every shard of the collection,
/// each answered by its leader in the epoch that one table revision names; otherwise it says which
/// shards are missing.
class ScanGather {
 public:
  ScanGather(message::ClientRequest request, Endpoint client, const CollectionConfig& collection,
             Instant asked_at);

  const message::ClientRequest& request() const { return request_; }
  Endpoint client() const { return client_; }
  Instant asked_at() const { return asked_at_; }

  /// `part->shard` must be one of the collection's; a second part of it replaces the first.
  void add(const ScanPartRef& part, Epoch epoch);
  bool is_complete() const { return received_ == parts_.size(); }
  /// Forgets the parts of shards whose epoch has changed since, and names these shards in order.
  std::vector<ShardId> forget_outdated(const ShardTable& table);
  /// Whatever has arrived, parts in order of shard, and the shards that are missing.
  ScanResultRef result(Revision revision) const;
  /// The epochs of the parts that have arrived, in their order.
  std::vector<Epoch> epochs() const;

 private:
  ShardId shard_at(std::size_t index) const;

  message::ClientRequest request_;
  Endpoint client_;
  Instant asked_at_;
  ShardId first_shard_;
  struct Part {
    ScanPartRef part;
    Epoch epoch;
  };
  std::vector<Part> parts_;
  std::size_t received_ = 0;
};

}  // namespace shardproof
