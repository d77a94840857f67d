// SPDX-License-Identifier: Apache-2.0
#include "sim/run/quiet_meter.hpp"

#include <gtest/gtest.h>

namespace shardproof::sim {
namespace {

constexpr Nanoseconds kSpan = seconds(5);

RestingWorld world_of(std::uint64_t machines, std::uint64_t unserved = 0) {
  RestingWorld world;
  world.timing.heartbeat_interval = milliseconds(100);
  world.timing.coordinator_lease = seconds(1);
  world.sample_every = seconds(1);
  world.machines = machines;
  world.shards_unserved = unserved;
  return world;
}

TEST(QuietMeter, TheBoundHoldsTheHeartbeatsOfEveryMachineTwice) {
  const std::uint64_t one = resting_events_max(world_of(1), kSpan);
  const std::uint64_t four = resting_events_max(world_of(4), kSpan);
  EXPECT_GE((four - one) / 3, 2u * 3u * 50u);
  EXPECT_GT(resting_events_max(world_of(4, 1), kSpan), four);
}

TEST(QuietMeter, AMessageBackAndForthWithoutAPauseIsBeyondTheBound) {
  // A round trip of a millisecond between two of ten machines.
  EXPECT_LT(resting_events_max(world_of(10), kSpan), 2u * 5'000u);
}

TEST(QuietMeter, WhatWasOnItsWayMayComeAndBeAnswered) {
  RestingWorld world = world_of(4);
  const std::uint64_t without = resting_events_max(world, kSpan);
  world.backlog = 1000;
  EXPECT_EQ(resting_events_max(world, kSpan), without + 2000);
}

TEST(QuietMeter, CountsFromItsBeginningAndNamesTheCommonestMessage) {
  NetworkCounters network;
  network.by_kind[4].messages = 1000;
  QuietMeter meter;
  meter.begin(70, 0, network);
  EXPECT_EQ(meter.events(70), 0u);
  EXPECT_EQ(meter.most_sent(network), "");
  network.by_kind[4].messages += 5;
  network.by_kind[10].messages += 7;
  EXPECT_EQ(meter.events(82), 12u);
  EXPECT_EQ(meter.most_sent(network), "Heartbeat (7 times)");
}

}  // namespace
}  // namespace shardproof::sim
