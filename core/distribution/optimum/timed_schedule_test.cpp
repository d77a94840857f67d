// SPDX-License-Identifier: Apache-2.0
#include "core/distribution/optimum/timed_schedule.hpp"

#include <gtest/gtest.h>

#include "core/distribution/optimum/colouring_testing.hpp"
#include "core/distribution/test_views.hpp"

namespace shardproof::distribution {
namespace {

using test::empty_graph;
using test::make_view;
using test::n;

constexpr Nanoseconds kSecond(1'000'000'000);

Nanoseconds seconds(std::int64_t count) { return Nanoseconds(count * kSecond.count()); }

TEST(TimedScheduleTest, LargestFirstEndsEarlierThanAsGiven) {
  TransferGraph graph = empty_graph(3, 1);
  for (const std::uint64_t bytes : {10, 10, 30})
    graph.transfers.push_back({n(0), n(1), Bytes(bytes)});
  graph.transfers.push_back({n(1), n(2), Bytes(30)});
  graph.transfers.push_back({n(0), n(2), Bytes(20)});
  const TransferRates rates = equal_rates(3, Bandwidth(10));
  const TimedSchedule given = timed_schedule(graph, rates, TransferOrder::AsGiven);
  const TimedSchedule largest = timed_schedule(graph, rates, TransferOrder::LargestFirst);
  EXPECT_EQ(flaw_of(graph, rates, given), "");
  EXPECT_EQ(flaw_of(graph, rates, largest), "");
  EXPECT_EQ(largest.transfers[2].start, Nanoseconds(0));
  EXPECT_EQ(given.transfers[0].start, Nanoseconds(0));
  EXPECT_LE(largest.makespan, given.makespan);
}

TEST(TimedScheduleTest, TwoPlacesShareTheBandwidth) {
  TransferGraph graph = empty_graph(2, 2);
  for (int i = 0; i < 2; ++i) graph.transfers.push_back({n(0), n(1), Bytes(10)});
  const TimedSchedule schedule =
      timed_schedule(graph, equal_rates(2, Bandwidth(10)), TransferOrder::AsGiven);
  EXPECT_EQ(schedule.transfers[1].start, Nanoseconds(0));
  EXPECT_EQ(schedule.makespan, seconds(2));
}

TEST(TimedScheduleTest, SlowerEndDecides) {
  TransferGraph graph = empty_graph(2, 1);
  graph.transfers.push_back({n(0), n(1), Bytes(10)});
  TransferRates rates = equal_rates(2, Bandwidth(10));
  rates.in[1] = Bandwidth(2);
  EXPECT_EQ(timed_schedule(graph, rates, TransferOrder::AsGiven).makespan, seconds(5));
}

TEST(TimedScheduleTest, UnlimitedTransfersTakeNoTime) {
  TransferGraph graph = empty_graph(2, 1);
  for (int i = 0; i < 3; ++i) graph.transfers.push_back({n(0), n(1), Bytes(10)});
  const TransferRates rates = equal_rates(2, Bandwidth());
  const TimedSchedule schedule = timed_schedule(graph, rates, TransferOrder::LargestFirst);
  EXPECT_EQ(schedule.makespan, Nanoseconds(0));
  EXPECT_EQ(time_bounds(graph, rates, make_view(2)).time(), Nanoseconds(0));
}

TEST(TimedScheduleTest, EachBoundIsThatOfItsBottleneck) {
  ClusterView view = make_view(4, 2);  // n0 and n2 in zone 0, n1 and n3 in zone 1
  TransferGraph graph = empty_graph(4, 1);
  graph.transfers = {{n(0), n(1), Bytes(40)}, {n(0), n(2), Bytes(20)}, {n(2), n(1), Bytes(50)}};
  TransferRates rates = equal_rates(4, Bandwidth(10));
  rates.domain_out = Bandwidth(3);
  rates.domain_in = Bandwidth(9);
  const TimeBounds bounds = time_bounds(graph, rates, view);
  EXPECT_EQ(bounds.node_out, seconds(6)) << "n0 sends 60";
  EXPECT_EQ(bounds.node_in, seconds(9)) << "n1 receives 90";
  EXPECT_EQ(bounds.domain_out, seconds(30)) << "90 leave zone 0";
  EXPECT_EQ(bounds.domain_in, seconds(10));
  EXPECT_EQ(bounds.longest, seconds(5));
  EXPECT_EQ(bounds.time(), seconds(30));
}

TEST(TimedScheduleTest, ValidatorNamesEachKindOfFlaw) {
  TransferGraph graph = empty_graph(2, 1);
  for (int i = 0; i < 2; ++i) graph.transfers.push_back({n(0), n(1), Bytes(10)});
  const TransferRates rates = equal_rates(2, Bandwidth(10));
  TimedSchedule schedule = timed_schedule(graph, rates, TransferOrder::AsGiven);
  EXPECT_EQ(flaw_of(graph, rates, schedule), "");
  TimedSchedule fast = schedule;
  fast.transfers[1].end = fast.transfers[1].start;
  EXPECT_EQ(flaw_of(graph, rates, fast), "transfer 1 is faster than its share");
  TimedSchedule late = schedule;
  late.makespan = seconds(1);
  EXPECT_EQ(flaw_of(graph, rates, late), "transfer 1 ends after the makespan");
  schedule.transfers[1] = schedule.transfers[0];
  EXPECT_EQ(flaw_of(graph, rates, schedule), "n0 is over its capacity of 1");
}

}  // namespace
}  // namespace shardproof::distribution
