// SPDX-License-Identifier: Apache-2.0
#include "core/coordinator/load_book.hpp"

#include <gtest/gtest.h>

#include "core/replica_bench_testing.hpp"

namespace shardproof {
namespace {

const NodeId kReporter(1);

class LoadBookTest : public testing::Test {
 protected:
  /// A report that was sent at `asked_at` arrives, and tells of a disk of 100 bytes.
  void hear(Nanoseconds asked_at, std::uint64_t used) {
    message::NodeReport report;
    report.disk_used = Bytes(used);
    report.disk_capacity = Bytes(100);
    report.interval = period;
    book.on_report(kReporter, Instant(asked_at), report, bench.step().now);
  }
  /// `from` reports a copy of s0 with so many bytes.
  void hear_of_copy(NodeId from, std::uint64_t bytes, bool is_leader, std::uint64_t inputs = 0) {
    message::NodeReport report;
    report.interval = period;
    message::ShardLoad load;
    load.shard = ShardId(0);
    load.bytes = Bytes(bytes);
    load.is_leader = is_leader;
    load.inputs = inputs;
    report.shards.push_back(load);
    book.on_report(from, bench.step().now, report, bench.step().now);
  }
  std::uint64_t size() const { return book.shard(ShardId(0)).bytes.count(); }
  std::uint64_t used() const { return book.node(kReporter).disk_used.count(); }

  test::ReplicaBench bench{0};
  LoadBook book;
  const Nanoseconds period = bench.config.timing.report_interval;
};

TEST_F(LoadBookTest, AReportThatWasOvertakenCountsForNothing) {
  hear(seconds(10), 40);
  hear(seconds(8), 100);
  EXPECT_EQ(used(), 40u);
  hear(seconds(10), 50);
  EXPECT_EQ(used(), 50u) << "a clock may stand still";
  hear(seconds(12), 60);
  EXPECT_EQ(used(), 60u);
}

TEST_F(LoadBookTest, ANodeWhoseClockWasSetBackIsHeardAfterTwoPeriods) {
  hear(seconds(10), 40);
  bench.now = bench.now + period * 2 - Nanoseconds(1);
  hear(seconds(1), 100);
  EXPECT_EQ(used(), 40u);
  bench.now = bench.now + Nanoseconds(1);
  hear(seconds(1) + period, 100);
  EXPECT_EQ(used(), 100u);
  hear(seconds(1) + period * 2, 70);
  EXPECT_EQ(used(), 70u) << "from then on by its new clock";
}

TEST_F(LoadBookTest, TheFirstReportOfANodeCountsWhateverItsClockSays) {
  hear(Nanoseconds(0) - seconds(10), 40);
  EXPECT_EQ(used(), 40u);
  EXPECT_TRUE(book.node(kReporter).is_known);
  EXPECT_FALSE(book.node(NodeId(7)).is_known);
}

TEST_F(LoadBookTest, AShardIsAsLargeAsItsLeaderSays) {
  hear_of_copy(NodeId(1), 40, false);
  hear_of_copy(NodeId(2), 30, false);
  EXPECT_EQ(size(), 40u) << "no leader has been heard yet";
  hear_of_copy(NodeId(0), 20, true);
  EXPECT_EQ(size(), 20u);
  hear_of_copy(NodeId(1), 40, false);
  EXPECT_EQ(size(), 20u) << "node 1 has kept what is left of an old copy";
}

TEST_F(LoadBookTest, InputsAreThoseOfTheLeaderAndOfEachOtherCopy) {
  const auto seconds = static_cast<std::uint64_t>(period.count() / 1'000'000'000);
  const auto of_leader = [&] { return book.shard(ShardId(0)).leader_inputs; };
  const auto of_follower = [&](std::size_t i) {
    return book.shard(ShardId(0)).copies.at(i).follower_inputs;
  };
  hear_of_copy(NodeId(1), 40, false, 30 * seconds);
  hear_of_copy(NodeId(0), 40, true, 70 * seconds);
  hear_of_copy(NodeId(1), 40, false, 20 * seconds);
  EXPECT_EQ(of_follower(0), 20u);
  EXPECT_EQ(of_leader(), 70u);
  // The leadership has gone from n0 to n1: the first report of either is of both roles.
  hear_of_copy(NodeId(1), 40, true, 45 * seconds);
  hear_of_copy(NodeId(0), 40, false, 45 * seconds);
  EXPECT_EQ(of_leader(), 70u);
  EXPECT_EQ(of_follower(1), 0u) << "not known yet";
  hear_of_copy(NodeId(1), 40, true, 72 * seconds);
  hear_of_copy(NodeId(0), 40, false, 22 * seconds);
  EXPECT_EQ(of_leader(), 72u);
  EXPECT_EQ(of_follower(1), 22u);
}

TEST_F(LoadBookTest, WhatIsRememberedOfARoleEndsWithTheTraffic) {
  const auto seconds = static_cast<std::uint64_t>(period.count() / 1'000'000'000);
  hear_of_copy(NodeId(1), 40, false, 30 * seconds);
  hear_of_copy(NodeId(0), 40, true, 70 * seconds);
  const LoadBook::ShardLoad& known = book.shard(ShardId(0));
  hear_of_copy(NodeId(1), 40, true, 0);
  EXPECT_EQ(known.leader_inputs, 70u) << "it may have begun to lead just before";
  EXPECT_EQ(known.copies.at(0).follower_inputs, 30u);
  // There are no requests any more, and the leadership goes to and fro with every report.
  hear_of_copy(NodeId(0), 40, true, 0);
  hear_of_copy(NodeId(1), 40, false, 0);
  EXPECT_EQ(known.leader_inputs, 0u);
  EXPECT_EQ(known.copies.at(0).follower_inputs, 0u);
}

}  // namespace
}  // namespace shardproof
