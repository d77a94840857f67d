// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/check/story_testing.hpp"

/// Planted violations of what operators have ordered.
namespace shardproof::sim::check {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

/// Begins a migration of each shard, as somebody proposes who has the table of that revision.
class LimitsOrdered : public ::testing::Test {
 protected:
  static StoryOptions options() {
    StoryOptions options;
    options.num_shards = 6;
    options.config.versions.front().limits.moves_per_node = 3;
    options.config.limits.bandwidth = Bandwidth(4'000'000);
    return options;
  }
  void order(const OrderedLimits& limits) {
    ClusterSettings settings = story.table.settings();
    settings.limits = limits;
    story.commit_records({settings});
  }
  void adopt() {
    story.tell(kN0, fact::TableAdopted{story.table.revision(), story.table.digest()});
  }
  void begin(std::uint32_t shard) {
    ShardInfo after = story.info(ShardId(shard));
    after.epoch = after.epoch.next();
    after.status = ShardStatus::Migrating;
    after.learners = NodeList{kN4};
    Migration migration;
    migration.id = MigrationId(10 + shard);
    migration.source = kN1;
    migration.target = kN4;
    after.migration = migration;
    story.tell(kN0, fact::ChangeProposed{after.id, after.epoch, Term(1), "Prepare"});
    story.commit_records({after});
  }
  void send(std::uint32_t shard) {
    story.tell(kN1, fact::ChunkSent{ShardId(shard), MigrationId(10 + shard), kN4, Bytes(1'000'000),
                                    false});
  }

  Story story{options()};
};

TEST_F(LimitsOrdered, BindWhoeverKnowsOfThem) {
  adopt();
  OrderedLimits limits;
  limits.moves_per_node = 1;
  begin(0);
  order(limits);
  begin(1);
  EXPECT_THAT(numbers(story.suite), IsEmpty()) << "of the order nobody has heard yet";
  adopt();
  begin(2);
  EXPECT_THAT(numbers(story.suite), ElementsAre(25, 25));
}

TEST_F(LimitsOrdered, AllowMoreThanTheConfiguredOnes) {
  OrderedLimits limits;
  limits.moves_per_node = 0;
  order(limits);
  adopt();
  for (std::uint32_t shard = 0; shard < 5; ++shard) begin(shard);
  EXPECT_THAT(numbers(story.suite), IsEmpty()) << texts(story.suite);
}

TEST_F(LimitsOrdered, LeaveTheirShareToCopiesOnTheirWay) {
  adopt();
  begin(0);
  OrderedLimits limits;
  limits.bandwidth = Bandwidth(400'000);
  order(limits);
  adopt();
  // A quarter of the former bandwidth.
  for (int second = 0; second < 40; ++second) {
    send(0);
    story.pass(seconds(1));
  }
  EXPECT_THAT(numbers(story.suite), IsEmpty()) << texts(story.suite);
  ShardInfo ended = story.info();
  ended.epoch = ended.epoch.next();
  ended.status = ShardStatus::Active;
  ended.learners.clear();
  ended.migration.reset();
  story.commit_records({ended});
  begin(1);
  for (int second = 0; second < 40; ++second) {
    send(1);
    story.pass(seconds(1));
  }
  EXPECT_THAT(numbers(story.suite), Contains(25));
}

}  // namespace
}  // namespace shardproof::sim::check
