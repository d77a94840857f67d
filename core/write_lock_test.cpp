// SPDX-License-Identifier: Apache-2.0
#include "core/write_lock.hpp"

#include <gtest/gtest.h>

#include "core/replica_bench_testing.hpp"

namespace shardproof {
namespace {

LeaderRequest write_of(std::uint32_t client, std::uint64_t ticket = 1) {
  return {test::at(1),
          ticket,
          {ClientId(client), 1},
          test::operation(OperationKind::Replace, test::document("a"))};
}

class WriteLockTest : public testing::Test {
 protected:
  WriteLockTest() { bench.config.bounds.queue_writes_max = 2; }

  bool enqueue(LeaderRequest request) {
    ReplicaStep step = bench.step();
    return lock.enqueue(std::move(request), state, step);
  }
  std::optional<LeaderRequest> take() {
    ReplicaStep step = bench.step();
    return lock.take(false, state, step);
  }

  test::ReplicaBench bench;
  ReplicaState state;
  WriteLock lock;
};

TEST_F(WriteLockTest, WritesLeaveInTheOrderOfTheirArrival) {
  EXPECT_TRUE(enqueue(write_of(1)));
  EXPECT_TRUE(enqueue(write_of(2)));
  EXPECT_EQ(take()->request.client, ClientId(1));
  EXPECT_EQ(take()->request.client, ClientId(2));
  EXPECT_FALSE(take().has_value());
}

TEST_F(WriteLockTest, OneWriteMoreThanTheBoundIsRefused) {
  EXPECT_TRUE(enqueue(write_of(1)));
  EXPECT_TRUE(enqueue(write_of(2)));
  EXPECT_FALSE(enqueue(write_of(3)));
  EXPECT_EQ(bench.count<fact::WriteQueued>(), 2u);
}

TEST_F(WriteLockTest, ARepeatedWriteTakesThePlaceOfItsEarlierTry) {
  EXPECT_TRUE(enqueue(write_of(1, 5)));
  EXPECT_TRUE(enqueue(write_of(2)));
  EXPECT_TRUE(enqueue(write_of(1, 6)));
  const auto first = take();
  EXPECT_EQ(first->request.client, ClientId(1));
  EXPECT_EQ(first->ticket, 6u);
}

TEST_F(WriteLockTest, LockingTwiceForOneMigrationIsLockingOnce) {
  ReplicaStep step = bench.step();
  lock.lock(MigrationId(1), state, step);
  const Instant since = lock.since();
  bench.now = bench.now + seconds(1);
  ReplicaStep later = bench.step();
  lock.lock(MigrationId(1), state, later);
  EXPECT_EQ(lock.since(), since);
  EXPECT_EQ(bench.count<fact::WritesLocked>(), 1u);
}

TEST_F(WriteLockTest, TheQueueOutlivesTheLock) {
  ReplicaStep step = bench.step();
  lock.lock(MigrationId(1), state, step);
  enqueue(write_of(1));
  lock.unlock(state, step);
  lock.unlock(state, step);
  EXPECT_FALSE(lock.is_locked());
  EXPECT_EQ(bench.count<fact::WritesUnlocked>(), 1u);
  EXPECT_TRUE(take().has_value());
}

}  // namespace
}  // namespace shardproof
