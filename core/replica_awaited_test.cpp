// SPDX-License-Identifier: Apache-2.0
//
// What a shard copy says that it waits for.
#include "core/leader_test_fixture.hpp"

namespace shardproof::test {
namespace {

class ReplicaAwaitedTest : public LeaderTest {
 protected:
  /// "AppendReply up to i2 of n1", for each.
  std::vector<std::string> awaited() const {
    AwaitedList list;
    replica.describe_awaited(list);
    std::vector<std::string> texts;
    for (const Awaited& one : list) {
      texts.push_back(one.from ? fmt::format("{} of {}", one.message, one.from->as_node())
                               : one.message);
    }
    return texts;
  }
};

TEST_F(ReplicaAwaitedTest, ALeaderWithNothingToDoWaitsForNobody) {
  serve_with_peer();
  EXPECT_TRUE(awaited().empty());
}

TEST_F(ReplicaAwaitedTest, AWriteWaitsForTheReplicasThatHaveNotAcknowledgedIt) {
  serve_with_peer();
  write(1, 1);
  EXPECT_EQ(awaited(), std::vector<std::string>{"AppendReply up to i2 of n1"});
  confirm(1);
  EXPECT_TRUE(awaited().empty());
}

TEST_F(ReplicaAwaitedTest, ANewLeaderWaitsForItsPredecessor) {
  ShardInfo info = shard(Epoch(1), {NodeId(0), NodeId(1)});
  info.fencing = NodeId(1);
  adopt(info);
  confirm(1);
  EXPECT_EQ(awaited(), std::vector<std::string>{"FenceReply of n1"});
}

TEST_F(ReplicaAwaitedTest, ALockedLeaderSaysHowManyWritesWait) {
  serve_with_peer();
  ShardInfo info = shard(Epoch(2), {NodeId(0), NodeId(1)}, {NodeId(2)});
  info.migration = migration(MigrationPhase::Prepare, WriteMode::Queue, 0, 2);
  info.status = ShardStatus::Migrating;
  adopt(info);
  write(1, 1);
  EXPECT_EQ(awaited().back(), "end of the write lock of s0@e1 (1 write waiting)");
}

}  // namespace
}  // namespace shardproof::test
