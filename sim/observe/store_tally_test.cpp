// SPDX-License-Identifier: Apache-2.0
#include "sim/observe/store_tally.hpp"

#include <map>
#include <string>

#include <gtest/gtest.h>

#include "sim/observe/observer_testing.hpp"
#include "sim/observe/store_figures.hpp"

namespace shardproof::sim {
namespace {

using testing::document;
using testing::Watched;

EntryRef entry(std::initializer_list<Mutation> mutations) {
  auto* made = new LogEntry();
  made->mutations.assign(mutations.begin(), mutations.end());
  return EntryRef(made);
}

using Figures = std::map<std::string, std::optional<ExactValue>, std::less<>>;

/// Of each member, at the end of the run.
std::vector<Figures> stores_of(Watched& world) {
  RunResult result;
  world.observer.finish(result);
  std::vector<Figures> stores;
  for (const StoreFigures& store : result.stores) {
    Figures& figures = stores.emplace_back();
    for (const auto& [name, value] : named_figures(store)) figures[std::string(name)] = value;
  }
  return stores;
}

bool is(const Figures& figures, std::string_view name, std::uint64_t expected) {
  const auto& value = figures.find(name)->second;
  return value && *value == Ratio(expected, 1);
}

TEST(StoreTally, WritesAreOfEveryCopyAndReadsOfTheOneThatAnswered) {
  Watched world;
  const EntryRef two = entry({{document(100), false}, {document(50), true}});
  world.fact(0, fact::EntryApplied{ShardId(0), two});
  world.fact(1, fact::EntryApplied{ShardId(0), two});
  world.fact(1, fact::EntryApplied{ShardId(0), entry({})});
  world.fact(0, fact::ReadServed{ShardId(0), {}, {}, {Version(), document(30)}});
  world.fact(0, fact::ReadServed{ShardId(0), {}, {}, {}});
  world.fact(1, fact::ReplicaReadServed{ShardId(0), {}, {}, {Version(), document(30)}, {}, {}});
  world.at(2);
  const auto stores = stores_of(world);
  ASSERT_EQ(stores.size(), 3u);
  // A tombstone is as large as its key.
  EXPECT_TRUE(is(stores[0], "write", 2));
  EXPECT_TRUE(is(stores[0], "write_b", 102));
  EXPECT_TRUE(is(stores[1], "write", 2)) << "a barrier writes nothing";
  EXPECT_TRUE(is(stores[0], "write_bytes_per_second", 51));
  EXPECT_TRUE(is(stores[0], "read", 2));
  EXPECT_TRUE(is(stores[0], "read_b", 30));
  EXPECT_TRUE(is(stores[1], "read", 1));
  EXPECT_TRUE(is(stores[2], "write", 0));
  EXPECT_TRUE(is(stores[0], "qps", 1)) << "two in two seconds";
}

TEST(StoreTally, MovesAreAuthoredByWhoHadTheLease) {
  Watched world;
  // n1 leads s1 on {1, 2}: it moves from n2 to n0, then n0 takes the lease.
  ShardInfo moving = testing::shard(1, 2, 1, {1, 2});
  moving.migration = testing::migration(1, 2, 0, MigrationPhase::Cleanup);
  world.commit({moving});
  world.fact(1, fact::ChunkSent{ShardId(1), MigrationId(1), NodeId(0), Bytes(640), false});
  world.commit({testing::shard(1, 3, 1, {0, 1})});
  world.commit({testing::shard(1, 4, 0, {0, 1})});
  const auto stores = stores_of(world);
  EXPECT_TRUE(is(stores[1], "replica_moves", 1));
  EXPECT_TRUE(is(stores[1], "lease_moves", 1));
  EXPECT_TRUE(is(stores[0], "lease_moves", 0));
  EXPECT_TRUE(is(stores[1], "replica_b_sent", 640));
  EXPECT_TRUE(is(stores[0], "replica_b_rcvd", 640));
  EXPECT_TRUE(is(stores[0], "leases", 2));
  EXPECT_TRUE(is(stores[0], "replicas", 2));
  EXPECT_FALSE(stores[0].at("qps")) << "no time has passed";
  EXPECT_FALSE(stores[0].at("disk_fraction_used")) << "no disk is limited";
}

TEST(StoreTally, BalanceIsTheLargestOverTheMean) {
  Watched world;
  EXPECT_FALSE(world.value("peers.asim.balance_read")) << "nobody has read";
  for (const std::uint32_t node : {0, 0, 1}) {
    world.fact(node, fact::ReadServed{ShardId(0), {}, {}, {}});
  }
  EXPECT_TRUE(*world.value("peers.asim.balance_read") == Ratio(2, 1));
  // Copies 1 2 1, leaders 1 1 0.
  EXPECT_TRUE(*world.value("peers.asim.balance_replicas") == Ratio(3, 2));
  EXPECT_TRUE(*world.value("peers.asim.balance_leases") == Ratio(3, 2));
  EXPECT_TRUE(*world.value("peers.asim.balance_qps") == Ratio(2, 1));
}

}  // namespace
}  // namespace shardproof::sim
