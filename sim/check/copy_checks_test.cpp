// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/check/fake_view_testing.hpp"
#include "sim/check/findings_testing.hpp"

/// Planted violations of what concerns copies and disks: each is told by hand and must be found at
/// that very fact, with its shard, nodes and epochs.
namespace shardproof::sim::check {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

TEST(NoLostWrite, FindsAnAcknowledgedTailThatIsCutOffEverywhere) {
  Story story;
  const EntryRef entry = story.write("a");
  const LogIndex kept(entry->index().value() - 1);
  story.tell(kN1, fact::TailTruncated{kS0, kept});
  EXPECT_THAT(numbers(story.suite), IsEmpty());
  story.tell(kN0, fact::TailTruncated{kS0, kept});
  expect_found(story, 3, kN0);
  EXPECT_THAT(find(story.suite, 3)->message, HasSubstr("e1/i2"));
  EXPECT_THAT(texts(story.suite),
              HasSubstr("n0 cut off its log's tail: it was the last copy of s0 that "
                        "held the acknowledged e1/i2, which is to be on 2 disks (0 "
                        "disks with it were destroyed since); n0 has e1/i1 left, n1 "
                        "has e1/i1"));
}

TEST(NoLostWrite, FindsAnOlderCopyThatReplacesTheLastCompleteOne) {
  StoryOptions options;
  options.replication_factor = 1;
  Story story(options);
  story.write("a");
  story.tell(kN0, fact::CopyInstalled{kS0, Epoch(1), {Epoch(1), LogIndex(1)}, 0, Bytes(1)});
  expect_found(story, 3, kN0);
}

TEST(NoLostWrite, ExcusesTheLossOfMoreDisksThanPromised) {
  Story story;
  story.write("a");
  story.suite.on_crash(story.at(kN0));
  story.suite.on_disk_destroyed(story.at(kN0));
  EXPECT_THAT(excused(story.suite), IsEmpty());
  story.suite.on_crash(story.at(kN1));
  story.suite.on_disk_destroyed(story.at(kN1));
  EXPECT_THAT(numbers(story.suite), IsEmpty()) << texts(story.suite);
  EXPECT_THAT(excused(story.suite), ElementsAre(kS0));
}

TEST(NoLostWrite, ExcusesTheLossOfTheOnlyCopyThatCommitsHaveLeft) {
  Story story;
  story.write("a");
  story.change([](ShardInfo& shard) { shard.replicas = NodeList{kN0}; });
  story.drop(kN1);
  story.suite.on_crash(story.at(kN0));
  story.suite.on_disk_destroyed(story.at(kN0));
  EXPECT_THAT(numbers(story.suite), IsEmpty()) << texts(story.suite);
  EXPECT_THAT(excused(story.suite), ElementsAre(kS0));
}

/// The second of two copies becomes a learner because one is wanted.
void give_up_second_copy(Story& story) {
  story.change([](ShardInfo& shard) {
    shard.replicas = NodeList{kN0};
    shard.learners = NodeList{kN1};
    shard.status = ShardStatus::Syncing;
  });
}

void want_one_copy(Story& story) {
  story.collection.replication_factor = 1;
  story.commit_records({story.collection});
}

TEST(NoLostWrite, ExcusesTheLossOfTheCopyThatAnOperatorHasLeft) {
  Story story;
  story.write("a");
  want_one_copy(story);
  give_up_second_copy(story);
  story.suite.on_crash(story.at(kN0));
  story.suite.on_disk_destroyed(story.at(kN0));
  story.drop(kN1);
  EXPECT_EQ(find(story.suite, 3), nullptr) << texts(story.suite);
}

TEST(NoLostWrite, ExcusesTheLossOfTheCopyLeftWhileAnotherIsOnItsWayOut) {
  Story story;
  want_one_copy(story);
  give_up_second_copy(story);
  // The learner has not heard of it, and acknowledgements wait for it still.
  const EntryRef entry = story.accept(kN0, "a");
  for (const NodeId node : {kN0, kN1}) story.durable(node);
  story.apply(kN0, entry);
  const NodeList both{kN0, kN1};
  const fact::WriteAcknowledged acknowledged{kS0, story.info().epoch, entry, both};
  story.tell(kN0, acknowledged);
  story.suite.on_crash(story.at(kN0));
  story.suite.on_disk_destroyed(story.at(kN0));
  story.drop(kN1);
  EXPECT_EQ(find(story.suite, 3), nullptr) << texts(story.suite);
}

TEST(NoLostWrite, FindsACopyGivenUpBehindOneThatWasLostBefore) {
  Story story;
  story.write("a");
  want_one_copy(story);
  story.suite.on_crash(story.at(kN0));
  story.suite.on_disk_destroyed(story.at(kN0));
  give_up_second_copy(story);
  story.drop(kN1);
  expect_found(story, 3, kN1);
}

TEST(NoLostWrite, ExcusesWhatOnlyACopyOutOfSyncHadWhenFewerAreWanted) {
  Story story;
  story.write("a");
  story.change([](ShardInfo& shard) { shard.replicas = NodeList{kN0}; });
  story.suite.on_crash(story.at(kN0));
  story.suite.on_disk_destroyed(story.at(kN0));
  want_one_copy(story);
  story.drop(kN1);
  EXPECT_EQ(find(story.suite, 3), nullptr) << texts(story.suite);
}

StoryOptions one_copy() {
  StoryOptions options;
  options.replication_factor = 1;
  return options;
}
/// n0 alone holds the shard, and it moves to n4; `end` tells what becomes of n4's disk.
template <typename End>
void switch_and_drop(Story& story, End end) {
  story.write("a");
  story.migrate_to_sync(kN0, kN4, 7);
  const EntryRef entry = story.accept(kN0, "b");
  for (const NodeId node : {kN0, kN4}) story.durable(node);
  story.apply(kN0, entry);
  const fact::WriteAcknowledged acknowledged{kS0, story.info().epoch, entry, {kN0, kN4}};
  story.tell(kN0, acknowledged);
  story.switch_over();
  end();
  story.enter(MigrationPhase::Cleanup);
  story.drop(kN0);
}
void lose_disk(Story& story, NodeId node) {
  story.suite.on_crash(story.at(node));
  story.suite.on_disk_destroyed(story.at(node));
}

TEST(NoLostWrite, FindsTheSourceDroppedBehindATargetThatHadLostItsDisk) {
  Story story(one_copy());
  switch_and_drop(story, [&] { lose_disk(story, kN4); });
  expect_found(story, 3, kN0);
}

TEST(NoLostWrite, ExcusesTheLossOfTheTargetOnceItHasSaidThatItHasTheCopy) {
  Story story(one_copy());
  switch_and_drop(story, [&] {
    story.tell(kN4, fact::CopyReported{kS0, story.info().epoch, kM1, story.last, 7});
    lose_disk(story, kN4);
  });
  EXPECT_THAT(numbers(story.suite), ::testing::Not(Contains(3))) << texts(story.suite);
}

TEST(NoLostWrite, ExcusesWhatOnlyADestroyedDiskHadApplied) {
  StoryOptions options;
  options.write_concern = 1;
  Story story(options);
  story.write("a");
  const EntryRef untold = story.accept(kN0, "b");
  story.tell(kN0, fact::EntriesDurable{kS0, untold->version});
  story.tell(kN0, fact::EntryApplied{kS0, untold});
  story.suite.on_crash(story.at(kN0));
  story.suite.on_disk_destroyed(story.at(kN0));
  EXPECT_THAT(numbers(story.suite), IsEmpty()) << texts(story.suite);
  EXPECT_THAT(excused(story.suite), ElementsAre(kS0));
}

TEST(NoLostWrite, DoesNotExcuseTheLossOfOneDiskOfTwo) {
  Story story;
  const EntryRef entry = story.write("a");
  story.tell(kN1, fact::TailTruncated{kS0, LogIndex(entry->index().value() - 1)});
  story.suite.on_crash(story.at(kN0));
  story.suite.on_disk_destroyed(story.at(kN0));
  expect_found(story, 3, kN0);
}

TEST(DataBackedPromotion, JudgesOnlyWhomTheTableNamesLeader) {
  for (const NodeId node : {kN0, kN1}) {
    Story story;
    story.write("a");
    story.tell(node, fact::LeadershipTaken{kS0, Epoch(1), Version()});
    EXPECT_THAT(numbers(story.suite), Contains(7).Times(node == kN0 ? 1 : 0)) << texts(story.suite);
  }
}

TEST(CopyBeforeDrop, FindsADropByAMemberOfTheInSyncSet) {
  Story story;
  story.write("a");
  story.drop(kN1);
  expect_found(story, 15, kN1);
  EXPECT_THAT(texts(story.suite),
              HasSubstr("n1 dropped its copy of s0 on the ground of e1, but the table "
                        "of e1 has it in the in-sync set (n0 leads, n0, n1 are in sync)"));
}

TEST(CopyBeforeDrop, FindsADropBeforeTheSuccessorHasEverything) {
  Story story;
  story.write("a");
  // n1 is replaced with n2 in the table, which has nothing.
  story.change([](ShardInfo& shard) { shard.replicas = NodeList{kN0, kN2}; });
  story.drop(kN1);
  expect_found(story, 15, kN1);
  EXPECT_THAT(find(story.suite, 15)->nodes, ElementsAre(kN1, kN2));
}

TEST(CopyBeforeDrop, FindsADropWithATableOlderThanTheCommit) {
  Story story;
  story.write("a");
  const Revision old = story.table.revision();
  story.change([](ShardInfo& shard) { shard.replicas = NodeList{kN0}; });
  story.tell(kN1, fact::CopyDropped{kS0, story.info().epoch, old, story.last, 0});
  expect_found(story, 15, kN1);
}

/// Three copies and a write concern of two. The shard moves from n2 to n4, which lacks an early
/// write, and so does n1: n0 and n2 had it. n2 drops its copy while n4 is in the set, or has left.
void drop_with_a_lowered_concern(Story& story, bool has_left) {
  const EntryRef early = story.write("a");
  story.migrate_to_sync(kN2, kN4, 7);
  const LogIndex before(early->index().value() - 1);
  for (const NodeId node : {kN1, kN4}) story.tell(node, fact::TailTruncated{kS0, before});
  story.switch_over();
  story.enter(MigrationPhase::Cleanup);
  if (has_left) story.change([](ShardInfo& shard) { shard.replicas = NodeList{kN0, kN1}; });
  story.drop(kN2);
}

TEST(CopyBeforeDrop, AsksWithALoweredWriteConcernForFewerCopiesByEachThatHasLeft) {
  for (const bool has_left : {true, false}) {
    StoryOptions options;
    options.replication_factor = 3;
    options.write_concern = 2;
    Story story(options);
    drop_with_a_lowered_concern(story, has_left);
    EXPECT_THAT(numbers(story.suite), Contains(15).Times(has_left ? 0 : 1)) << texts(story.suite);
  }
}

TEST(DataBackedPromotion, FindsAnEmptyLeader) {
  Story story;
  story.write("a");
  story.change([](ShardInfo& shard) {
    shard.leader = kN2;
    shard.replicas = NodeList{kN2};
  });
  expect_found(story, 7, kN2);
  EXPECT_THAT(texts(story.suite),
              HasSubstr("n0 made n2 leader of s0 at e2 in place of n0: it was neither "
                        "in sync at e1 (in sync: n0, n1) nor the target of a synced "
                        "migration"));
}

TEST(DataBackedPromotion, FindsALeaderWhoLacksAnAcknowledgedWrite) {
  Story story;
  const EntryRef entry = story.write("a");
  story.tell(kN1, fact::TailTruncated{kS0, LogIndex(entry->index().value() - 1)});
  story.change([](ShardInfo& shard) { shard.leader = kN1; });
  expect_found(story, 7, kN1);
  EXPECT_THAT(texts(story.suite),
              HasSubstr("n0 made n1 leader of s0 at e2 in place of n0: no more than "
                        "e1/i1 is on its disk, and e1/i2 was acknowledged, which n0 has"));
}

/// Three copies, of which n0 and n2 have an acknowledged write. n2 has left the set when n0 loses
/// its disk and n1 becomes leader. What is found.
auto lead_behind_who_left(std::uint32_t write_concern) {
  StoryOptions options;
  options.replication_factor = 3;
  options.write_concern = write_concern;
  Story story(options);
  const EntryRef entry = story.write("a");
  story.tell(kN1, fact::TailTruncated{kS0, LogIndex(entry->index().value() - 1)});
  story.change([](ShardInfo& shard) { shard.replicas = NodeList{kN0, kN1}; });
  story.suite.on_crash(story.at(kN0));
  story.suite.on_disk_destroyed(story.at(kN0));
  story.change([](ShardInfo& shard) { shard.leader = kN1; });
  return numbers(story.suite);
}

TEST(DataBackedPromotion, WithALoweredConcernWhoHasLeftTheSetCountsAsLost) {
  EXPECT_THAT(lead_behind_who_left(2), Not(Contains(7)));
  EXPECT_THAT(lead_behind_who_left(0), Contains(7));
}

TEST(DataBackedPromotion, FindsALeaderThatServesWithoutAnAcknowledgedWrite) {
  Story story;
  story.write("a");
  story.tell(kN0, fact::LeadershipTaken{kS0, Epoch(1), {Epoch(1), LogIndex(1)}});
  expect_found(story, 7, kN0);
  EXPECT_THAT(texts(story.suite),
              HasSubstr("n0 serves s0 as leader at e1 with a log up to e1/i1, which "
                        "lacks the acknowledged e1/i2"));
}

TEST(DataBackedPromotion, FindsAChoiceByAPositionThatIsNotThere) {
  Story story;
  const EntryRef entry = story.accept(kN0, "a");
  story.tell(kN0, fact::LeaderChosen{kS0, Epoch(2), kN1, entry->version});
  expect_found(story, 7, kN1);
  EXPECT_THAT(texts(story.suite),
              HasSubstr("n0 chose n1 as leader of s0 for its position e1/i2, but it "
                        "has no more than e1/i1"));
}

TEST(DataBackedPromotion, WhatWasTrueWhenItWasToldMayHaveBeenCutSince) {
  Story story;
  story.write("a");
  const EntryRef entry = story.accept(kN0, "b");
  story.durable(kN1);
  story.tell(kN1, fact::TailTruncated{kS0, LogIndex(entry->index().value() - 1)});
  story.tell(kN0, fact::LeaderChosen{kS0, Epoch(2), kN1, entry->version});
  EXPECT_EQ(find(story.suite, 7), nullptr) << texts(story.suite);
}

TEST(DataBackedPromotion, FindsAChoiceBehindAPositionThatWasTold) {
  const auto choose = [](Version first, Version second) {
    Story story;
    story.write("a");
    const auto told = std::make_shared<const std::vector<fact::ToldPosition>>(
        std::vector<fact::ToldPosition>{{kN0, first}, {kN1, second}});
    story.tell(kN2, fact::LeaderChosen{kS0, Epoch(2), kN1, second, told});
    return numbers(story.suite);
  };
  const Version last{Epoch(1), LogIndex(2)};
  const Version earlier{Epoch(1), LogIndex(1)};
  EXPECT_THAT(choose(last, last), IsEmpty());
  EXPECT_THAT(choose(earlier, last), IsEmpty());
  EXPECT_THAT(choose(last, earlier), Contains(7u));
  EXPECT_THAT(choose({Epoch(2), LogIndex(1)}, last), Contains(7u))
      << "a longer log of an old epoch";
}

TEST(RestartEquivalence, FindsALostTailALostCopyAndGarbage) {
  Story story;
  story.write("a");
  story.suite.on_crash(story.at(kN1));
  story.suite.on_boot(story.at(kN1));
  story.tell(kN1, fact::CopyRecovered{kS0, Version::zero(), {Epoch(1), LogIndex(1)}, 0});
  expect_found(story, 21, kN1);
  story.suite.on_booted(story.at(kN1));

  story.suite.on_boot(story.at(kN0));
  story.suite.on_booted(story.at(kN0));
  EXPECT_THAT(numbers(story.suite), Contains(21).Times(2));

  story.suite.on_boot(story.at(kN1));
  story.tell(kN1, fact::CopyRecovered{kS0, Version::zero(), {Epoch(9), LogIndex(90)}, 0});
  EXPECT_THAT(numbers(story.suite), Contains(21).Times(3));
  EXPECT_THAT(texts(story.suite),
              HasSubstr("n0 booted without its copy of s0, which was durable up to "
                        "e1/i2, and nothing on its disk was damaged"));
}

/// n1 has a tail on its disk that the next leader's log does not have, and a stream of that log is
/// coming in, or not, when n1 crashes; it finds a copy as of there.
const ViolationRecord* found_after_a_stream(Story& story, bool is_staging) {
  story.write("a");
  const Version common = story.last;
  story.accept(kN0, "b");
  story.durable(kN1);
  story.change([](ShardInfo& shard) { shard.leader = kN2; });
  story.last = common;
  const Version snapshot = story.accept(kN2, "c")->version;
  if (is_staging) story.tell(kN1, fact::ChunkStaged{kS0, 1, 0, Bytes(100)});
  story.suite.on_crash(story.at(kN1));
  story.suite.on_boot(story.at(kN1));
  story.tell(kN1, fact::CopyRecovered{kS0, snapshot, snapshot, 0});
  return find(story.suite, 21);
}

TEST(RestartEquivalence, AcceptsASnapshotThatReplacedTheLogJustBeforeTheCrash) {
  Story replaced;
  EXPECT_EQ(found_after_a_stream(replaced, true), nullptr) << texts(replaced.suite);
  Story nothing_came;
  EXPECT_NE(found_after_a_stream(nothing_came, false), nullptr);
}

TEST(RestartEquivalence, AcceptsWhatWasDurableAndMore) {
  Story story;
  story.write("a");
  const EntryRef unsynced = story.accept(kN0, "b");
  story.suite.on_crash(story.at(kN0));
  story.suite.on_boot(story.at(kN0));
  story.tell(kN0, fact::CopyRecovered{kS0, Version::zero(), unsynced->version, 0});
  story.suite.on_booted(story.at(kN0));
  EXPECT_THAT(numbers(story.suite), IsEmpty()) << texts(story.suite);
}

TEST(RestartEquivalence, AcceptsACopyThatWasDroppedForDamageButNotAShorterOne) {
  Story story;
  story.write("a");
  story.suite.on_crash(story.at(kN1));
  story.suite.on_boot(story.at(kN1), true);
  story.suite.on_booted(story.at(kN1));
  EXPECT_THAT(numbers(story.suite), IsEmpty()) << texts(story.suite);
  EXPECT_THAT(excused(story.suite), IsEmpty());

  story.suite.on_crash(story.at(kN0));
  story.suite.on_boot(story.at(kN0), true);
  story.tell(kN0, fact::CopyRecovered{kS0, Version::zero(), {Epoch(1), LogIndex(1)}, 0});
  EXPECT_THAT(numbers(story.suite), Contains(21)) << texts(story.suite);
}

TEST(NoLostWrite, ExcusesDamageOfEveryCopy) {
  Story story;
  story.write("a");
  for (const NodeId node : {kN0, kN1}) {
    story.suite.on_crash(story.at(node));
    story.suite.on_boot(story.at(node), true);
    story.suite.on_booted(story.at(node));
  }
  EXPECT_THAT(numbers(story.suite), IsEmpty()) << texts(story.suite);
  EXPECT_THAT(excused(story.suite), ElementsAre(kS0));
}

TEST(NoLostWrite, DoesNotExcuseDamageOfTheOnlyCopyLeftOfTwo) {
  Story story;
  const EntryRef entry = story.write("a");
  story.tell(kN1, fact::TailTruncated{kS0, LogIndex(entry->index().value() - 1)});
  story.suite.on_crash(story.at(kN0));
  story.suite.on_boot(story.at(kN0), true);
  story.suite.on_booted(story.at(kN0));
  expect_found(story, 3, kN0);
}

TEST(Capacity, ADiskThatIsFilledUpToTheWatermarkIsNotFullYet) {
  for (const std::uint64_t used : {90u, 91u}) {
    Story story;
    story.suite.on_disk_usage(Bytes(used), Bytes(100), story.at(kN3));
    story.pass(minutes(1));
    story.begin_migration(kN1, kN3);
    EXPECT_THAT(numbers(story.suite), Contains(33).Times(used == 91 ? 1 : 0)) << texts(story.suite);
  }
}

TEST(Capacity, FindsADiskBeyondItsEndAndAFullTarget) {
  Story story;
  story.suite.on_disk_usage(Bytes(101), Bytes(100), story.at(kN3));
  EXPECT_THAT(numbers(story.suite), ElementsAre(33));
  story.suite.on_disk_usage(Bytes(95), Bytes(100), story.at(kN3));
  story.pass(minutes(1));
  story.begin_migration(kN1, kN3);
  EXPECT_THAT(numbers(story.suite), ElementsAre(33, 33));
  EXPECT_EQ(story.suite.violations().back().nodes.front(), kN3);
}

TEST(Capacity, FindsFilesThatNobodyNeedsAnyMore) {
  Story story;
  FakeView view(story.table);
  view.stores[1].needed = {FileId{4}, FileId{7}};
  view.on_disk[1] = {FileId{4}, FileId{7}};
  story.suite.on_settled(view, story.at(NodeId::none()));
  EXPECT_EQ(find(story.suite, 33), nullptr) << texts(story.suite);
  view.on_disk[1] = {FileId{2}, FileId{4}, FileId{5}, FileId{7}};
  story.suite.on_settled(view, story.at(NodeId::none()));
  const ViolationRecord* found = find(story.suite, 33);
  ASSERT_NE(found, nullptr);
  EXPECT_THAT(found->nodes, ElementsAre(kN1));
  EXPECT_THAT(found->message, HasSubstr("still has 2 files that its store does not need, the first "
                                        "of number 2"));
}

TEST(Capacity, AllowsATargetThatHadRoomWhenTheChangeWasProposed) {
  Story story;
  story.suite.on_disk_usage(Bytes(95), Bytes(100), story.at(kN3));
  story.tell(kN0, fact::ChangeProposed{kS0, story.info().epoch, Term(1), "Prepare"});
  story.pass(minutes(1));
  story.begin_migration(kN1, kN3);
  EXPECT_THAT(numbers(story.suite), IsEmpty()) << texts(story.suite);
}

}  // namespace
}  // namespace shardproof::sim::check
