// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <initializer_list>
#include <vector>

#include "sim/observe/observer.hpp"

/// A cluster of three nodes and one collection of two shards, replication factor 2, for tests.
namespace shardproof::sim::testing {

inline NodeList nodes(std::initializer_list<std::uint32_t> ids) {
  NodeList list;
  for (const std::uint32_t id : ids) list.push_back(NodeId(id));
  return list;
}

inline DocumentRef document(std::uint64_t bytes) {
  auto* made = new Document();
  made->key = "k1";
  made->size = Bytes(bytes);
  return DocumentRef(made);
}

inline ShardInfo shard(std::uint32_t id, std::uint64_t epoch, std::uint32_t leader,
                       std::initializer_list<std::uint32_t> replicas) {
  ShardInfo info;
  info.id = ShardId(id);
  info.collection = CollectionId(0);
  info.epoch = Epoch(epoch);
  info.leader = NodeId(leader);
  info.replicas = nodes(replicas);
  return info;
}

inline NodeRecord member(std::uint32_t id, NodeState state = NodeState::Active) {
  NodeRecord record;
  record.id = NodeId(id);
  record.state = state;
  return record;
}

inline CollectionConfig orders() {
  CollectionConfig config;
  config.id = CollectionId(0);
  config.database = "shop";
  config.name = "orders";
  config.num_shards = 2;
  config.replication_factor = 2;
  config.first_shard = ShardId(0);
  return config;
}

inline Migration migration(std::uint64_t id, std::uint32_t source, std::uint32_t target,
                           MigrationPhase phase) {
  Migration move;
  move.id = MigrationId(id);
  move.source = NodeId(source);
  move.target = NodeId(target);
  move.phase = phase;
  return move;
}

/// An observer with the hooks in seconds and plain numbers.
class Watched {
 public:
  /// n0..n2 are members that run with leases for ever; n0 leads s0 on {0, 1}, n1 leads s1 on {1,
  /// 2}.
  Watched() {
    commit({orders(), member(0), member(1), member(2), shard(0, 1, 0, {0, 1}),
            shard(1, 1, 1, {1, 2})});
    for (std::uint32_t i = 0; i < 3; ++i) {
      observer.on_process(NodeId(i), ProcessState::kRunning);
      observer.on_lease(NodeId(i), Instant::never());
    }
    fact(0, fact::LeadershipTaken{ShardId(0), Epoch(1), {}});
    fact(1, fact::LeadershipTaken{ShardId(1), Epoch(1), {}});
  }

  void at(std::int64_t second) { observer.on_event(Instant(seconds(second))); }
  void commit(std::vector<Record> records) {
    observer.on_commit({Revision(++revision_), std::move(records)});
  }
  void fact(std::uint32_t node, const Fact& fact) { observer.on_fact(fact, NodeId(node)); }
  void hold(std::initializer_list<std::pair<std::uint32_t, CopySample>> copies) {
    std::vector<NodeSample> samples;
    for (std::uint32_t i = 0; i < 4; ++i) samples.push_back({NodeId(i), Bytes(), Bytes(), {}});
    for (const auto& [node, copy] : copies) samples[node].copies.push_back(copy);
    observer.begin_sample(samples);
  }
  std::optional<ExactValue> value(std::string_view metric) const {
    return observer.value(metric_index(metric));
  }
  bool is(std::string_view metric, std::uint64_t expected) const {
    return value(metric) == ExactValue::integer(expected);
  }

  Observer observer;

 private:
  std::uint64_t revision_ = 0;
};

inline constexpr std::uint64_t kSecond = 1'000'000'000;

}  // namespace shardproof::sim::testing
