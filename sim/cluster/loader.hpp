// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <utility>
#include <vector>

#include "sim/cluster/client_hub.hpp"
#include "sim/cluster/key_space.hpp"

namespace shardproof::sim {

/// How fast documents may come: a disk that has more to write than it can in the time for which
/// others wait for it looks dead.
class LoadPace {
 public:
  /// `holders`: the nodes of a shard's copies now.
  LoadPace(const ScenarioSpec& spec, std::function<NodeList(ShardId)> holders);

  /// Of one document.
  Bytes document_max() const { return document_max_; }
  /// Of one transaction, unless a single document is larger.
  Bytes batch_max() const { return per_node_ / 2; }
  /// Takes the nodes of the shard's copies, if each has nothing else to write or not too much;
  /// whether it has. O(copies).
  bool begin(ShardId shard, Bytes bytes, NodeList& taken);
  /// Calls all who wait, once.
  void end(const NodeList& taken, Bytes bytes);
  void wait(std::function<void()> waiting) { waiting_.push_back(std::move(waiting)); }

 private:
  Bytes document_max_;
  Bytes per_node_;
  std::function<NodeList(ShardId)> holders_;
  std::map<NodeId, Bytes> on_their_way_;
  std::vector<std::function<void()>> waiting_;
};

/// Brings a collection's first documents in before the scenario begins, the way clients do: by
/// transactions of up to 64 documents of one shard, eight at a time, or 64 where it is the pace
/// that makes transactions small. Stream: ("loader", i, "sizes") for the i-th collection; nothing
/// is drawn where the shards' sizes are told.
class Loader final : public ClientOwner {
 public:
  /// `pace` is shared by all loaders.
  Loader(std::uint32_t number, const CollectionSpec& spec, const KeySpace& keys, ClientHub& hub,
         LoadPace& pace, Streams streams);

  void begin();
  bool is_done() const { return batches_.empty() && in_flight_ == 0; }
  /// Why the documents cannot be as the scenario wants them; empty if they can.
  const std::string& impossible() const { return impossible_; }
  /// The last thing that went wrong, in words; empty if nothing did.
  const std::string& trouble() const { return trouble_; }

  void on_outcome(ClientId client, const message::ClientReply& reply) override;
  void on_wake(std::uint64_t) override {}

 private:
  struct Batch {
    OperationRef operation;
    ShardId shard;
    Bytes bytes;
    NodeList nodes;  ///< while it is on its way: those that are to write it
  };
  /// Moves a batch that may begin to the end of the list; false if there is none near it.
  bool choose_next();
  /// Issues what may begin, to those that have nothing to do.
  void issue_next();
  /// Until others have made room.
  void wait();

  ClientHub& hub_;
  LoadPace& pace_;
  std::vector<ClientId> clients_;
  std::vector<Batch> batches_;
  std::map<ClientId, Batch> current_;
  std::vector<ClientId> idle_;  ///< the next one last
  bool is_paced_ = false;
  bool is_waiting_ = false;
  std::size_t in_flight_ = 0;
  std::string trouble_;
  std::string impossible_;
};

}  // namespace shardproof::sim
