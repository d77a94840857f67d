// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/check/audit_view.hpp"
#include "sim/check/story_testing.hpp"

/// Planted violations of what concerns the table, the coordinator and migrations.
namespace shardproof::sim::check {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

TEST(TableChecks, AMigrationAsItShouldBeHasNoFindings) {
  Story story;
  story.write("a");
  story.pass(seconds(5));
  const std::uint64_t digest = document_digest("a", {Epoch(1), LogIndex(2)}, false, 2);
  story.migrate_to_sync(kN0, kN3, digest);
  story.switch_over();
  story.tell(kN0, fact::LeadershipLeft{kS0, Epoch(1)});
  story.lead(kN3);
  story.enter(MigrationPhase::Cleanup);
  story.drop(kN0);
  story.end_migration();
  story.write("b");
  EXPECT_THAT(numbers(story.suite), IsEmpty()) << texts(story.suite);
}

TEST(TableAgreement, FindsATableThatDiffersOrIsNotThereYet) {
  Story story;
  story.tell(kN1, fact::TableAdopted{story.table.revision(), story.table.digest()});
  EXPECT_THAT(numbers(story.suite), IsEmpty());
  story.tell(kN1, fact::TableAdopted{story.table.revision(), story.table.digest() + 1});
  story.tell(kN1, fact::TableAdopted{Revision(99), 5});
  EXPECT_THAT(numbers(story.suite), ElementsAre(4, 4));
  EXPECT_THAT(story.suite.violations()[0].nodes, ElementsAre(kN1));
}

TEST(PhaseLegality, FindsAnEpochThatDoesNotRise) {
  Story story;
  ShardInfo after = story.info();
  after.learners = NodeList{kN2};
  story.commit_records({after});
  EXPECT_THAT(numbers(story.suite), ElementsAre(22));
  EXPECT_THAT(story.suite.violations()[0].epochs, ElementsAre(Epoch(1), Epoch(1)));
}

TEST(PhaseLegality, FindsASkippedPhase) {
  Story story;
  story.begin_migration(kN1, kN4);
  story.enter(MigrationPhase::Sync);
  EXPECT_THAT(numbers(story.suite), ElementsAre(22));
}

TEST(PhaseLegality, FindsAPhaseThatGoesBack) {
  Story story;
  story.begin_migration(kN1, kN4);
  story.enter(MigrationPhase::Copy);
  story.enter(MigrationPhase::Prepare);
  EXPECT_THAT(numbers(story.suite), ElementsAre(22));
  EXPECT_THAT(texts(story.suite), HasSubstr("n0 committed for s0 at e4, which moves from n1 to n4: "
                                            "migration s0@e1 went from Copy to Prepare"));
}

TEST(PhaseLegality, FindsAnAbortThatLeavesTheTarget) {
  Story story;
  story.begin_migration(kN1, kN4);
  story.change([](ShardInfo& shard) { shard.migration.reset(); });
  EXPECT_THAT(numbers(story.suite), ElementsAre(22));
  EXPECT_THAT(story.suite.violations()[0].message, HasSubstr("n4"));
  EXPECT_THAT(texts(story.suite),
              HasSubstr("n0 committed for s0 at e3, which has moved from n1 to n4: "
                        "migration s0@e1 was aborted and left its target n4 in the "
                        "table"));
}

TEST(PhaseLegality, FindsASwitchThatKeepsTheSource) {
  Story story;
  story.migrate_to_sync(kN1, kN4, 0);
  story.enter(MigrationPhase::Switch);
  EXPECT_THAT(numbers(story.suite), Contains(22));
  EXPECT_THAT(texts(story.suite),
              HasSubstr("n0 committed for s0 at e5, which moves from n1 to n4: s0@e1 "
                        "is in Switch without its target n4 in the in-sync set (n0, n1)"));
}

TEST(PhaseLegality, FindsAnEndWithoutCleanup) {
  Story story;
  story.migrate_to_sync(kN1, kN4, 0);
  story.switch_over();
  story.end_migration();
  EXPECT_THAT(numbers(story.suite), Contains(22));
  EXPECT_THAT(texts(story.suite),
              HasSubstr("n0 ended migration s0@e1 of s0 from n1 to n4 at e6, and its "
                        "source n1, which is up and has a lease, still has its copy "
                        "(up to e1/i1)"));
}

/// What the coordinator commits to go back from Switch.
void turn_back(Story& story) {
  story.change([](ShardInfo& shard) {
    shard.leader = shard.migration->source;
    shard.replicas = NodeList{shard.leader};
    shard.fencing = NodeId::none();
    shard.migration.reset();
    shard.status = ShardStatus::Active;
  });
}

void lose_disk(Story& story, NodeId node) {
  story.suite.on_crash(story.at(node));
  story.suite.on_disk_destroyed(story.at(node));
}

TEST(PhaseLegality, AllowsTheWayBackFromSwitchOnceEveryInSyncCopyIsLost) {
  Story story;
  story.migrate_to_sync(kN1, kN4, 0);
  story.switch_over();
  for (const NodeId node : story.info().replicas) lose_disk(story, node);
  turn_back(story);
  EXPECT_THAT(numbers(story.suite), IsEmpty()) << texts(story.suite);
}

TEST(PhaseLegality, FindsAWayBackFromSwitchAfterSomebodyHasLeftTheSet) {
  Story story;
  story.migrate_to_sync(kN1, kN4, 0);
  story.switch_over();
  story.change([](ShardInfo& shard) {
    shard.leader = kN4;
    shard.fencing = NodeId::none();
    shard.replicas = NodeList{kN4};
  });
  lose_disk(story, kN4);
  turn_back(story);
  ASSERT_NE(find(story.suite, 22), nullptr) << texts(story.suite);
  EXPECT_THAT(find(story.suite, 22)->message, HasSubstr("has left the set and may have more"));
}

TEST(PhaseLegality, FindsAWayBackFromSwitchWhileTheTargetHasItsCopy) {
  Story story;
  story.migrate_to_sync(kN1, kN4, 0);
  story.switch_over();
  lose_disk(story, kN0);
  turn_back(story);
  ASSERT_NE(find(story.suite, 22), nullptr) << texts(story.suite);
  EXPECT_THAT(find(story.suite, 22)->message, HasSubstr("turned back from Switch to n1, and n4"));
}

TEST(PhaseLegality, FindsAMigrationThatBeginsTwice) {
  Story story;
  story.begin_migration(kN1, kN4);
  story.change([](ShardInfo& shard) {
    shard.migration.reset();
    shard.learners.clear();
    shard.status = ShardStatus::Active;
  });
  EXPECT_THAT(numbers(story.suite), IsEmpty());
  story.begin_migration(kN1, kN4);
  EXPECT_THAT(numbers(story.suite), ElementsAre(22));
}

TEST(PhaseLegality, FindsALockThatOutlivesItsMigration) {
  Story story;
  story.begin_migration(kN1, kN4);
  story.tell(kN0, fact::WritesLocked{kS0, story.info().epoch, kM1});
  story.tell(kN0, fact::WriteQueued{kS0, story.next_request(), 1});
  story.change([](ShardInfo& shard) {
    shard.migration.reset();
    shard.learners.clear();
    shard.status = ShardStatus::Active;
  });
  story.tell(kN0, fact::WriteQueued{kS0, story.next_request(), 2});
  EXPECT_THAT(numbers(story.suite), IsEmpty());
  story.pass(minutes(1));
  story.tell(kN0, fact::WriteQueued{kS0, story.next_request(), 3});
  EXPECT_THAT(numbers(story.suite), ElementsAre(22));
  EXPECT_THAT(texts(story.suite),
              HasSubstr("n0 still holds writes of s0 back for migration s0@e1, which "
                        "left the phases before Switch 60.0 s ago"));
}

TEST(MutualExclusion, FindsADeposedCoordinatorThatCommits) {
  Story story;
  story.commit_records({CoordinatorRecord{kN1, Term(2)}}, kN1, Term(2));
  story.change([](ShardInfo& shard) { shard.learners = NodeList{kN2}; }, kN1, Term(2));
  EXPECT_THAT(numbers(story.suite), IsEmpty()) << texts(story.suite);
  story.change([](ShardInfo& shard) { shard.learners.clear(); }, kN0, Term(1));
  EXPECT_THAT(numbers(story.suite), ElementsAre(24));
  EXPECT_THAT(story.suite.violations()[0].nodes, ElementsAre(kN0, kN1));
}

TEST(MutualExclusion, FindsTwoProposalsAtOnce) {
  Story story;
  story.tell(kN0, fact::ChangeProposed{kS0, Epoch(2), Term(1), "balance"});
  story.tell(kN0, fact::ChangeSettled{kS0, Epoch(2), Term(1), true});
  story.tell(kN0, fact::ChangeProposed{kS0, Epoch(3), Term(1), "repair"});
  EXPECT_THAT(numbers(story.suite), IsEmpty());
  story.tell(kN0, fact::ChangeProposed{kS0, Epoch(3), Term(1), "balance"});
  EXPECT_THAT(numbers(story.suite), ElementsAre(24));
  EXPECT_THAT(story.suite.violations()[0].message, HasSubstr("repair"));
  EXPECT_THAT(texts(story.suite),
              HasSubstr("n0 proposes \"balance\" for s0 to be at e3 under T1 while its "
                        "\"repair\" for e3 under T1 is not settled"));
}

TEST(MoveLimits, FindsOneMoveTooManyAtANode) {
  StoryOptions options;
  options.num_shards = 3;
  options.config.versions.front().limits.moves_per_node = 2;
  Story story(options);
  const auto begin = [&](std::uint32_t shard) {
    ShardInfo after = story.info(ShardId(shard));
    after.epoch = after.epoch.next();
    after.status = ShardStatus::Migrating;
    after.learners = NodeList{kN4};
    Migration migration;
    migration.id = MigrationId(10 + shard);
    migration.source = kN1;
    migration.target = kN4;
    after.migration = migration;
    story.commit_records({after});
  };
  begin(0);
  begin(1);
  EXPECT_THAT(numbers(story.suite), IsEmpty()) << texts(story.suite);
  begin(2);
  EXPECT_THAT(numbers(story.suite), ElementsAre(25, 25));
  EXPECT_EQ(story.suite.violations()[0].shard, ShardId(2));
}

TEST(MoveLimits, CountsNoMoveOfAShardThatNobodyLeads) {
  for (const bool is_led : {true, false}) {
    StoryOptions options;
    options.num_shards = 2;
    options.config.versions.front().limits.moves_cluster_wide = 1;
    Story story(options);
    story.begin_migration(kN1, kN4);
    if (!is_led) {
      story.change([](ShardInfo& shard) { shard.leader = NodeId::none(); });
      story.change([](ShardInfo& shard) { shard.leader = kN0; });
    }
    ShardInfo after = story.info(ShardId(1));
    after.epoch = after.epoch.next();
    after.status = ShardStatus::Migrating;
    after.learners = NodeList{kN4};
    after.migration.emplace();
    after.migration->id = MigrationId(11);
    after.migration->source = kN1;
    after.migration->target = kN4;
    story.commit_records({after});
    EXPECT_THAT(numbers(story.suite), Contains(25).Times(is_led ? 1 : 0)) << texts(story.suite);
  }
}

TEST(MoveLimits, JudgesAMoveByTheVersionThatItsAuthorHadWhenItTookOffice) {
  StoryOptions options;
  options.config.versions.resize(2);
  options.config.versions[0].limits.moves_per_node = 8;
  options.config.versions[1].limits.moves_per_node = 1;
  options.num_shards = 3;
  for (const std::uint32_t in_office : {0u, 1u}) {
    Story story(options);
    const auto boot = [&](std::uint32_t version) {
      story.suite.on_boot(story.at(kN0), false, version);
      story.suite.on_booted(story.at(kN0));
    };
    boot(in_office);
    story.tell(kN0, fact::OfficeTaken{Term(1)});
    // What comes after is no concern of a commit of that term.
    boot(1 - in_office);
    for (std::uint32_t shard = 0; shard < 2; ++shard) {
      ShardInfo after = story.info(ShardId(shard));
      after.epoch = after.epoch.next();
      after.status = ShardStatus::Migrating;
      after.learners = NodeList{kN4};
      after.migration.emplace();
      after.migration->id = MigrationId(10 + shard);
      after.migration->source = kN1;
      after.migration->target = kN4;
      story.commit_records({after});
    }
    EXPECT_THAT(numbers(story.suite), Contains(25).Times(in_office == 0 ? 0 : 2))
        << texts(story.suite);
    if (in_office == 1) {
      EXPECT_THAT(texts(story.suite),
                  HasSubstr("n0 moves s0 from n1 to n4 for evenness by s0@e10: it is "
                            "number 1 of those begun under T1, and no more than 0 were "
                            "planned"));
    }
  }
}

TEST(MoveLimits, FindsASourceThatSendsTooFast) {
  Story story;
  story.begin_migration(kN1, kN4);
  story.change([](ShardInfo& shard) {
    shard.migration->phase = MigrationPhase::Copy;
    shard.migration->bandwidth = Bandwidth(1'000'000);
  });
  const auto send = [&] { story.tell(kN1, fact::ChunkSent{kS0, kM1, kN4, Bytes(100'000), false}); };
  for (int i = 0; i < 20; ++i) {
    send();
    story.pass(milliseconds(100));
  }
  EXPECT_THAT(numbers(story.suite), IsEmpty()) << texts(story.suite);
  for (int i = 0; i < 10; ++i) send();
  EXPECT_THAT(numbers(story.suite), Contains(25));
  EXPECT_THAT(texts(story.suite),
              HasSubstr("n1 sent 2.30 MB of s0 to n4 within 2.00 s for s0@e1, more "
                        "than its share of 1 MB/s allows: that takes 2.30 s"));
}

/// What the sources of `copies` shards, each with a quarter of the cluster's bandwidth and true to
/// it, are found to have done wrong together.
std::vector<std::uint32_t> copy_together(std::uint32_t copies, MigrationId migration) {
  StoryOptions options;
  options.num_shards = 8;
  options.config.limits.bandwidth = Bandwidth(4'000'000);
  Story story(options);
  for (int round = 0; round < 60; ++round) {
    for (std::uint32_t i = 0; i < copies; ++i) {
      story.tell(kN1, fact::ChunkSent{ShardId(i), migration, kN4, Bytes(100'000), false});
    }
    story.pass(milliseconds(100));
  }
  EXPECT_TRUE(copies > 4 || story.suite.violations().empty()) << texts(story.suite);
  return numbers(story.suite);
}

TEST(MoveLimits, FindsMoreCopiesAtOnceThanTheBandwidthIsSharedBy) {
  for (const MigrationId migration : {kM1, MigrationId::none()}) {
    EXPECT_THAT(copy_together(4, migration), IsEmpty());
    EXPECT_THAT(copy_together(6, migration), Contains(25));
  }
}

/// A piece for each share that was under way when it began, and one more each.
constexpr std::uint32_t kPiecesUnderWay = 8;

TEST(MoveLimits, AllowsWhatWasUnderWayWhenItBegan) {
  StoryOptions options;
  options.config.limits.bandwidth = Bandwidth(1'000'000);
  options.config.longest.clock_error_bound = milliseconds(10);
  Story story(options);
  const auto send = [&] {
    story.tell(kN1, fact::ChunkSent{kS0, MigrationId::none(), kN4, Bytes(100'000), false});
  };
  for (std::uint32_t i = 0; i < kPiecesUnderWay; ++i) send();
  EXPECT_THAT(numbers(story.suite), IsEmpty()) << texts(story.suite);
  send();
  ASSERT_THAT(numbers(story.suite), ElementsAre(25));
  EXPECT_THAT(story.suite.violations()[0].message, HasSubstr("all copying together"));
  // Of what is over nothing is left.
  story.pass(hours(1));
  send();
  EXPECT_THAT(numbers(story.suite), ElementsAre(25));
}

TEST(MoveLimits, AllowsForClocksThatAreAsFastAsTheyMayBe) {
  for (const std::int64_t bound : {10, 60}) {
    StoryOptions options;
    options.config.limits.bandwidth = Bandwidth(1'000'000);
    options.config.longest.clock_error_bound = milliseconds(bound);
    Story story(options);
    const auto send = [&] {
      story.tell(kN1, fact::ChunkSent{kS0, MigrationId::none(), kN4, Bytes(100'000), false});
    };
    for (std::uint32_t i = 0; i + 1 < kPiecesUnderWay; ++i) send();
    // Each comes 5 ms too early.
    for (int i = 0; i < 10; ++i) {
      send();
      story.pass(milliseconds(95));
    }
    EXPECT_EQ(find(story.suite, 25) != nullptr, bound == 10) << texts(story.suite);
  }
}

TEST(VerifiedSwitch, FindsASwitchThatNobodyVerified) {
  Story story;
  story.begin_migration(kN1, kN4);
  story.enter(MigrationPhase::Copy);
  story.tell(kN4, fact::CopyInstalled{kS0, story.info().epoch, story.last, 0, Bytes(1)});
  story.enter(MigrationPhase::Sync);
  story.switch_over();
  EXPECT_THAT(numbers(story.suite), ElementsAre(23)) << texts(story.suite);
}

TEST(VerifiedSwitch, FindsAVerificationWithoutAnAnswerOrWithAnother) {
  Story story;
  story.begin_migration(kN1, kN4);
  story.tell(kN0, fact::MigrationVerified{kS0, kM1, story.info().epoch, story.last, 7, 7});
  EXPECT_THAT(numbers(story.suite), ElementsAre(23));
  story.tell(kN0, fact::MigrationVerified{kS0, kM1, story.info().epoch, story.last, 7, 8});
  EXPECT_THAT(numbers(story.suite), ElementsAre(23, 23));
  EXPECT_THAT(texts(story.suite),
              HasSubstr("n0 counts migration s0@e1 of s0 as verified at e1/i1 with "
                        "digest 0000000000000007, which its target never reported: no "
                        "target has reported anything"));
}

TEST(CompleteDrain, FindsASourceThatStillHasItsCopy) {
  Story story;
  story.migrate_to_sync(kN1, kN4, 0);
  story.switch_over();
  story.enter(MigrationPhase::Cleanup);
  story.renew_leases();
  story.end_migration();
  EXPECT_THAT(numbers(story.suite), ElementsAre(16)) << texts(story.suite);
  EXPECT_THAT(story.suite.violations()[0].nodes, ElementsAre(kN0, kN1, kN4));
}

TEST(CompleteDrain, DoesNotWaitForASourceWhoseLeaseIsOfLongAgo) {
  Story story;
  story.migrate_to_sync(kN1, kN4, 0);
  story.switch_over();
  story.enter(MigrationPhase::Cleanup);
  const Instant asked_at = story.now;
  story.pass(hours(2));
  story.tell(kN1, fact::LeaseTaken{asked_at, seconds(50), Term(1)});
  story.end_migration();
  EXPECT_THAT(numbers(story.suite), ElementsAre()) << texts(story.suite);
}

TEST(CompleteDrain, AsksHowLongTheLeaseIsThatTheSourceWasGranted) {
  Story story;
  story.migrate_to_sync(kN1, kN4, 0);
  story.switch_over();
  story.enter(MigrationPhase::Cleanup);
  // Many times what any version of the configuration grants.
  const Nanoseconds granted = StoryOptions().config.shortest.node_lease * 30;
  story.tell(kN1, fact::LeaseTaken{story.now, granted, Term(1)});
  story.pass(granted / 2);
  story.end_migration();
  EXPECT_THAT(numbers(story.suite), ElementsAre(16)) << texts(story.suite);
}

TEST(CompleteDrain, DoesNotWaitForASourceThatIsBackAndIsGrantedNoLeaseYet) {
  for (const Nanoseconds granted : {Nanoseconds(0), Nanoseconds(hours(1))}) {
    Story story;
    story.migrate_to_sync(kN1, kN4, 0);
    story.switch_over();
    story.enter(MigrationPhase::Cleanup);
    story.pass(hours(2));
    story.tell(kN1, fact::LeaseTaken{story.now, granted, Term(1)});
    story.end_migration();
    EXPECT_THAT(numbers(story.suite), Contains(16).Times(granted == Nanoseconds(0) ? 0 : 1))
        << texts(story.suite);
  }
}

TEST(CompleteDrain, FindsTwoDrivers) {
  Story story;
  story.begin_migration(kN1, kN4);
  story.change([](ShardInfo& shard) { shard.migration->phase = MigrationPhase::Copy; }, kN2,
               Term(1));
  EXPECT_THAT(numbers(story.suite), Contains(16));
  EXPECT_THAT(texts(story.suite),
              HasSubstr("n2 drives migration s0@e1 of s0 in Copy under T1, and n0 does "
                        "under T1"));
  EXPECT_THAT(texts(story.suite),
              HasSubstr("n2 committed r4 (s0 at e3) under T1, and the office is held "
                        "by n0 under T1"));
}

}  // namespace
}  // namespace shardproof::sim::check
