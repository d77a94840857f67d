// SPDX-License-Identifier: Apache-2.0
#include "core/distribution/schedule.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/distribution/test_views.hpp"

namespace shardproof::distribution {
namespace {

using test::make_view;
using test::n;
using test::s;
using testing::ElementsAre;
using testing::IsEmpty;

Move move(std::uint32_t shard, std::uint32_t source, std::uint32_t target,
          MoveReason reason = MoveReason::Balance, std::uint32_t living = 3) {
  return {s(shard), n(source), n(target), MoveKind::Move, reason, false, living, Bytes(1)};
}

std::vector<std::size_t> admitted(const std::vector<Move>& queue, const MoveLimits& limits,
                                  const std::vector<ActiveMove>& active = {},
                                  Instant now = Instant()) {
  std::vector<std::size_t> indices;
  for (const Admission& each : admit(queue, active, make_view(12, 3), limits, now)) {
    indices.push_back(each.queue_index);
  }
  return indices;
}

TEST(ScheduleTest, RepairsOfTheFewestCopiesThenDrainsThenBalance) {
  const std::vector<Move> queue{
      move(0, 0, 1), move(1, 2, 3, MoveReason::Drain), move(2, 4, 5, MoveReason::Repair, 2),
      move(3, 6, 7, MoveReason::Repair, 1), move(4, 8, 9, MoveReason::Domain)};
  EXPECT_THAT(admitted(queue, {}), ElementsAre(3, 2, 1, 4, 0));
}

TEST(ScheduleTest, RepairsGoByShardsWhereTheFewestCopiesAreNotFirst) {
  const std::vector<Move> queue{move(0, 0, 1), move(3, 6, 7, MoveReason::Repair, 1),
                                move(2, 4, 5, MoveReason::Repair, 2),
                                move(1, 2, 3, MoveReason::Drain)};
  EXPECT_THAT(admitted(queue, {.fewest_copies_first = false}), ElementsAre(2, 1, 3, 0));
}

TEST(ScheduleTest, NodeLimitCountsSourcesAndTargets) {
  const std::vector<Move> queue{move(0, 0, 1), move(1, 2, 0), move(2, 0, 3), move(3, 4, 5)};
  EXPECT_THAT(admitted(queue, {.moves_per_node = 2}), ElementsAre(0, 1, 3));
}

TEST(ScheduleTest, ActiveMovesCountEvenWhenTheirTargetIsGone) {
  const std::vector<ActiveMove> active{{s(9), n(0), n(1), MoveKind::Move}};
  EXPECT_THAT(
      admitted({move(0, 0, 2), move(1, 3, 1), move(2, 4, 5)}, {.moves_per_node = 1}, active),
      ElementsAre(2));
}

TEST(ScheduleTest, DomainLimitCountsAMoveInsideADomainOnce) {
  // Nodes 0, 3, 6, 9 are in one zone.
  const std::vector<Move> queue{move(0, 0, 3), move(1, 6, 9), move(2, 0, 1)};
  EXPECT_THAT(admitted(queue, {.moves_per_domain = 2}), ElementsAre(0, 1));
}

TEST(ScheduleTest, ClusterLimitHoldsForAll) {
  const std::vector<Move> queue{move(0, 0, 1), move(1, 2, 3), move(2, 4, 5)};
  const std::vector<ActiveMove> active{{s(9), n(10), n(11), MoveKind::Add}};
  EXPECT_THAT(admitted(queue, {.moves_cluster_wide = 3}, active), ElementsAre(0, 1));
}

TEST(ScheduleTest, ShardHasOneMoveAtATimeInOrder) {
  const std::vector<Move> queue{move(7, 0, 1), move(7, 2, 3, MoveReason::Drain), move(8, 4, 5)};
  EXPECT_THAT(admitted(queue, {}), ElementsAre(0, 2));
  EXPECT_THAT(admitted(queue, {}, {{s(7), n(8), n(9), MoveKind::Move}}), ElementsAre(2));
}

TEST(ScheduleTest, RepairGoesBeforeTheOtherMovesOfItsShard) {
  const std::vector<Move> queue{move(7, 0, 1), move(7, 2, 3, MoveReason::Repair, 1)};
  EXPECT_THAT(admitted(queue, {}), ElementsAre(1));
}

TEST(ScheduleTest, WindowsHoldBackBalancingOnly) {
  const MoveLimits limits{.windows = {{true, hours(1), hours(5)}},
                          .time_of_day_at_start = hours(12)};
  const std::vector<Move> queue{move(0, 0, 1), move(1, 2, 3, MoveReason::Drain),
                                move(2, 4, 5, MoveReason::Repair)};
  EXPECT_THAT(admitted(queue, limits), ElementsAre(2, 1));
  EXPECT_THAT(admitted(queue, limits, {}, Instant(hours(14))), ElementsAre(2, 1, 0));
}

TEST(ScheduleTest, BandwidthIsHandedOutInSharesThatNeverExceedIt) {
  const MoveLimits limits{.bandwidth = Bandwidth(1000), .bandwidth_shares = 3};
  const std::vector<Move> queue{move(0, 0, 1), move(1, 2, 3), move(2, 4, 5), move(3, 6, 7)};
  const auto admissions = admit(queue, {}, make_view(12), limits, Instant());
  ASSERT_EQ(admissions.size(), 3u);
  for (const Admission& each : admissions) EXPECT_EQ(each.share, Bandwidth(333));
}

TEST(ScheduleTest, TinyBandwidthMakesFewerSharesRatherThanUnlimitedOnes) {
  const MoveLimits limits{.bandwidth = Bandwidth(2), .bandwidth_shares = 4};
  const std::vector<Move> queue{move(0, 0, 1), move(1, 2, 3), move(2, 4, 5)};
  const auto admissions = admit(queue, {}, make_view(12), limits, Instant());
  ASSERT_EQ(admissions.size(), 2u);
  EXPECT_EQ(admissions[0].share, Bandwidth(1));
}

TEST(ScheduleTest, LeaderTransfersTakeNoBandwidth) {
  const MoveLimits limits{.bandwidth = Bandwidth(1000), .bandwidth_shares = 1};
  std::vector<Move> queue{move(0, 0, 1), move(1, 2, 3), move(2, 4, 5)};
  queue[2].kind = MoveKind::LeaderTransfer;
  EXPECT_THAT(admitted(queue, limits), ElementsAre(0, 2));
}

TEST(ScheduleTest, EmptyQueueAdmitsNothing) { EXPECT_THAT(admitted({}, {}), IsEmpty()); }

}  // namespace
}  // namespace shardproof::distribution
