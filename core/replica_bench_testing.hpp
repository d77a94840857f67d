// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "core/replica_step.hpp"
#include "core/storage_engine.hpp"
#include "core/table_watcher.hpp"

/// What the unit tests of a node's parts put around them: the parts' step, a store on a disk that
/// finishes when told to, and a clock that stands still until it is moved.
namespace shardproof::test {

inline constexpr ShardId kShard{0};

/// As AppendReply::answers: to whatever has been sent.
inline constexpr std::uint64_t kAnswersAll = std::numeric_limits<std::uint64_t>::max();

inline Endpoint at(std::uint32_t node) { return Endpoint::node(NodeId(node)); }

inline DocumentRef document(std::string key, std::uint64_t content = 1) {
  auto* made = new Document;
  made->key = std::move(key);
  made->size = Bytes(100);
  made->content = content;
  return DocumentRef(made);
}

inline EntryRef entry(Epoch epoch, std::uint64_t index, DocumentRef of = nullptr,
                      RequestId request = {}) {
  auto* made = new LogEntry;
  made->version = {epoch, LogIndex(index)};
  made->request = request;
  if (of) made->mutations.push_back({std::move(of), false});
  return EntryRef(made);
}

inline OperationRef operation(OperationKind kind, DocumentRef of, Version expected = {}) {
  auto* made = new Operation;
  made->kind = kind;
  made->collection = CollectionId(0);
  made->document = std::move(of);
  made->expected = expected;
  return OperationRef(made);
}

inline CollectionConfig collection(std::uint32_t shards = 1, std::uint32_t copies = 2) {
  CollectionConfig config;
  config.id = CollectionId(0);
  config.database = "shop";
  config.name = "orders";
  config.num_shards = shards;
  config.replication_factor = copies;
  config.first_shard = ShardId(0);
  return config;
}

inline NodeRecord member(std::uint32_t node) {
  NodeRecord record;
  record.id = NodeId(node);
  return record;
}

/// Shard 0 of `collection()`, led by the first of `replicas`.
inline ShardInfo shard(Epoch epoch, NodeList replicas, NodeList learners = {}) {
  ShardInfo info;
  info.id = kShard;
  info.collection = CollectionId(0);
  info.epoch = epoch;
  info.leader = replicas.front();
  info.replicas = std::move(replicas);
  info.learners = std::move(learners);
  info.status = info.learners.empty() ? ShardStatus::Active : ShardStatus::Syncing;
  return info;
}

inline Migration migration(MigrationPhase phase, WriteMode mode, std::uint32_t source,
                           std::uint32_t target, std::uint64_t id = 1) {
  Migration move;
  move.id = MigrationId(id);
  move.source = NodeId(source);
  move.target = NodeId(target);
  move.phase = phase;
  move.mode = mode;
  return move;
}

class ReplicaBench {
 public:
  explicit ReplicaBench(std::uint32_t node = 0) {
    config.id = NodeId(node);
    config.record = member(node);
    store.recover({}, effects);
    commit({CoordinatorRecord{NodeId(9), Term(1)}, member(0), member(1), member(2), member(3),
            collection()});
    grant_lease(hours(1));
  }

  ReplicaStep step() {
    return ReplicaStep{{config, watcher.table(), watcher, now, random, effects},
                       store,
                       manager,
                       durability,
                       copy_due};
  }
  /// Adopts one commit; whoever lives on the bench must be told by the test.
  void commit(std::vector<Record> records) {
    auto delta = std::make_shared<TableDelta>();
    delta->revision = watcher.table().revision().next();
    delta->records = std::move(records);
    ReplicaStep mine = step();
    watcher.adopt(delta, mine);
  }
  void grant_lease(Nanoseconds duration) {
    ReplicaStep mine = step();
    manager.on_heartbeat_reply({now, Term(1), duration, Revision()}, mine);
  }
  /// Lets the disk finish all that it was asked for, and hands over what has become durable by
  /// that.
  std::vector<DurabilityWait> finish_disk() {
    while (!effects.disk_ops().empty()) finish_disk_operation();
    return take_durable();
  }
  /// The same for the first thing that it was asked for.
  void finish_disk_operation() {
    const DiskOp done = std::move(effects.disk_ops().front());
    effects.disk_ops().erase(effects.disk_ops().begin());
    store.on_disk_done({done.id, DiskOutcome::Ok, disk_used, disk_capacity}, effects);
  }
  std::vector<DurabilityWait> take_durable() {
    std::vector<DurabilityWait> waits;
    while (const auto wait = durability.pop(store.durable())) waits.push_back(*wait);
    return waits;
  }
  /// Takes the messages of one kind out of the effects, and to whom they go.
  template <typename M>
  std::vector<std::pair<Endpoint, M>> take() {
    std::vector<std::pair<Endpoint, M>> taken;
    std::vector<Effects::Send> others;
    for (Effects::Send& send : effects.sends()) {
      if (auto* message = std::get_if<M>(&send.message)) {
        taken.emplace_back(send.to, std::move(*message));
      } else {
        others.push_back(std::move(send));
      }
    }
    effects.sends() = std::move(others);
    return taken;
  }
  /// How many facts of one kind were stated.
  template <typename F>
  std::size_t count() {
    std::size_t found = 0;
    for (const Fact& fact : effects.facts()) found += std::holds_alternative<F>(fact) ? 1 : 0;
    return found;
  }

  NodeConfig config;
  TableWatcher watcher;
  Instant now = Instant(seconds(10));
  Random random{1};
  Effects effects;
  DocumentStore store;
  ClusterManager manager;
  DurabilityQueue durability;
  Instant copy_due = Instant::never();
  Bytes disk_used;
  Bytes disk_capacity;
};

}  // namespace shardproof::test
