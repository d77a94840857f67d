// SPDX-License-Identifier: Apache-2.0
#include "sim/observe/flow_tally.hpp"

#include <gtest/gtest.h>

#include "core/base/random.hpp"
#include "sim/observe/observer_testing.hpp"

namespace shardproof::sim {
namespace {

using testing::document;
using testing::Watched;

/// `count` reads of 100 bytes that the shard's leader answered.
void read(Watched& world, std::uint32_t shard, std::uint64_t count) {
  for (std::uint64_t i = 0; i < count; ++i) {
    world.fact(shard, fact::ReadServed{ShardId(shard), {}, {}, {Version(), document(100)}});
  }
}

/// The same as `MarkedTotals`, remembering every single amount.
TEST(MarkedTotals, AreTheSumsSinceTheOlderOfTwoMarks) {
  using Totals = MarkedTotals<2>;
  Totals totals;
  Random random(7);
  std::vector<std::array<std::array<std::uint64_t, 2>, 3>> intervals(1);
  std::size_t begun = 0;  // interval that the window reaches back to
  for (std::size_t step = 0; step < 2000; ++step) {
    if (random.below(8) == 0) {
      intervals.emplace_back();
      const std::size_t now = intervals.size() - 1;
      if (now % Totals::kIntervals == 0 && now >= 2 * Totals::kIntervals) {
        begun = now - Totals::kIntervals;
      }
      totals.next_interval(Instant(seconds(static_cast<std::int64_t>(now))));
    }
    const std::size_t row = random.below(3);
    const std::size_t column = random.below(2);
    const std::uint64_t amount = random.below(100);
    totals.add(row, column, amount);
    intervals.back()[row][column] += amount;
    std::uint64_t expected = 0;
    for (std::size_t i = begun; i < intervals.size(); ++i) expected += intervals[i][row][column];
    ASSERT_EQ(totals.recent(row)[column], expected) << "step " << step;
    const auto now = static_cast<std::int64_t>(intervals.size());
    ASSERT_EQ(totals.window(Instant(seconds(now))),
              seconds(now) - seconds(static_cast<std::int64_t>(begun)));
  }
  EXPECT_GT(begun, 4 * Totals::kIntervals);
  EXPECT_EQ(totals.recent(99), Totals::Row{}) << "a row that never was";
}

TEST(FlowTally, WhatWentOverNetworksIsABrokersWhatLeadersSentIsWhatHoldersMightSend) {
  Watched world;
  world.at(2);
  // n0 leads s0 on n0 and n1, n1 leads s1 on n1 and n2.
  world.observer.on_message_sent(NodeId(0), ShardId(0), Bytes(4000));
  world.observer.on_message_sent(NodeId(1), ShardId(0), Bytes(600));  // it follows
  world.observer.on_message_sent(NodeId(1), ShardId(1), Bytes(2000));
  world.observer.on_message_sent(NodeId(2), ShardId::none(), Bytes(600));
  world.observer.on_message_received(NodeId(1), Bytes(900));
  EXPECT_TRUE(world.is("peers.cruise_control.nw_out_max", 2000));
  EXPECT_TRUE(world.is("peers.cruise_control.nw_out_min", 300));
  EXPECT_TRUE(world.is("peers.cruise_control.nw_out_avg", 1200));
  EXPECT_TRUE(world.is("peers.cruise_control.nw_in_avg", 150));
  EXPECT_TRUE(world.is("peers.cruise_control.potential_nw_out_max", 3000)) << "n1, of both";
  EXPECT_TRUE(world.is("peers.cruise_control.potential_nw_out_min", 1000));
}

TEST(FlowTally, RegionsAreHotFromPdsThresholdsOnAndStoresDifferByThem) {
  Watched world;
  world.at(10);
  world.hold({});
  read(world, 0, 819);
  EXPECT_TRUE(world.is("peers.pd.hot_read_leader_difference", 0)) << "8190 bytes a second";
  read(world, 0, 1);
  EXPECT_TRUE(world.is("peers.pd.hot_read_leader_difference", 1)) << "8200 bytes a second";
  read(world, 1, 1000);
  EXPECT_TRUE(world.is("peers.pd.hot_read_leader_difference", 1)) << "n0, n1: one each, n2: none";
  EXPECT_TRUE(world.is("peers.pd.hot_write_leader_difference", 0)) << "nobody has written";
}

TEST(FlowTally, WritesAreCountedAtTheLeaderAndHeatItsPeers) {
  Watched world;
  world.at(1);
  auto* entry = new LogEntry();
  entry->mutations.assign({{document(900), false}, {document(200), false}});
  const EntryRef written(entry);
  world.fact(1, fact::EntryApplied{ShardId(0), written});
  EXPECT_TRUE(world.is("peers.pd.hot_write_peer_difference", 0)) << "a follower applied it";
  world.fact(0, fact::EntryApplied{ShardId(0), written});
  EXPECT_TRUE(world.is("peers.pd.hot_write_peer_difference", 1));
  EXPECT_TRUE(world.is("peers.pd.hot_write_leader_difference", 1));
}

TEST(FlowTally, WhatWasBeforeTheScenarioIsNotCounted) {
  Watched world;
  world.observer.on_message_sent(NodeId(0), ShardId(0), Bytes(5000));
  world.observer.begin_scenario(Instant(seconds(3)));
  EXPECT_FALSE(world.value("peers.cruise_control.nw_out_max")) << "no time has passed";
  world.at(1);
  world.hold({});
  EXPECT_TRUE(world.is("peers.cruise_control.nw_out_max", 0));
}

}  // namespace
}  // namespace shardproof::sim
