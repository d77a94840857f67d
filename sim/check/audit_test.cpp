// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "sim/check/audit_testing.hpp"

/// The audit against states that were damaged behind the facts' back.
namespace shardproof::sim::check {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::UnorderedElementsAre;

TEST_F(AuditTest, WhatFitsTheFactsHasNoFindings) {
  audit();
  story.suite.on_settled(*view, story.at(NodeId::none()));
  EXPECT_THAT(numbers(story.suite), IsEmpty()) << texts(story.suite);
}

TEST_F(AuditTest, FindsAMissingDocument) {
  store(kN1).held[kS0].items.erase("a");
  audit();
  // The document itself, the digest and the count.
  EXPECT_THAT(numbers(story.suite), UnorderedElementsAre(3, 19, 32)) << texts(story.suite);
  const ViolationRecord* lost = find(story.suite, 3);
  EXPECT_EQ(lost->shard, kS0);
  EXPECT_THAT(lost->nodes, ElementsAre(kN1));
  EXPECT_THAT(lost->epochs, ElementsAre(Epoch(1)));
  EXPECT_THAT(lost->message, HasSubstr("replica's"));
  EXPECT_THAT(texts(story.suite),
              HasSubstr("audit: 1 live document of s0, \"a\" as of e1/i2, is not in "
                        "the replica's copy at n1, applied to e1/i5"));
  EXPECT_THAT(texts(story.suite), HasSubstr(": \"a\" of e1/i2 is missing in it\n"));
}

TEST_F(AuditTest, FindsADeletedDocumentThatIsBack) {
  store(kN0).put(kS0, old_b->version, old_b->mutations[0].document);
  audit();
  EXPECT_THAT(numbers(story.suite), Contains(17)) << texts(story.suite);
  EXPECT_THAT(texts(story.suite),
              HasSubstr("audit: \"b\" in s0 at n0 has e1/i3, and a delete at e1/i4 "
                        "came after it, up to which (e1/i5) the copy is applied"));
  EXPECT_THAT(texts(story.suite),
              HasSubstr("audit: n0 reports 3 documents, 0 tombstones and 300B for s0 "
                        "as of e1/i5, where 2, 1 and 201B were written"));
  EXPECT_THAT(texts(story.suite), HasSubstr("audit: the copy of s0 at n0 as of e1/i5 has digest"));
  EXPECT_THAT(texts(story.suite),
              HasSubstr(": \"b\" is as of e1/i3 in it, and e1/i4 deletes it\n"));
}

TEST_F(AuditTest, FindsAnOlderVersion) {
  const EntryRef newer = story.write("a");
  store(kN0).apply(kS0, newer);
  store(kN1).held[kS0].applied = newer->version;
  audit();
  EXPECT_THAT(numbers(story.suite), Contains(18)) << texts(story.suite);
}

TEST_F(AuditTest, FindsAnotherContentOfTheSameVersion) {
  store(kN0).put(kS0, a->version, make_document("a", 4711));
  audit();
  EXPECT_THAT(numbers(story.suite), UnorderedElementsAre(18, 19)) << texts(story.suite);
}

TEST_F(AuditTest, FindsADocumentThatWasNeverWritten) {
  store(kN0).put(kS0, a->version, make_document("x"));
  audit();
  EXPECT_THAT(numbers(story.suite), Contains(12)) << texts(story.suite);
}

TEST_F(AuditTest, FindsAFalseCount) {
  store(kN0).held[kS0].extra_documents = 1;
  audit();
  EXPECT_THAT(numbers(story.suite), UnorderedElementsAre(32, 32)) << texts(story.suite);
}

TEST_F(AuditTest, FindsACopyThatIsNotThere) {
  store(kN1).held.clear();
  audit();
  EXPECT_THAT(numbers(story.suite), ElementsAre(21)) << texts(story.suite);
}

TEST_F(AuditTest, FindsAPositionThatWasNotStated) {
  store(kN1).held[kS0].applied = b->version;
  audit();
  EXPECT_THAT(numbers(story.suite), ElementsAre(19)) << texts(story.suite);
}

TEST_F(AuditTest, FindsALogThatAnInSyncCopyStillNeeds) {
  view->sights[kN0] = LeaderSight{b->index(), {}};
  audit();
  view->sights[kN0] = LeaderSight{c->index(), {}};
  audit();
  EXPECT_THAT(numbers(story.suite), IsEmpty()) << "all copies have it: " << texts(story.suite);
  const EntryRef next = story.accept(kN0, "d");
  story.durable(kN0);
  view->sights[kN0] = LeaderSight{next->index(), {}};
  audit();
  EXPECT_THAT(numbers(story.suite), ElementsAre(29)) << texts(story.suite);
  EXPECT_THAT(story.suite.violations()[0].nodes, ElementsAre(kN1));
}

TEST_F(AuditTest, ALogThatBeganSoWithTheLeadershipIsNoFinding) {
  story.accept(kN0, "d");
  story.durable(kN0);
  view->sights[kN0] = LeaderSight{story.last.index, {}};
  audit();
  EXPECT_THAT(numbers(story.suite), IsEmpty()) << texts(story.suite);
}

TEST_F(AuditTest, FindsADiskThatIsTooFull) {
  view->disks[2] = {Bytes(11), Bytes(10)};
  audit();
  EXPECT_THAT(numbers(story.suite), ElementsAre(33));
  EXPECT_THAT(story.suite.violations()[0].nodes, ElementsAre(kN2));
}

TEST_F(AuditTest, FindsADocumentOfAnotherShard) {
  StoryOptions options;
  options.num_shards = 4;
  Story sharded(options);
  std::string key = "k0";
  for (int i = 0; *route(sharded.collection, *make_document(key)) == kS0; ++i) {
    key = fmt::format("k{}", i);
  }
  FakeView damaged(sharded.table);
  damaged.stores[0].put(kS0, sharded.last, make_document(key));
  damaged.stores[0].held[kS0].applied = sharded.last;
  damaged.stores[1].held[kS0].applied = sharded.last;
  sharded.suite.audit_everything(damaged, sharded.at(NodeId::none()));
  EXPECT_THAT(numbers(sharded.suite), Contains(1)) << texts(sharded.suite);
  EXPECT_THAT(texts(sharded.suite),
              HasSubstr("audit: \"k0\" as of e1/i1 is in s0 at n0, and _key=\"k0\" "
                        "routes to s2"));
}

TEST_F(AuditTest, FindsDamageToOneOfTwoCopiesThatShareTheirDocuments) {
  EntryRef old;
  for (int i = 0; i < 60; ++i) {
    if (i == 40) old = story.write("k40");
    const EntryRef entry = story.write(fmt::format("k{:02}", i));
    for (const NodeId node : {kN0, kN1}) store(node).apply(kS0, entry);
  }
  audit();
  EXPECT_THAT(numbers(story.suite), IsEmpty()) << texts(story.suite);
  FakeStore& damaged = store(kN1);
  damaged.held[kS0].items.erase("k10");
  damaged.put(kS0, story.last, make_document("k20, which nobody wrote"));
  damaged.put(kS0, damaged.held[kS0].items["k30"].version, make_document("k30", 999));
  damaged.put(kS0, old->version, old->mutations[0].document);
  audit();
  EXPECT_THAT(numbers(story.suite), UnorderedElementsAre(19, 3, 12, 18, 18)) << texts(story.suite);
  for (const ViolationRecord& violation : story.suite.violations()) {
    EXPECT_THAT(violation.nodes, ElementsAre(kN1));
  }
}

TEST_F(AuditTest, SettledFindsALeftoverAMissingCopyAndAnOldTable) {
  view->stores[3].held[kS0].applied = a->version;
  view->stores[1].held.clear();
  view->tables[2] = ShardTable();
  ++story.event;
  story.suite.on_settled(*view, story.at(NodeId::none()));
  EXPECT_THAT(numbers(story.suite), UnorderedElementsAre(21, 8, 8, 4)) << texts(story.suite);
  EXPECT_THAT(texts(story.suite),
              HasSubstr("audit: settled, and n3 still has a copy of s0 up to e1/i2, "
                        "which it is not to hold: at e1 n0 leads, n0, n1 are in sync"));
  EXPECT_THAT(texts(story.suite),
              HasSubstr("audit: settled, and n1 has no copy of s0, which counts it as "
                        "in sync at e1 (n0 leads, n0, n1 are in sync)"));
}

TEST_F(AuditTest, SettledFindsWhereATableOfTheSameRevisionDiffers) {
  view->tables[2] = view->tables[1];
  TableDelta delta;
  delta.revision = story.table.revision();
  ShardInfo other = story.info();
  other.leader = kN1;
  delta.records = {other};
  view->tables[2].apply(delta);
  story.suite.on_settled(*view, story.at(NodeId::none()));
  ASSERT_NE(find(story.suite, 4), nullptr) << texts(story.suite);
  EXPECT_EQ(find(story.suite, 4)->message,
            "audit: settled, and n2 has another table of r2 than was committed: s0 is \"e1 Active, "
            "led by n1 on [n0 n1]\" in n2's table and \"e1 Active, led by n0 on [n0 n1]\" in the "
            "committed one");
}

TEST_F(AuditTest, SettledFindsTooFewCopies) {
  story.change([](ShardInfo& shard) { shard.replicas = NodeList{kN0}; });
  FakeView after(story.table);
  after.stores[0] = store(kN0);
  story.suite.on_settled(after, story.at(NodeId::none()));
  EXPECT_THAT(numbers(story.suite), ElementsAre(21, 8)) << texts(story.suite);
  EXPECT_THAT(find(story.suite, 8)->message,
              HasSubstr("1 in-sync copies (n0) in place of 2 at e2"));
}

TEST_F(AuditTest, SettledWaitsForWhoeverIsInMaintenance) {
  story.change([](ShardInfo& shard) { shard.replicas = NodeList{kN0}; });
  NodeRecord away = *story.table.find_node(kN1);
  away.state = NodeState::Maintenance;
  story.commit_records({away});
  FakeView after(story.table);
  after.stores[0] = store(kN0);
  story.suite.on_settled(after, story.at(NodeId::none()));
  EXPECT_EQ(find(story.suite, 8), nullptr) << texts(story.suite);
}

TEST_F(AuditTest, SettledFindsTooManyCopies) {
  story.collection.replication_factor = 1;
  story.commit_records({story.collection});
  FakeView after(story.table);
  after.stores[0] = store(kN0);
  after.stores[1] = store(kN1);
  story.suite.on_settled(after, story.at(NodeId::none()));
  ASSERT_NE(find(story.suite, 8), nullptr) << texts(story.suite);
  EXPECT_THAT(find(story.suite, 8)->message,
              HasSubstr("2 in-sync copies (n0, n1) in place of 1 at e1"));
}

TEST_F(AuditTest, SettledMissesNoCopyOfAShardWhoseDisksAreAllDestroyed) {
  for (const NodeId node : {kN0, kN1}) {
    story.suite.on_crash(story.at(node));
    story.suite.on_disk_destroyed(story.at(node));
    story.boot(node);
  }
  const auto take_offline = [](ShardInfo& shard) {
    shard.status = ShardStatus::Offline;
    shard.leader = NodeId::none();
  };
  story.change(take_offline);
  const FakeView after(story.table);
  story.suite.on_settled(after, story.at(NodeId::none()));
  EXPECT_EQ(find(story.suite, 8), nullptr) << texts(story.suite);
  EXPECT_THAT(excused(story.suite), ElementsAre(kS0));
}

TEST_F(AuditTest, SettledMissesNoCopyOfAShardThatNodesWithReplacedDisksWereToBegin) {
  Story fresh;
  const auto name_others = [](ShardInfo& shard) {
    shard.status = ShardStatus::Offline;
    shard.leader = NodeId::none();
    shard.replicas = NodeList{kN2, kN3};
  };
  fresh.change(name_others);
  const FakeView after(fresh.table);
  const auto missed = [&] {
    fresh.suite.on_settled(after, fresh.at(NodeId::none()));
    const std::vector<std::uint32_t> all = numbers(fresh.suite);
    return std::count(all.begin(), all.end(), 8u);
  };
  std::ptrdiff_t before = missed();
  EXPECT_GT(before, 0) << "nobody has lost a disk";
  for (const NodeId node : {kN2, kN3}) {
    fresh.suite.on_crash(fresh.at(node));
    fresh.suite.on_disk_destroyed(fresh.at(node));
    fresh.boot(node);
    const std::ptrdiff_t now = missed();
    EXPECT_EQ(now > before, node == kN2) << "only both of them make it impossible";
    before = now;
  }
}

TEST_F(AuditTest, SettledMissesNoCopyThatNoDiskHasRoomFor) {
  story.change([](ShardInfo& shard) { shard.replicas = NodeList{kN0}; });
  FakeView after(story.table);
  after.stores[0] = store(kN0);
  after.disks.assign(after.disks.size(), {Bytes(60'000), Bytes(100'000)});
  after.limits.disk_high_watermark = Ratio(60, 100);
  story.suite.on_settled(after, story.at(NodeId::none()));
  EXPECT_EQ(find(story.suite, 8), nullptr) << texts(story.suite);
  after.limits.disk_high_watermark = Ratio(90, 100);
  story.suite.on_settled(after, story.at(NodeId::none()));
  EXPECT_NE(find(story.suite, 8), nullptr) << texts(story.suite);
}

TEST_F(AuditTest, SettledFindsADocumentInTwoShards) {
  StoryOptions options;
  options.num_shards = 2;
  Story sharded(options);
  FakeView damaged(sharded.table);
  for (const ShardId shard : {kS0, ShardId(1)}) {
    damaged.stores[0].put(shard, sharded.last, make_document("k"));
    damaged.stores[0].held[shard].applied = sharded.last;
  }
  sharded.suite.on_settled(damaged, sharded.at(NodeId::none()));
  EXPECT_THAT(numbers(sharded.suite), Contains(2)) << texts(sharded.suite);
  EXPECT_THAT(texts(sharded.suite), HasSubstr("audit: settled, and \"k\" is in both s0 and s1"));
}

TEST_F(AuditTest, ComesAfterItsIntervalAndNotBeforeItIsPaidFor) {
  StoryOptions options;
  options.config.audit_interval_log2 = 5;
  Story short_story(options);
  // The new leader is looked at before.
  FakeView empty(short_story.table);
  for (const NodeId node : {kN0, kN1}) {
    empty.stores[node.value()].held[kS0].applied = short_story.last;
  }
  short_story.suite.audit(empty, short_story.at(NodeId::none()));
  EXPECT_FALSE(short_story.suite.audit_due(31));
  EXPECT_TRUE(short_story.suite.audit_due(32));
  std::vector<EntryRef> entries;
  for (int i = 0; i < 100; ++i) entries.push_back(short_story.write(fmt::format("k{}", i)));
  FakeView big(short_story.table);
  for (const NodeId node : {kN0, kN1}) {
    for (const EntryRef& entry : entries) big.stores[node.value()].apply(kS0, entry);
  }
  const std::uint64_t event = short_story.event;
  short_story.suite.audit(big, short_story.at(NodeId::none()));
  EXPECT_THAT(numbers(short_story.suite), IsEmpty()) << texts(short_story.suite);
  // Two copies of a hundred documents at 16 events each, and some for nodes and copies.
  EXPECT_FALSE(short_story.suite.audit_due(event + 16));
  EXPECT_FALSE(short_story.suite.audit_due(event + 3200));
  EXPECT_TRUE(short_story.suite.audit_due(event + 3400));
  short_story.suite.request_audit(event + 1);
  EXPECT_FALSE(short_story.suite.audit_due(event + 2));
}

TEST_F(AuditTest, SettledFindsCopiesThatDiffer) {
  store(kN1).put(kS0, a->version, make_document("a", 4711));
  ++story.event;
  story.suite.on_settled(*view, story.at(NodeId::none()));
  EXPECT_THAT(numbers(story.suite), Contains(29)) << texts(story.suite);
  EXPECT_THAT(find(story.suite, 29)->nodes, ElementsAre(kN1));
  EXPECT_THAT(texts(story.suite),
              HasSubstr("audit: settled, and the copies of s0 differ: 2 documents with "
                        "digest b8561aa2f8629523 at n1, 2 with 9e88524b349db2dd at n0; "
                        "\"a\" is as of e1/i2 at n1 and as of e1/i2 at n0, with "
                        "another content"));
}

/// n1 has just become the leader of what AuditTest tells.
class NewLeaderTest : public AuditTest {
 protected:
  NewLeaderTest() {
    story.change([](ShardInfo& shard) {
      shard.leader = kN1;
      shard.fencing = kN0;
    });
    story.tell(kN0, fact::LeadershipLeft{kS0, Epoch(1)});
    story.lead(kN1);
    for (const NodeId node : {kN0, kN1}) store(node).held[kS0].applied = story.last;
  }
  void look() {
    ASSERT_TRUE(story.suite.audit_due(story.event));
    story.suite.audit(*view, story.at(NodeId::none()));
  }
};

TEST_F(NewLeaderTest, WhoHasEverythingMayLead) {
  look();
  EXPECT_THAT(numbers(story.suite), IsEmpty()) << texts(story.suite);
  EXPECT_FALSE(story.suite.audit_due(story.event + 1));
}

TEST_F(NewLeaderTest, FindsADocumentThatItsStoreLacks) {
  store(kN1).held[kS0].items.erase("a");
  look();
  EXPECT_THAT(numbers(story.suite), Contains(7)) << texts(story.suite);
  EXPECT_THAT(texts(story.suite),
              HasSubstr("audit: 1 live document of s0, \"a\" as of e1/i2, is not in "
                        "the owner's copy at n1, applied to e2/i6"));
}

TEST_F(NewLeaderTest, FindsAStoreThatEndsTooEarly) {
  store(kN1).held[kS0].applied = b->version;
  look();
  ASSERT_THAT(numbers(story.suite), Contains(7)) << texts(story.suite);
  EXPECT_THAT(find(story.suite, 7)->message, HasSubstr("its store ends with e1/i4"));
}

TEST_F(NewLeaderTest, FindsAGapInItsLog) {
  FakeStore::Copy& copy = store(kN1).held[kS0];
  copy.applied = a->version;
  copy.tail = {b, c};
  look();
  ASSERT_THAT(numbers(story.suite), Contains(7)) << texts(story.suite);
  EXPECT_THAT(find(story.suite, 7)->message, HasSubstr("i3 is missing"));
}

TEST_F(NewLeaderTest, FindsALeaderWithoutACopy) {
  store(kN1).held.clear();
  look();
  EXPECT_THAT(numbers(story.suite), ElementsAre(7)) << texts(story.suite);
}

TEST_F(NewLeaderTest, WhoLeadsNoMoreNeedNotHaveIt) {
  store(kN1).held.clear();
  story.tell(kN1, fact::LeadershipLeft{kS0, story.info().epoch});
  look();
  EXPECT_THAT(numbers(story.suite), IsEmpty()) << texts(story.suite);
}

}  // namespace
}  // namespace shardproof::sim::check
