// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/check/story_testing.hpp"

namespace shardproof::sim::check {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;

TEST(AntiAffinity, FindsASharedZoneWhenAnotherWasFree) {
  Story story;
  story.pass(minutes(1));
  story.renew_leases();
  // n0 and n3 are in zone 0, n1 and n4 in zone 1, n2 in zone 2.
  story.begin_migration(kN1, kN3);
  EXPECT_THAT(numbers(story.suite), ElementsAre(14)) << texts(story.suite);
  EXPECT_THAT(story.suite.violations()[0].nodes, ElementsAre(kN3, kN2, kN0));
  EXPECT_THAT(texts(story.suite),
              ::testing::HasSubstr("n0 placed a copy of s0 on n3 at e2, in the same rack as that "
                                   "on n0, and n2 was free to take it, in the same region as n0"));
}

/// The disk of n2, the only node of its zone, has room again; until `ago` before the move it was as
/// `before` says.
void move_past_a_disk_with_room(Story& story, DiskUsage before, Nanoseconds ago) {
  story.write("a");
  story.suite.on_crash(story.at(kN4));
  story.pass(minutes(1));
  story.suite.on_disk_usage(before.used, before.capacity, story.at(kN2));
  story.pass(minutes(1));
  story.suite.on_disk_usage(Bytes(1), Bytes(100'000), story.at(kN2));
  story.pass(ago);
  story.renew_leases();
  story.begin_migration(kN1, kN3);
}

TEST(AntiAffinity, AllowsASharedZoneWhileTheOnlyOtherDiskIsNotKnownToHaveRoomAgain) {
  const DiskUsage full{Bytes(100), Bytes(100)};
  // Nearly all of it is free, and it has room for nothing.
  const DiskUsage tiny{Bytes(0), Bytes(4)};
  for (const DiskUsage& before : {full, tiny}) {
    for (const bool is_known : {false, true}) {
      Story story;
      move_past_a_disk_with_room(story, before, is_known ? minutes(1) : Nanoseconds(1));
      EXPECT_THAT(numbers(story.suite), Contains(14).Times(is_known ? 1 : 0)) << texts(story.suite);
    }
  }
}

TEST(AntiAffinity, AllowsASharedZoneWhenTheOnlyOtherNodeIsBrokenForGood) {
  for (const bool is_broken : {false, true}) {
    Story story;
    story.suite.on_crash(story.at(kN4));
    story.pass(minutes(1));
    if (is_broken) story.suite.on_broken_for_good({kN2});
    story.renew_leases();
    story.begin_migration(kN1, kN3);
    EXPECT_THAT(numbers(story.suite), Contains(14).Times(is_broken ? 0 : 1)) << texts(story.suite);
  }
}

TEST(AntiAffinity, AllowsASharedZoneWhenTheOnlyOtherNodeCountedAsDeadAtTheProposal) {
  for (const bool returned_before : {false, true}) {
    Story story;
    story.suite.on_crash(story.at(kN4));
    story.pass(minutes(1));
    story.tell(kN0, fact::TableAdopted{story.table.revision()});
    story.tell(kN0, fact::NodeSuspected{kN2});
    if (returned_before) {
      story.tell(kN0, fact::NodeTrusted{kN2});
      story.pass(minutes(1));
    }
    story.tell(kN0, fact::ChangeProposed{kS0, story.info().epoch, Term(1), "Prepare"});
    story.pass(milliseconds(1));
    if (!returned_before) story.tell(kN0, fact::NodeTrusted{kN2});
    story.renew_leases();
    story.begin_migration(kN1, kN3);
    EXPECT_THAT(numbers(story.suite), Contains(14).Times(returned_before ? 1 : 0))
        << texts(story.suite);
  }
}

TEST(AntiAffinity, AllowsASharedZoneWhenTheOnlyOtherNodeWasInMaintenanceAtTheProposal) {
  for (const bool was_active : {false, true}) {
    Story story;
    story.suite.on_crash(story.at(kN4));
    story.pass(minutes(1));
    NodeRecord record = *story.table.find_node(kN2);
    const auto commit = [&](NodeState state) {
      record.state = state;
      story.commit_records({record});
      story.tell(kN0, fact::TableAdopted{story.table.revision()});
    };
    commit(NodeState::Maintenance);
    if (was_active) commit(NodeState::Active);
    story.tell(kN0, fact::ChangeProposed{kS0, story.info().epoch, Term(1), "Prepare"});
    if (!was_active) commit(NodeState::Active);
    story.renew_leases();
    story.begin_migration(kN1, kN3);
    EXPECT_THAT(numbers(story.suite), Contains(14).Times(was_active ? 1 : 0)) << texts(story.suite);
  }
}

/// n0 has the only copy of so many, and the next is made at n3, in the same zone, while n1 could
/// take it. What is found.
auto repair_in_the_same_zone(std::uint32_t copies, bool keeps_domains = true) {
  StoryOptions options;
  options.replication_factor = copies;
  options.config.versions.front().plans_keep_domains = keeps_domains;
  Story story(options);
  story.change([](ShardInfo& shard) { shard.replicas = NodeList{kN0}; });
  story.suite.on_crash(story.at(kN4));
  story.pass(minutes(1));
  story.suite.on_crash(story.at(kN2));
  story.renew_leases();
  story.change([](ShardInfo& shard) {
    shard.learners = NodeList{kN3};
    shard.status = ShardStatus::Syncing;
  });
  return numbers(story.suite);
}

TEST(AntiAffinity, OfSeveralCopiesThatAreToBeMadeAnyMayComeFirst) {
  EXPECT_THAT(repair_in_the_same_zone(2), Contains(14));
  EXPECT_THAT(repair_in_the_same_zone(3), Not(Contains(14)));
}

TEST(AntiAffinity, AsksNothingOfAPolicyThatKnowsNoDomains) {
  EXPECT_THAT(repair_in_the_same_zone(2, false), Not(Contains(14)));
}

TEST(AntiAffinity, ACopyThatCountsAsDeadSharesItsZoneWithNobody) {
  for (const bool is_dead : {false, true}) {
    Story story;
    story.pass(minutes(1));
    story.renew_leases();
    if (is_dead) story.tell(kN1, fact::NodeSuspected{kN0});
    story.begin_migration(kN1, kN3);
    EXPECT_THAT(numbers(story.suite), Contains(14).Times(is_dead ? 0 : 1)) << texts(story.suite);
  }
}

TEST(AntiAffinity, AllowsASharedZoneWhenNothingElseIsUp) {
  Story story;
  story.suite.on_crash(story.at(kN2));
  story.suite.on_crash(story.at(kN4));
  story.pass(minutes(1));
  story.renew_leases();
  story.begin_migration(kN1, kN3);
  EXPECT_THAT(numbers(story.suite), IsEmpty()) << texts(story.suite);
}

/// A second collection, of one shard of two copies: n0 and n3 are in zone 0, n1 and n4 in zone 1,
/// n2 in zone 2.
class NewCollection : public ::testing::Test {
 protected:
  explicit NewCollection(const StoryOptions& options = {}) : story(options) {
    collection.id = CollectionId(1);
    collection.database = "shop";
    collection.name = "invoices";
    collection.num_shards = 1;
    collection.replication_factor = 2;
    collection.first_shard = ShardId(1);
    story.pass(minutes(1));
    story.renew_leases();
  }
  const ViolationRecord* begin_on(NodeList nodes) {
    ShardInfo shard;
    shard.id = ShardId(1);
    shard.collection = collection.id;
    shard.epoch = shard.begin_epoch = Epoch(1);
    shard.leader = nodes.front();
    shard.replicas = std::move(nodes);
    story.commit_records({collection, shard});
    return find(story.suite, 14);
  }
  CollectionConfig collection;
  Story story;
};

TEST_F(NewCollection, FindsCopiesThatBeginInOneZone) {
  const ViolationRecord* found = begin_on({kN0, kN3});
  ASSERT_NE(found, nullptr);
  EXPECT_EQ(found->message,
            "n0 begins s1 with copies on n0, n3: n0 is in the same rack as n3, and n1 was free to "
            "take that copy, in the same region as n3");
}

TEST_F(NewCollection, CopiesMayBeginInTwoZones) {
  EXPECT_EQ(begin_on({kN0, kN1}), nullptr) << texts(story.suite);
}

TEST_F(NewCollection, CopiesMayBeginWhereTheyCan) {
  for (const NodeId node : {kN1, kN2}) story.suite.on_crash(story.at(node));
  story.tell(kN0, fact::NodeSuspected{kN4});
  EXPECT_EQ(begin_on({kN0, kN3}), nullptr) << texts(story.suite);
}

TEST_F(NewCollection, AnUnshardedOneBeginsAnywhere) {
  collection.sharded = false;
  EXPECT_EQ(begin_on({kN0, kN3}), nullptr) << texts(story.suite);
}

TEST_F(NewCollection, OperatorsPlaceAsTheyLike) {
  auto request = std::make_shared<message::AdminRequest>();
  request->collection = collection;
  request->copies = {{kN0, kN3}};
  story.suite.on_command(request, story.at(NodeId::none()));
  EXPECT_EQ(begin_on({kN0, kN3}), nullptr) << texts(story.suite);
}

class NewCollectionOfAPolicyWithoutDomains : public NewCollection {
 protected:
  NewCollectionOfAPolicyWithoutDomains() : NewCollection(options()) {}
  static StoryOptions options() {
    StoryOptions options;
    options.config.versions.front().places_in_domains = false;
    return options;
  }
};

TEST_F(NewCollectionOfAPolicyWithoutDomains, BeginsAnywhere) {
  EXPECT_EQ(begin_on({kN0, kN3}), nullptr) << texts(story.suite);
}

}  // namespace
}  // namespace shardproof::sim::check
