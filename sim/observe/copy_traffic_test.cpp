// SPDX-License-Identifier: Apache-2.0
#include "sim/observe/copy_traffic.hpp"

#include <gtest/gtest.h>

#include "sim/observe/observer_testing.hpp"
#include "sim/observe/space_tally.hpp"

namespace shardproof::sim {
namespace {

/// Three nodes, n2 in another zone; n0 and n1 have a network of 1000 B/s.
struct Traffic {
  Traffic() {
    for (std::uint32_t i = 0; i < 3; ++i) {
      NodeRecord record = testing::member(i);
      record.domain.zone = i == 2 ? 1 : 0;
      if (i < 2) record.capacity.network = Bandwidth(1000);
      cluster.apply(record, true);
    }
  }
  void send(std::uint32_t source, std::uint32_t target, std::uint64_t bytes, bool again = false) {
    traffic.on_chunk({ShardId(0), MigrationId(1), NodeId(target), Bytes(bytes), again},
                     NodeId(source), true, cluster);
  }
  ClusterTally cluster;
  CopyTraffic traffic;
};

TEST(CopyTraffic, TellsWhatLeavesItsZone) {
  Traffic world;
  world.send(0, 1, 10);
  world.send(0, 2, 20);
  world.send(2, 1, 30);
  EXPECT_EQ(world.traffic.cross_zone(), Bytes(50));
}

TEST(CopyTraffic, TheBusiestDirectionOfTheBusiestIntervalCounts) {
  Traffic world;
  EXPECT_FALSE(world.traffic.load_max());
  world.send(0, 1, 300);
  world.send(1, 0, 100);
  world.traffic.on_interval(world.cluster, Instant(seconds(1)));
  EXPECT_TRUE(*world.traffic.load_max() == Ratio(3, 10));
  world.send(0, 1, 500);
  world.send(0, 2, 500, true);
  world.traffic.on_interval(world.cluster, Instant(seconds(3)));
  EXPECT_TRUE(*world.traffic.load_max() == Ratio(1, 2));
  world.traffic.on_interval(world.cluster, Instant(seconds(4)));
  EXPECT_TRUE(*world.traffic.load_max() == Ratio(1, 2)) << "an interval begins at nothing";
}

TEST(CopyTraffic, NoMakespanIsShorterThanTheSlowestLimit) {
  Traffic world;
  world.send(0, 1, 4000);
  world.send(0, 1, 9000, true);
  EXPECT_EQ(world.traffic.makespan_minimum(world.cluster), seconds(4)) << "by the network";
  distribution::MoveLimits limits;
  limits.bandwidth = Bandwidth(800);
  limits.bandwidth_shares = 4;
  limits.moves_per_node = 1;
  world.traffic.set_limits(limits);
  EXPECT_EQ(world.traffic.makespan_minimum(world.cluster), seconds(20)) << "by one copy's share";
  limits.moves_per_node = 8;
  world.traffic.set_limits(limits);
  EXPECT_EQ(world.traffic.makespan_minimum(world.cluster), seconds(5)) << "by the whole";
  OrderedLimits ordered;
  ordered.bandwidth = Bandwidth(100);
  world.traffic.on_order(ordered);
  EXPECT_EQ(world.traffic.makespan_minimum(world.cluster), seconds(5)) << "it had been more";
  ordered.bandwidth = Bandwidth();
  world.traffic.on_order(ordered);
  EXPECT_EQ(world.traffic.makespan_minimum(world.cluster), seconds(4)) << "by the network";
}

TEST(CopyTraffic, WithoutALimitThereIsNoBound) {
  Traffic world;
  EXPECT_EQ(world.traffic.makespan_minimum(ClusterTally()), std::nullopt);
}

NodeSample disk(std::uint32_t node, std::uint64_t used, std::uint64_t capacity) {
  return {NodeId(node), Bytes(used), Bytes(capacity), {{ShardId(0), Bytes(1)}}};
}

TEST(SpaceTally, WhatDisksHoldForAWhileIsOverTheEnd) {
  SpaceTally space;
  EXPECT_FALSE(space.peak_over_final());
  space.on_sample({disk(0, 100, 0), disk(1, 50, 0)}, Instant());
  space.on_sample({disk(0, 100, 0), disk(1, 150, 0)}, Instant(seconds(1)));
  space.on_sample({disk(0, 0, 0), disk(1, 100, 0)}, Instant(seconds(2)));
  EXPECT_TRUE(*space.peak_over_final() == Ratio(5, 2));
  EXPECT_EQ(space.transient_max(), Bytes(100));
}

TEST(SpaceTally, CopiesOnADiskBeyondTheWatermarkCountUntilTheNextSample) {
  SpaceTally space;
  space.on_sample({disk(0, 90, 100), disk(1, 91, 100), disk(2, 91, 0)}, Instant());
  EXPECT_TRUE(space.over_capacity_shard_ns() == 0);
  space.on_sample({disk(1, 10, 100)}, Instant(seconds(3)));
  space.on_sample({disk(1, 10, 100)}, Instant(seconds(9)));
  EXPECT_TRUE(space.over_capacity_shard_ns() == 3 * testing::kSecond);
}

}  // namespace
}  // namespace shardproof::sim
