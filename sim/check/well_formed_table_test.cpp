// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/check/story_testing.hpp"

/// Planted violations of what every committed table keeps (invariant 6).
namespace shardproof::sim::check {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

struct Malformed {
  const char* what;
  void (*edit)(ShardInfo&);
};

class WellFormedTableTest : public ::testing::TestWithParam<Malformed> {};

TEST_P(WellFormedTableTest, IsFound) {
  Story story;
  story.change(GetParam().edit);
  const ViolationRecord* found = find(story.suite, 6);
  ASSERT_NE(found, nullptr);
  EXPECT_EQ(found->shard, kS0);
  EXPECT_THAT(found->epochs, ElementsAre(Epoch(2)));
  EXPECT_THAT(found->message, HasSubstr(GetParam().what));
}

INSTANTIATE_TEST_SUITE_P(
    WellFormedTable, WellFormedTableTest,
    ::testing::Values(
        Malformed{"its leader n4 is not in the in-sync set (n0, n1)",
                  [](ShardInfo& s) { s.leader = kN4; }},
        Malformed{"set is empty",
                  [](ShardInfo& s) {
                    s.replicas.clear();
                    s.leader = NodeId::none();
                    s.status = ShardStatus::Offline;
                  }},
        Malformed{"n1 is both in sync and a learner",
                  [](ShardInfo& s) { s.learners = NodeList{kN1}; }},
        Malformed{"n9, its learner, is no node of the cluster",
                  [](ShardInfo& s) { s.learners = NodeList{NodeId(9)}; }},
        Malformed{"3 in-sync copies with replication factor 2: n0, n1, n2 (before this commit 2)",
                  [](ShardInfo& s) { s.replicas.push_back(kN2); }},
        Malformed{"n2, from which m- in Prepare moves it, is not in the in-sync set (n0, n1)",
                  [](ShardInfo& s) {
                    s.migration = Migration();
                    s.migration->source = kN2;
                    s.migration->target = kN3;
                    s.learners = NodeList{kN3};
                    s.status = ShardStatus::Migrating;
                  }},
        Malformed{"n3, to which m- in Prepare moves it, is no learner (n0 leads, n0, n1 are in",
                  [](ShardInfo& s) {
                    s.migration = Migration();
                    s.migration->source = kN1;
                    s.migration->target = kN3;
                    s.status = ShardStatus::Migrating;
                  }},
        Malformed{"its status is Offline, and n0 leads it",
                  [](ShardInfo& s) { s.status = ShardStatus::Offline; }},
        Malformed{"collection", [](ShardInfo& s) { s.collection = CollectionId(3); }}));

TEST(WellFormedTable, FindsCopiesThatBecomeMoreThanALoweredFactorWants) {
  Story story;
  story.collection.replication_factor = 1;
  story.commit_records({story.collection});
  story.change([](ShardInfo& shard) { shard.replicas = NodeList{kN0, kN2}; });
  EXPECT_EQ(find(story.suite, 6), nullptr) << texts(story.suite);
  story.change([](ShardInfo& shard) { shard.replicas = NodeList{kN0, kN2, kN3}; });
  ASSERT_NE(find(story.suite, 6), nullptr);
  EXPECT_THAT(find(story.suite, 6)->message,
              HasSubstr("3 in-sync copies with replication factor 1"));
}

TEST(WellFormedTable, ACopyThatWasOnItsWayWhenTheFactorWasLoweredMayCome) {
  Story story;
  const auto adopt = [&] {
    story.tell(kN0, fact::TableAdopted{story.table.revision(), story.table.digest()});
  };
  const auto propose = [&] {
    story.tell(kN0, fact::ChangeProposed{kS0, story.info().epoch.next(), Term(1), "promote"});
  };
  story.collection.replication_factor = 3;
  story.commit_records({story.collection});
  adopt();
  propose();
  story.collection.replication_factor = 2;
  story.commit_records({story.collection});
  story.change([](ShardInfo& shard) { shard.replicas.push_back(kN2); });
  EXPECT_EQ(find(story.suite, 6), nullptr) << texts(story.suite);
  adopt();
  propose();
  story.change([](ShardInfo& shard) { shard.replicas.push_back(kN3); });
  EXPECT_NE(find(story.suite, 6), nullptr) << "the author knew";
}

TEST(WellFormedTable, FindsANodeThatLeavesWhileAShardNamesIt) {
  Story story;
  NodeRecord node = *story.table.find_node(kN2);
  node.state = NodeState::Removed;
  story.commit_records({node});
  EXPECT_THAT(numbers(story.suite), IsEmpty()) << "n2 has no copy";
  story.change([](ShardInfo& shard) { shard.learners = NodeList{kN2}; });
  ASSERT_NE(find(story.suite, 6), nullptr);
  EXPECT_THAT(find(story.suite, 6)->message,
              HasSubstr("s0 at e2 of r4: n2, its learner, is removed from the cluster"));

  Story other;
  node = *other.table.find_node(kN1);
  node.state = NodeState::Removed;
  other.commit_records({node});
  ASSERT_NE(find(other.suite, 6), nullptr);
  EXPECT_THAT(find(other.suite, 6)->message,
              HasSubstr("n1 is removed at r3, and s0 still names it as its in-sync copy at e1 (n0 "
                        "leads, n0, n1 are in sync)"));
}

/// What enabling sharding commits, into shards that begin with `first`.
const ViolationRecord* reshard_into(Story& story, Epoch first) {
  CollectionConfig moving = story.collection;
  CollectionConfig target = story.collection;
  target.id = moving.moving_to = CollectionId(1);
  target.name = "orders2";
  target.first_shard = ShardId(1);
  target.first_epoch = first;
  ShardInfo old = story.info();
  old.epoch = old.epoch.next();
  ShardInfo made = old;
  made.id = ShardId(1);
  made.collection = target.id;
  made.epoch = made.begin_epoch = first;
  story.commit_records({target, made, moving, old});
  return find(story.suite, 6);
}

TEST(WellFormedTable, FindsAShardThatIsLeftOverOfACollectionThatHasMoved) {
  Story story;
  ASSERT_EQ(reshard_into(story, Epoch(3)), nullptr) << texts(story.suite);
  CollectionConfig moved = story.collection;
  moved.successor = CollectionId(1);
  story.commit_records({moved});
  ASSERT_NE(find(story.suite, 6), nullptr);
  EXPECT_THAT(find(story.suite, 6)->message, HasSubstr("whose shard s0 is Active"));
}

TEST(WellFormedTable, FindsDocumentsThatMoveIntoShardsOfTheSameEpoch) {
  Story late;
  EXPECT_EQ(reshard_into(late, Epoch(3)), nullptr) << texts(late.suite);
  Story early;
  const ViolationRecord* found = reshard_into(early, Epoch(2));
  ASSERT_NE(found, nullptr);
  EXPECT_THAT(found->message, HasSubstr("whose shards begin with e2, and s0 may still log writes "
                                        "in e2: a document's version would not rise"));
}

}  // namespace
}  // namespace shardproof::sim::check
