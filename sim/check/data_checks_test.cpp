// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/check/findings_testing.hpp"

/// Planted violations of what concerns writes and what is said of them: each is told by hand and
/// must be found at that very fact, with its shard, nodes and epochs.
namespace shardproof::sim::check {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

/// The barrier of the shard's epoch, behind `previous`.
void place_barrier(Story& story, Version previous) {
  const Version place{story.info().epoch, previous.index.next()};
  story.tell(kN0, fact::WriteAccepted{kS0, place.epoch, story.make_entry(place, {}, {}), previous});
}

void tell_client(Story& story, RequestId request, ReplyStatus status) {
  message::ClientReply reply;
  reply.request = request;
  reply.status = status;
  story.suite.on_reply(reply, story.at(NodeId::none()));
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
  EXPECT_THAT(texts(story.suite),
              ::testing::HasSubstr("n0 acknowledged e1/i2 of k1#1 in s0, which writes \"a\", when "
                                   "1 of 2 in-sync copies had it on disk (write concern all); n0 "
                                   "has e1/i1"));
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
  EXPECT_THAT(texts(story.suite),
              ::testing::HasSubstr("k1#1 was told that its write took effect at e0/i0, and no "
                                   "leader acknowledged it: the last one of that client that was "
                                   "is #0"));
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
  EXPECT_THAT(texts(story.suite),
              ::testing::HasSubstr("n1 installed a copy of s0 as of e1/i1, although its own was "
                                   "of e1/i2 already"));
  EXPECT_THAT(texts(story.suite),
              ::testing::HasSubstr("n1 has its log of s0 on disk up to e0/i0, although it reached "
                                   "e1/i1 already"));
}

TEST(OneHistory, FindsAPlaceThatIsGivenTwice) {
  Story story;
  const Version before = story.last;
  story.accept(kN0, "a");
  story.last = before;
  story.accept(kN0, "b");
  expect_found(story, 19, kN0);
  EXPECT_THAT(texts(story.suite),
              ::testing::HasSubstr("n0 placed k1#2, which writes \"b\", at e1/i2 behind e1/i1 in "
                                   "s0: that place is taken"));
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

TEST(OneHistory, FindsARequestThatTakesEffectBehindALaterOneOfItsClient) {
  Story story;
  const RequestId older = story.next_request();
  story.write("a");
  const Version version{Epoch(1), story.last.index.next()};
  const EntryRef late = story.make_entry(version, {{make_document("b"), false}}, older);
  story.tell(kN0, fact::WriteAccepted{kS0, Epoch(1), late, story.last});
  story.apply(kN0, late);
  expect_found(story, 19, kN0);
}

TEST(OneHistory, AllowsARequestAgainOfWhichTheEffectWentWithTheOnlyDiskThatWasPromised) {
  StoryOptions options;
  options.write_concern = 1;
  Story story(options);
  const Version before = story.last;
  const EntryRef lost = story.accept(kN0, "a");
  story.durable(kN0);
  story.apply(kN0, lost);
  story.acknowledge(kN0, lost);
  story.suite.on_crash(story.at(kN0));
  story.suite.on_disk_destroyed(story.at(kN0));
  ASSERT_THAT(excused(story.suite), ElementsAre(kS0));
  story.change([](ShardInfo& shard) {
    shard.leader = kN1;
    shard.replicas = NodeList{kN1};
  });
  story.last = before;
  story.lead(kN1);
  const auto place_again = [&] {
    const Version version{story.info().epoch, story.last.index.next()};
    const EntryRef again = story.make_entry(version, {lost->mutations[0]}, lost->request);
    story.tell(kN1, fact::WriteAccepted{kS0, version.epoch, again, story.last});
    story.last = version;
    story.apply(kN1, again);
  };
  place_again();
  EXPECT_THAT(numbers(story.suite), IsEmpty()) << texts(story.suite);
  place_again();
  EXPECT_THAT(numbers(story.suite), ElementsAre(19)) << "that effect is there";
  EXPECT_THAT(texts(story.suite),
              ::testing::HasSubstr("k1#1, which writes \"a\", takes effect a second time: at "
                                   "e2/i4 in s0, as n1 applies it, and before at e2/i3"));
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
  EXPECT_THAT(texts(story.suite),
              ::testing::HasSubstr("n1 tells the leader of s0 at e1 that its disk has everything "
                                   "up to e1/i3, and it has no more than e1/i2"));
}

TEST(AckHonesty, FindsANodeThatTellsTheCoordinatorOfWhatItHasNotOrHadOnce) {
  Story story;
  story.write("a");
  const auto tell = [&](message::CopyOnDisk copy, Version last) {
    message::PositionReply reply{kS0, Epoch(1), story.now, copy, last};
    story.suite.on_position_told(reply, story.at(kN1));
  };
  tell(message::CopyOnDisk::Kept, story.last);
  tell(message::CopyOnDisk::NotBegun, Version());
  EXPECT_THAT(numbers(story.suite), IsEmpty())
      << "a copy in memory is none: " << texts(story.suite);
  story.accept(kN0, "b");
  tell(message::CopyOnDisk::Kept, story.last);
  expect_found(story, 26, kN1);
  story.suite.on_disk_destroyed(story.at(kN1));
  tell(message::CopyOnDisk::Lost, Version());
  EXPECT_EQ(story.suite.violations().size(), 1u) << texts(story.suite);
  tell(message::CopyOnDisk::NotBegun, Version());
  EXPECT_THAT(texts(story.suite),
              ::testing::HasSubstr("n1 tells the coordinator that it never had a copy of s0 on its "
                                   "disk, and it had one up to e1/i2, which is destroyed"));
}

/// n2 learns the shard, and has it all.
void teach(Story& story) {
  story.write("a");
  story.change([](ShardInfo& shard) { shard.learners = NodeList{kN2}; });
  story.tell(kN2, fact::CopyInstalled{kS0, story.info().epoch, story.last, 7, Bytes(1)});
}
/// How often n0, its leader, is found to say wrongly that n2 has everything.
std::size_t times_found(Story& story, Epoch epoch) {
  story.suite.on_up_to_date_told(kS0, epoch, kN2, story.at(kN0));
  const std::vector<std::uint32_t> found = numbers(story.suite);
  return static_cast<std::size_t>(std::count(found.begin(), found.end(), 26u));
}

TEST(AckHonesty, FindsALeaderThatTellsOfMoreThanALearnersDiskHas) {
  Story story;
  teach(story);
  EXPECT_EQ(times_found(story, story.info().epoch), 0u) << texts(story.suite);
  story.write("b");
  EXPECT_EQ(times_found(story, Epoch(1)), 0u) << "nobody believes what is of an older epoch";
  EXPECT_EQ(times_found(story, story.info().epoch), 1u);
  story.drop(kN2);
  EXPECT_EQ(times_found(story, story.info().epoch), 2u);
  EXPECT_THAT(texts(story.suite),
              ::testing::HasSubstr("n0 tells the coordinator that n2 has every acknowledged write "
                                   "of s0 at e2: no more than e1/i2 is on its disk, and e2/i3 was "
                                   "acknowledged"));
}

TEST(AckHonesty, FindsALeaderThatCountsOnACopyOnceItHasHeardThatThereIsNone) {
  for (const NodeId heard_by : {kN0, kN1}) {
    Story story;
    teach(story);
    story.suite.on_crash(story.at(kN2));
    story.suite.on_disk_destroyed(story.at(kN2));
    EXPECT_EQ(times_found(story, story.info().epoch), 0u) << texts(story.suite);
    story.tell(heard_by, fact::CopyMissed{kS0, story.info().epoch, kN2});
    EXPECT_EQ(times_found(story, story.info().epoch), heard_by == kN0 ? 1u : 0u);
    if (heard_by == kN0) continue;
    // Of the next loss it has to hear anew.
    story.tell(kN0, fact::CopyMissed{kS0, story.info().epoch, kN2});
    story.suite.on_boot(story.at(kN2));
    story.suite.on_booted(story.at(kN2));
    story.tell(kN2, fact::CopyInstalled{kS0, story.info().epoch, story.last, 7, Bytes(1)});
    story.suite.on_crash(story.at(kN2));
    story.suite.on_disk_destroyed(story.at(kN2));
    EXPECT_EQ(times_found(story, story.info().epoch), 0u) << texts(story.suite);
  }
}

TEST(AckHonesty, ACopyThatWasMissedBeforeItWasMadeCanBeLostUnheard) {
  Story story;
  teach(story);
  story.tell(kN0, fact::CopyMissed{kS0, story.info().epoch, kN2});
  story.tell(kN2, fact::CopyInstalled{kS0, story.info().epoch, story.last, 0, Bytes(1)});
  EXPECT_EQ(times_found(story, story.info().epoch), 0u) << texts(story.suite);
  story.suite.on_crash(story.at(kN2));
  story.suite.on_disk_destroyed(story.at(kN2));
  EXPECT_EQ(times_found(story, story.info().epoch), 0u) << texts(story.suite);
}

}  // namespace
}  // namespace shardproof::sim::check
