// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>

#include "sim/cluster/client_hub.hpp"
#include "sim/cluster/key_space.hpp"

namespace shardproof::sim {

/// Brings a collection's first documents in before the scenario begins, the way clients do: by
/// transactions of up to 64 documents of one shard, eight at a time. Stream: ("loader", i, "sizes")
/// for the i-th collection; nothing is drawn where the shards' sizes are told.
class Loader final : public ClientOwner {
 public:
  Loader(std::uint32_t number, const CollectionSpec& spec, const KeySpace& keys, ClientHub& hub,
         Streams streams);

  void begin();
  bool is_done() const { return batches_.empty() && in_flight_ == 0; }
  /// Why the documents cannot be as the scenario wants them; empty if they can.
  const std::string& impossible() const { return impossible_; }
  /// The last thing that went wrong, in words; empty if nothing did.
  const std::string& trouble() const { return trouble_; }

  void on_outcome(ClientId client, const message::ClientReply& reply) override;
  void on_wake(std::uint64_t) override {}

 private:
  void issue_next(ClientId client);

  ClientHub& hub_;
  std::vector<ClientId> clients_;
  std::vector<OperationRef> batches_;
  std::map<ClientId, OperationRef> current_;
  std::size_t in_flight_ = 0;
  std::string trouble_;
  std::string impossible_;
};

}  // namespace shardproof::sim
