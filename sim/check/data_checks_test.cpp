// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/check/story_for_tests.hpp"

/// Planted violations of what concerns writes, copies and disks: each is told by hand and must be
/// found at that very fact, with its shard, nodes and epochs.
namespace shardproof::sim::check {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

void expect_found(const Story& story, std::uint32_t number, NodeId offender) {
  const ViolationRecord* found = find(story.suite, number);
  ASSERT_NE(found, nullptr) << texts(story.suite);
  EXPECT_EQ(found->shard, kS0);
  ASSERT_THAT(found->nodes, ::testing::Not(IsEmpty()));
  EXPECT_EQ(found->nodes.front(), offender) << found->message;
  EXPECT_THAT(found->epochs, ::testing::Not(IsEmpty()));
  EXPECT_EQ(found->event, story.event);
  EXPECT_EQ(found->time, story.now);
  EXPECT_THAT(found->last_events, ::testing::Not(IsEmpty()));
}

TEST(DataChecks, ACorrectHistoryHasNoFindings) {
  Story story;
  const EntryRef a = story.write("a");
  story.read(a);
  story.read(story.write("a", true));
  story.read(kN0, "never", {});
  // Failover: n0 dies, n1 takes over with everything, n2 is repaired in.
  story.suite.on_crash(story.at(kN0));
  story.change(
      [](ShardInfo& shard) {
        shard.leader = kN1;
        shard.replicas = NodeList{kN1};
      },
      kN0);
  story.lead(kN1);
  story.write("b");
  story.change([](ShardInfo& shard) {
    shard.learners = NodeList{kN2};
    shard.status = ShardStatus::Syncing;
  });
  EXPECT_THAT(numbers(story.suite), IsEmpty()) << texts(story.suite);
  for (const CheckSummary& summary : story.suite.summaries()) EXPECT_EQ(summary.violations, 0u);
}

TEST(AckHonesty, FindsAnAcknowledgementBeforeTheOwnDisk) {
  Story story;
  const EntryRef entry = story.accept(kN0, "a");
  story.durable(kN1);
  story.apply(kN0, entry);
  story.acknowledge(kN0, entry);
  expect_found(story, 26, kN0);
  EXPECT_THAT(find(story.suite, 26)->nodes, ElementsAre(kN0, kN0));
}

TEST(AckHonesty, FindsAnAcknowledgementWithoutAReplica) {
  Story story;
  const EntryRef entry = story.accept(kN0, "a");
  story.durable(kN0);
  story.apply(kN0, entry);
  story.acknowledge(kN0, entry);
  expect_found(story, 26, kN0);
  EXPECT_THAT(find(story.suite, 26)->nodes, ElementsAre(kN0, kN1));
}

TEST(AckHonesty, AllowsFewerCopiesWhenTheWriteConcernIsLowered) {
  StoryOptions options;
  options.write_concern = 1;
  Story story(options);
  const EntryRef entry = story.accept(kN0, "a");
  story.durable(kN0);
  story.apply(kN0, entry);
  story.acknowledge(kN0, entry);
  EXPECT_THAT(numbers(story.suite), IsEmpty()) << texts(story.suite);
}

TEST(AckHonesty, ALearnerDoesNotCount) {
  StoryOptions options;
  options.write_concern = 2;
  Story story(options);
  story.change([](ShardInfo& shard) {
    shard.learners = NodeList{kN2};
    shard.status = ShardStatus::Syncing;
  });
  story.tell(kN2, fact::CopyInstalled{kS0, story.info().epoch, story.last, 0, Bytes(1)});
  const EntryRef entry = story.accept(kN0, "a");
  story.durable(kN0);
  story.durable(kN2);
  story.apply(kN0, entry);
  story.acknowledge(kN0, entry);
  expect_found(story, 26, kN0);
}

TEST(AckHonesty, ARetryThatIsRefusedAgainIsNoSuccess) {
  Story story;
  const RequestId request = story.next_request();
  const auto operation = make_operation(OperationKind::Replace, make_document("a"));
  story.suite.on_invoke(request, operation, story.at(NodeId::none()));
  story.tell(kN0, fact::RetryAnswered{kS0, Epoch(1), request, story.last, ReplyStatus::NotFound});
  EXPECT_THAT(numbers(story.suite), IsEmpty()) << texts(story.suite);
  message::ClientReply reply;
  reply.request = request;
  reply.status = ReplyStatus::Ok;
  story.suite.on_reply(reply, story.at(NodeId::none()));
  EXPECT_THAT(numbers(story.suite), Contains(26));
}

TEST(AckHonesty, FindsAClientThatWasToldOfSuccessWithoutOne) {
  Story story;
  const RequestId request = story.next_request();
  story.suite.on_invoke(request, make_operation(OperationKind::Replace, make_document("a")),
                        story.at(NodeId::none()));
  message::ClientReply reply;
  reply.request = request;
  reply.status = ReplyStatus::Ok;
  story.suite.on_reply(reply, story.at(NodeId::none()));
  EXPECT_THAT(numbers(story.suite), ElementsAre(26));
}

TEST(NoLostWrite, FindsAnAcknowledgedTailThatIsCutOffEverywhere) {
  Story story;
  const EntryRef entry = story.write("a");
  const LogIndex kept(entry->index().value() - 1);
  story.tell(kN1, fact::TailTruncated{kS0, kept});
  EXPECT_THAT(numbers(story.suite), IsEmpty());
  story.tell(kN0, fact::TailTruncated{kS0, kept});
  expect_found(story, 3, kN0);
  EXPECT_THAT(find(story.suite, 3)->message, HasSubstr("e1/i2"));
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
  EXPECT_THAT(story.suite.excused(), IsEmpty());
  story.suite.on_crash(story.at(kN1));
  story.suite.on_disk_destroyed(story.at(kN1));
  EXPECT_THAT(numbers(story.suite), IsEmpty()) << texts(story.suite);
  EXPECT_THAT(story.suite.excused(), ElementsAre(kS0));
}

TEST(NoLostWrite, ExcusesTheLossOfTheOnlyCopyThatCommitsHaveLeft) {
  Story story;
  story.write("a");
  story.change([](ShardInfo& shard) { shard.replicas = NodeList{kN0}; });
  story.drop(kN1);
  story.suite.on_crash(story.at(kN0));
  story.suite.on_disk_destroyed(story.at(kN0));
  EXPECT_THAT(numbers(story.suite), IsEmpty()) << texts(story.suite);
  EXPECT_THAT(story.suite.excused(), ElementsAre(kS0));
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
  EXPECT_THAT(story.suite.excused(), ElementsAre(kS0));
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

TEST(NoStaleOverwrite, FindsAnOlderEntryAndAnOlderCopy) {
  Story story;
  const EntryRef a = story.write("a");
  story.write("b");
  story.apply(kN1, a);
  expect_found(story, 18, kN1);
  story.tell(kN1, fact::CopyInstalled{kS0, Epoch(1), {Epoch(1), LogIndex(1)}, 0, Bytes(1)});
  EXPECT_THAT(numbers(story.suite), Contains(18).Times(2));
  story.tell(kN1, fact::EntriesDurable{kS0, Version::zero()});
  EXPECT_THAT(numbers(story.suite), Contains(18).Times(3));
}

TEST(OneHistory, FindsAPlaceThatIsGivenTwice) {
  Story story;
  const Version before = story.last;
  story.accept(kN0, "a");
  story.last = before;
  story.accept(kN0, "b");
  expect_found(story, 19, kN0);
}

/// The barrier of the shard's epoch, behind `previous`.
void place_barrier(Story& story, Version previous) {
  const Version place{story.info().epoch, previous.index.next()};
  story.tell(kN0, fact::WriteAccepted{kS0, place.epoch, story.make_entry(place, {}, {}), previous});
}

TEST(OneHistory, AllowsOnlyASingleNodeToBeginAnEpochAgainInWhichNothingWasAccepted) {
  for (const bool has_cluster_manager : {false, true}) {
    StoryOptions options;
    options.config.has_cluster_manager = has_cluster_manager;
    Story story(options);
    story.change([](ShardInfo&) {});
    place_barrier(story, story.last);
    place_barrier(story, story.last);
    EXPECT_THAT(numbers(story.suite), Contains(19).Times(has_cluster_manager ? 1 : 0));
  }
}

TEST(OneHistory, FindsASingleNodeThatBeginsAnEpochAgainInWhichSomethingWasAccepted) {
  StoryOptions options;
  options.config.has_cluster_manager = false;
  Story story(options);
  story.change([](ShardInfo&) {});
  const Version before = story.last;
  place_barrier(story, before);
  story.last = {story.info().epoch, before.index.next()};
  story.accept(kN0, "a");
  place_barrier(story, before);
  EXPECT_THAT(numbers(story.suite), Contains(19).Times(1));
}

TEST(OneHistory, FindsAnEntryThatWasSkipped) {
  Story story;
  const EntryRef a = story.accept(kN0, "a");
  const EntryRef b = story.accept(kN0, "b");
  story.apply(kN1, b);
  expect_found(story, 19, kN1);
}

TEST(OneHistory, FindsCopiesThatApplyDifferentEntries) {
  Story story;
  const EntryRef a = story.accept(kN0, "a");
  story.apply(kN0, a);
  // n1 becomes leader without a, and writes its own.
  story.last = {Epoch(1), LogIndex(1)};
  story.change([](ShardInfo& shard) { shard.leader = kN1; });
  const EntryRef b = story.accept(kN1, "b");
  story.apply(kN1, b);
  expect_found(story, 19, kN1);
}

TEST(OneHistory, FindsARequestThatTakesEffectTwice) {
  Story story;
  const EntryRef a = story.write("a");
  const Version version{Epoch(1), story.last.index.next()};
  const EntryRef again = story.make_entry(version, {a->mutations[0]}, a->request);
  story.tell(kN0, fact::WriteAccepted{kS0, Epoch(1), again, story.last});
  story.apply(kN0, again);
  expect_found(story, 19, kN0);
}

void tell_client(Story& story, RequestId request, ReplyStatus status) {
  message::ClientReply reply;
  reply.request = request;
  reply.status = status;
  story.suite.on_reply(reply, story.at(NodeId::none()));
}

TEST(OneHistory, FindsARefusedRequestThatTakesEffect) {
  Story story;
  const EntryRef late = story.accept(kN0, "a");
  tell_client(story, {late->request.client, late->request.sequence - 1}, ReplyStatus::NotFound);
  tell_client(story, late->request, ReplyStatus::NotFound);
  EXPECT_TRUE(story.suite.violations().empty()) << "what is never applied has no effect";
  story.apply(kN0, late);
  expect_found(story, 19, kN0);
}

TEST(OneHistory, AllowsWhatWasNotRefusedForGoodAndTheMemoryOfARefusal) {
  Story story;
  const EntryRef full = story.accept(kN0, "a");
  tell_client(story, full->request, ReplyStatus::DiskFull);
  story.apply(kN0, full);
  const RequestId refused = story.next_request();
  const Version version{Epoch(1), story.last.index.next()};
  auto* memory = new LogEntry;
  memory->version = version;
  memory->request = refused;
  memory->outcome = ReplyStatus::NotFound;
  const EntryRef entry(memory);
  tell_client(story, refused, ReplyStatus::NotFound);
  story.tell(kN0, fact::WriteAccepted{kS0, Epoch(1), entry, story.last});
  story.apply(kN0, entry);
  EXPECT_TRUE(story.suite.violations().empty()) << texts(story.suite);
}

TEST(OneHistory, FindsAnIncompleteCopy) {
  Story story;
  story.write("a");
  story.change([](ShardInfo& shard) { shard.learners = NodeList{kN2}; });
  story.tell(kN2, fact::CopyInstalled{kS0, story.info().epoch, story.last, 0xbad, Bytes(1)});
  expect_found(story, 19, kN2);
}

TEST(DataBackedPromotion, FindsAnEmptyLeader) {
  Story story;
  story.write("a");
  story.change([](ShardInfo& shard) {
    shard.leader = kN2;
    shard.replicas = NodeList{kN2};
  });
  expect_found(story, 7, kN2);
}

TEST(DataBackedPromotion, FindsALeaderWhoLacksAnAcknowledgedWrite) {
  Story story;
  const EntryRef entry = story.write("a");
  story.tell(kN1, fact::TailTruncated{kS0, LogIndex(entry->index().value() - 1)});
  story.change([](ShardInfo& shard) { shard.leader = kN1; });
  expect_found(story, 7, kN1);
}

TEST(DataBackedPromotion, FindsALeaderThatServesWithoutAnAcknowledgedWrite) {
  Story story;
  story.write("a");
  story.tell(kN0, fact::LeadershipTaken{kS0, Epoch(1), {Epoch(1), LogIndex(1)}});
  expect_found(story, 7, kN0);
}

TEST(DataBackedPromotion, FindsAChoiceByAPositionThatIsNotThere) {
  Story story;
  const EntryRef entry = story.accept(kN0, "a");
  story.tell(kN0, fact::LeaderChosen{kS0, Epoch(2), kN1, entry->version});
  expect_found(story, 7, kN1);
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

TEST(AckHonesty, FindsAFollowerThatTellsOfMoreThanItsDiskHas) {
  Story story;
  story.write("a");
  story.accept(kN0, "b");
  const auto tell = [&](NodeId node, Version last) {
    story.suite.on_durability_told(kS0, Epoch(1), last, story.at(node));
  };
  tell(kN1, {Epoch(1), LogIndex(2)});
  EXPECT_THAT(numbers(story.suite), IsEmpty()) << texts(story.suite);
  tell(kN1, story.last);
  expect_found(story, 26, kN1);
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
  EXPECT_THAT(story.suite.excused(), IsEmpty());

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
  EXPECT_THAT(story.suite.excused(), ElementsAre(kS0));
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
