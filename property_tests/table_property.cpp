// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "core/shard_table.hpp"

namespace shardproof {
namespace {

NodeList any_nodes(std::size_t most) {
  NodeList nodes;
  for (std::size_t i = *rc::gen::inRange<std::size_t>(0, most + 1); i > 0; --i) {
    const NodeId node(*rc::gen::inRange<std::uint32_t>(0, 6));
    if (!contains(nodes, node)) nodes.push_back(node);
  }
  return nodes;
}

ShardInfo any_shard() {
  ShardInfo shard;
  shard.id = ShardId(*rc::gen::inRange<std::uint32_t>(0, 12));
  shard.collection = CollectionId(*rc::gen::inRange<std::uint32_t>(0, 3));
  shard.epoch = Epoch(*rc::gen::inRange<std::uint64_t>(1, 5));
  shard.replicas = any_nodes(4);
  shard.learners = any_nodes(2);
  if (!shard.replicas.empty()) shard.leader = shard.replicas.front();
  shard.status = static_cast<ShardStatus>(*rc::gen::inRange(0, 4));
  if (*rc::gen::inRange(0, 2) != 0) {
    shard.migration = Migration();
    shard.migration->id = MigrationId(*rc::gen::inRange<std::uint64_t>(0, 4));
    shard.migration->phase = static_cast<MigrationPhase>(*rc::gen::inRange(0, 5));
  }
  return shard;
}

Record any_record() {
  switch (*rc::gen::inRange(0, 6)) {
    case 0:
      return CoordinatorRecord{NodeId(*rc::gen::inRange<std::uint32_t>(0, 6)),
                               Term(*rc::gen::inRange<std::uint64_t>(1, 5))};
    case 1: return ClusterSettings{*rc::gen::inRange(0, 2) != 0};
    case 2: {
      NodeRecord node;
      node.id = NodeId(*rc::gen::inRange<std::uint32_t>(0, 6));
      node.state = static_cast<NodeState>(*rc::gen::inRange(0, 4));
      return node;
    }
    case 3: {
      CollectionConfig collection;
      collection.id = CollectionId(*rc::gen::inRange<std::uint32_t>(0, 3));
      collection.name = *rc::gen::element<std::string>("a", "b");
      collection.num_shards = *rc::gen::inRange<std::uint32_t>(1, 5);
      collection.first_shard = ShardId(collection.id.value() * 4);
      return collection;
    }
    default: return any_shard();
  }
}

/// The naive table: the last record of each key, and the revision that wrote it.
struct NaiveTable {
  std::map<RecordKey, std::pair<Revision, Record>> records;

  std::uint64_t digest() const {
    std::uint64_t sum = 0;
    for (const auto& [key, entry] : records) sum += record_digest(entry.second);
    return sum;
  }
  template <typename T>
  const T* find(RecordKind kind, std::uint32_t id) const {
    const auto it = records.find({kind, id});
    return it == records.end() ? nullptr : &std::get<T>(it->second.second);
  }
};

template <typename T>
void check_same(const T* found, const T* expected) {
  RC_ASSERT((found == nullptr) == (expected == nullptr));
  if (found != nullptr) RC_ASSERT(*found == *expected);
}

RC_GTEST_PROP(ShardTable, AfterAnyDeltasItIsTheNaiveTable, ()) {
  ShardTable table;
  NaiveTable naive;
  Revision revision;
  for (int commits = *rc::gen::inRange(1, 12); commits > 0; --commits) {
    TableDelta delta;
    revision = Revision(revision.value() + *rc::gen::inRange<std::uint64_t>(1, 3));
    delta.revision = revision;
    for (int i = *rc::gen::inRange(1, 5); i > 0; --i) {
      delta.records.push_back(any_record());
      naive.records[key_of(delta.records.back())] = {revision, delta.records.back()};
    }
    table.apply(delta);
    RC_ASSERT(table.revision() == revision);
    RC_ASSERT(table.digest() == naive.digest());
  }
  for (std::uint32_t id = 0; id < 14; ++id) {
    check_same(table.find_shard(ShardId(id)), naive.find<ShardInfo>(RecordKind::Shard, id));
    check_same(table.find_node(NodeId(id)), naive.find<NodeRecord>(RecordKind::Node, id));
    check_same(table.find_collection(CollectionId(id)),
               naive.find<CollectionConfig>(RecordKind::Collection, id));
    const auto it = naive.records.find({RecordKind::Shard, id});
    const Revision expected = it == naive.records.end() ? Revision() : it->second.first;
    RC_ASSERT(table.modified({RecordKind::Shard, id}) == expected);
  }
}

RC_GTEST_PROP(ShardTable, TheOrderOfRecordsOfDifferentKeysDoesNotMatter, ()) {
  TableDelta delta{Revision(1), {}};
  std::map<RecordKey, Record> distinct;
  for (int i = *rc::gen::inRange(1, 10); i > 0; --i) {
    const Record record = any_record();
    distinct.insert_or_assign(key_of(record), record);
  }
  for (const auto& [key, record] : distinct) delta.records.push_back(record);
  ShardTable forwards;
  forwards.apply(delta);
  std::reverse(delta.records.begin(), delta.records.end());
  ShardTable backwards;
  backwards.apply(delta);
  RC_ASSERT(forwards.digest() == backwards.digest());
}

RC_GTEST_PROP(ShardTable, RecordsThatDifferHaveDifferentDigests, ()) {
  const Record one = any_record();
  const Record other = any_record();
  RC_ASSERT((one == other) == (record_digest(one) == record_digest(other)));
}

TEST(Transitions, OnlyFromOfflineIntoMigratingIsNoLegalChangeOfStatus) {
  for (int from = 0; from < 4; ++from) {
    for (int to = 0; to < 4; ++to) {
      const auto before = static_cast<ShardStatus>(from);
      const auto after = static_cast<ShardStatus>(to);
      const bool illegal = before == ShardStatus::Offline && after == ShardStatus::Migrating;
      EXPECT_EQ(is_legal_transition(before, after), !illegal)
          << to_string(before) << " to " << to_string(after);
    }
  }
}

TEST(Transitions, PhasesGoInOrderAndMayEndAfterEach) {
  // Rows: from none, Prepare, Copy, Sync, Switch, Cleanup; columns: to the same.
  constexpr bool kLegal[6][6] = {
      {true, true, false, false, false, false},  //
      {true, true, true, false, false, false},   //
      {true, false, true, true, false, false},   //
      {true, false, false, true, true, false},   //
      {true, false, false, false, true, true},   //
      {true, false, false, false, false, true},
  };
  const auto phase = [](int number) -> std::optional<MigrationPhase> {
    if (number == 0) return std::nullopt;
    return static_cast<MigrationPhase>(number - 1);
  };
  for (int from = 0; from < 6; ++from) {
    for (int to = 0; to < 6; ++to) {
      EXPECT_EQ(is_legal_transition(phase(from), phase(to)), kLegal[from][to])
          << from << " to " << to;
    }
  }
}

}  // namespace
}  // namespace shardproof
