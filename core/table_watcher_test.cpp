// SPDX-License-Identifier: Apache-2.0
#include "core/table_watcher.hpp"

#include <gtest/gtest.h>

#include "core/replica_bench_testing.hpp"

namespace shardproof {
namespace {

using message::RangeReply;
using message::RangeRequest;
using message::TableUpdate;

class TableWatcherTest : public testing::Test {
 protected:
  Step step() {
    return Step{config, watcher.table(), watcher, Instant(seconds(1)), random, effects};
  }
  static TableDeltaRef delta(std::uint64_t revision, std::uint32_t node) {
    auto made = std::make_shared<TableDelta>();
    made->revision = Revision(revision);
    made->records.push_back(test::member(node));
    return made;
  }
  /// Takes the reads that were asked for.
  std::vector<RangeRequest> reads() {
    std::vector<RangeRequest> taken;
    for (auto& send : effects.sends()) {
      if (auto* read = std::get_if<RangeRequest>(&send.message)) taken.push_back(*read);
    }
    effects.sends().clear();
    return taken;
  }
  void answer(const RangeRequest& read, std::uint64_t revision, std::vector<TableDeltaRef> deltas) {
    Step mine = step();
    watcher.on_range_reply({read.request, Revision(revision), std::move(deltas)}, mine);
  }
  std::size_t update(std::uint64_t previous, std::uint64_t revision, std::uint32_t node) {
    Step mine = step();
    return watcher.on_update({Revision(previous), delta(revision, node)}, mine).size();
  }
  void refresh() {
    Step mine = step();
    watcher.refresh(mine);
  }
  /// At revision 1, with node 0.
  void begin() {
    refresh();
    answer(reads().at(0), 1, {delta(1, 0)});
  }

  NodeConfig config;
  TableWatcher watcher;
  Random random{1};
  Effects effects;
};

TEST_F(TableWatcherTest, OneReadIsOnItsWayAtATime) {
  refresh();
  refresh();
  EXPECT_EQ(reads().size(), 1u);
}

TEST_F(TableWatcherTest, UpdatesCountOnlyAfterTheFirstRead) {
  EXPECT_EQ(update(0, 1, 0), 0u);
  EXPECT_FALSE(watcher.is_current());
  begin();
  EXPECT_TRUE(watcher.is_current());
  EXPECT_NE(watcher.table().find_node(NodeId(0)), nullptr);
}

TEST_F(TableWatcherTest, SeveralCommitsInOneUpdateAreAdoptedAsFarAsTheyAreNew) {
  begin();
  EXPECT_EQ(update(1, 2, 1), 1u);
  const auto earlier = std::make_shared<const std::vector<TableDeltaRef>>(
      std::vector<TableDeltaRef>{delta(2, 1), delta(3, 2)});
  const std::size_t facts_before = effects.facts().size();
  Step mine = step();
  EXPECT_EQ(watcher.on_update({Revision(1), delta(4, 3), earlier}, mine).size(), 2u);
  EXPECT_EQ(watcher.table().revision(), Revision(4));
  EXPECT_EQ(watcher.table().modified({RecordKind::Node, 2}), Revision(3));
  EXPECT_EQ(effects.facts().size(), facts_before + 1) << "a table at a time";
  EXPECT_TRUE(reads().empty());
}

TEST_F(TableWatcherTest, UpdatesThatFollowAreAdoptedAndStated) {
  begin();
  EXPECT_EQ(update(1, 2, 1), 1u);
  EXPECT_EQ(watcher.table().revision(), Revision(2));
  const auto* adopted = std::get_if<fact::TableAdopted>(&effects.facts().back());
  ASSERT_NE(adopted, nullptr);
  EXPECT_EQ(adopted->digest, watcher.table().digest());
}

TEST_F(TableWatcherTest, AGapLeadsToARead) {
  begin();
  EXPECT_EQ(update(2, 3, 2), 0u);
  EXPECT_EQ(watcher.table().revision(), Revision(1));
  const auto asked = reads();
  ASSERT_EQ(asked.size(), 1u);
  EXPECT_EQ(asked[0].since, Revision(1));
}

TEST_F(TableWatcherTest, ADuplicateChangesNothing) {
  begin();
  update(1, 2, 1);
  EXPECT_EQ(update(1, 2, 1), 0u);
  EXPECT_EQ(update(0, 1, 0), 0u);
  EXPECT_TRUE(reads().empty());
}

TEST_F(TableWatcherTest, AnAnswerToAnEarlierReadIsIgnored) {
  refresh();
  const RangeRequest first = reads().at(0);
  Step mine = step();
  watcher.on_timer(mine);
  const RangeRequest second = reads().at(0);
  answer(first, 1, {delta(1, 0)});
  EXPECT_FALSE(watcher.is_current());
  answer(second, 1, {delta(1, 0)});
  EXPECT_TRUE(watcher.is_current());
}

TEST_F(TableWatcherTest, AnAnswerToAReadOfAnEarlierIncarnationIsIgnored) {
  begin();
  refresh();
  const RangeRequest late = reads().at(0);
  EXPECT_EQ(late.since, Revision(1));
  // A restart: the table is gone, the node's stream of random numbers goes on.
  watcher = TableWatcher();
  refresh();
  refresh();
  const RangeRequest first = reads().at(0);
  EXPECT_EQ(first.since, Revision(0));
  answer(late, 2, {delta(2, 1)});
  EXPECT_FALSE(watcher.is_current());
  answer(first, 2, {delta(1, 0), delta(2, 1)});
  EXPECT_NE(watcher.table().find_node(NodeId(0)), nullptr);
}

TEST_F(TableWatcherTest, AnAnswerOlderThanWhatIsWantedIsAskedForAgain) {
  begin();
  Step mine = step();
  watcher.want(Revision(5), mine);
  answer(reads().at(0), 3, {delta(3, 1)});
  EXPECT_EQ(reads().size(), 1u);
}

TEST_F(TableWatcherTest, WithoutAClusterManagerNothingIsRead) {
  config.has_cluster_manager = false;
  refresh();
  EXPECT_TRUE(reads().empty());
}

}  // namespace
}  // namespace shardproof
