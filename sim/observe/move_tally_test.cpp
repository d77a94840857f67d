// SPDX-License-Identifier: Apache-2.0
#include "sim/observe/move_tally.hpp"

#include <gtest/gtest.h>

namespace shardproof::sim {
namespace {

using Kind = MigrationStep::Kind;

/// Moves of shards between nodes, in seconds.
struct Moves {
  void begin(std::uint32_t shard, std::uint32_t source, std::uint32_t target, std::int64_t at) {
    step(Kind::kBegan, shard, source, target, at);
  }
  void complete(std::uint32_t shard, std::uint32_t source, std::uint32_t target, std::int64_t at) {
    step(Kind::kCompleted, shard, source, target, at);
  }
  void move(std::uint32_t shard, std::uint32_t source, std::uint32_t target, std::int64_t at) {
    begin(shard, source, target, at);
    complete(shard, source, target, at);
  }
  void step(Kind kind, std::uint32_t shard, std::uint32_t source, std::uint32_t target,
            std::int64_t at) {
    MigrationStep made;
    made.kind = kind;
    made.entry.shard = ShardId(shard);
    made.entry.migration.source = NodeId(source);
    made.entry.migration.target = NodeId(target);
    tally.on_step(made, Instant(seconds(at)));
  }
  MoveTally tally;
};

TEST(MoveTally, AShardThatReturnsSoonToANodeItLeftBounces) {
  Moves moves;
  moves.move(0, 0, 1, 10);
  moves.move(0, 1, 0, 70);
  EXPECT_EQ(moves.tally.bounces(), 1u);
  moves.move(0, 0, 2, 80);
  EXPECT_EQ(moves.tally.bounces(), 1u) << "it has not been on n2";
  moves.move(1, 2, 1, 90);
  moves.move(2, 1, 2, 91);
  EXPECT_EQ(moves.tally.bounces(), 1u) << "other shards' moves are none of its";
}

TEST(MoveTally, AReturnAfterTheWindowIsNoBounce) {
  Moves moves;
  moves.move(0, 0, 1, 0);
  moves.move(0, 1, 0, 600);
  moves.move(0, 0, 1, 1200);
  EXPECT_EQ(moves.tally.bounces(), 2u);
  moves.move(0, 1, 0, 1801);
  EXPECT_EQ(moves.tally.bounces(), 2u);
}

TEST(MoveTally, ConcurrencyIsOfTheBusiestNodeAtOnce) {
  Moves moves;
  moves.begin(0, 0, 3, 1);
  moves.begin(1, 1, 3, 1);
  moves.complete(0, 0, 3, 2);
  moves.begin(2, 2, 3, 2);
  EXPECT_EQ(moves.tally.concurrent_max(), 2u);
  moves.step(Kind::kAborted, 1, 1, 3, 3);
  moves.step(Kind::kAborted, 2, 2, 3, 3);
  moves.begin(3, 3, 4, 4);
  EXPECT_EQ(moves.tally.concurrent_max(), 2u);
}

TEST(MoveTally, ANodeThatFillsAndEmptiesOscillates) {
  Moves moves;
  moves.move(0, 0, 1, 1);
  moves.tally.on_interval();
  moves.tally.on_interval();
  moves.move(1, 0, 1, 2);
  moves.tally.on_interval();
  EXPECT_EQ(moves.tally.oscillation(), 0u) << "the same way again, after a pause";
  moves.move(1, 1, 0, 3);
  moves.tally.on_interval();
  EXPECT_EQ(moves.tally.oscillation(), 2u) << "both nodes";
  moves.move(2, 0, 1, 4);
  moves.move(3, 1, 0, 4);
  moves.tally.on_interval();
  EXPECT_EQ(moves.tally.oscillation(), 2u) << "an exchange is no net flow";
}

TEST(MoveTally, MovesOfEachShardCountThoseThatStay) {
  Moves moves;
  EXPECT_FALSE(moves.tally.per_shard(0));
  for (int i = 0; i < 3; ++i) moves.move(7, 0, 1, i);
  moves.move(8, 0, 1, 9);
  const auto of_four = moves.tally.per_shard(4);
  EXPECT_TRUE(of_four->mean == Ratio(1, 1));
  EXPECT_EQ(of_four->max, 3u);
  EXPECT_EQ(of_four->p99, 3u);
  // Rank 99 of 100 is the second largest, rank 198 of 200 the third, which did not move.
  EXPECT_EQ(moves.tally.per_shard(100)->p99, 1u);
  EXPECT_EQ(moves.tally.per_shard(200)->p99, 0u);
}

TEST(MoveTally, WarnsOfCirclesIfMostOfNotTooFewMigrationsCameBack) {
  EXPECT_EQ(circles_warning(500, 1546), "");
  EXPECT_EQ(circles_warning(4, 8), "") << "as many as went: a drain, and its end";
  EXPECT_EQ(circles_warning(7, 7), "") << "too few";
  EXPECT_EQ(circles_warning(0, 0), "");
  EXPECT_EQ(circles_warning(5, 8),
            "5 of 8 migrations brought a shard back to where it had been shortly before: the "
            "policy moves copies in circles");
  EXPECT_TRUE(circles_warning(1712, 1760).starts_with("1,712 of 1,760 "));
}

TEST(MoveTally, KnowsWhichMovesCameLate) {
  Moves moves;
  EXPECT_FALSE(moves.tally.last_end());
  moves.move(0, 0, 1, 10);
  moves.move(1, 0, 1, 75);
  moves.begin(2, 0, 1, 90);
  EXPECT_EQ(moves.tally.begun_in_last_quarter(Instant(seconds(100))), 2u);
  EXPECT_EQ(moves.tally.last_end(), Instant(seconds(75)));
}

TEST(MoveTally, CompletedMovesInACircleAreRedundant) {
  Moves moves;
  moves.move(0, 0, 1, 1);
  moves.move(1, 1, 2, 1);
  moves.move(2, 2, 0, 1);
  moves.move(3, 0, 1, 1);
  moves.begin(4, 1, 0, 1);
  EXPECT_EQ(moves.tally.transfers(), (peers::TransferCounter{3, 1}));
}

}  // namespace
}  // namespace shardproof::sim
