// SPDX-License-Identifier: Apache-2.0
#include "core/replica_log.hpp"

#include <gtest/gtest.h>

#include "core/replica_bench_testing.hpp"

namespace shardproof {
namespace {

using test::entry;

ReplicaLog log_of(std::uint64_t entries) {
  ReplicaLog log;
  for (std::uint64_t i = 1; i <= entries; ++i) log.push(entry(Epoch(1), i));
  return log;
}

TEST(ReplicaLogTest, ANewLogEndsWhereItBegins) {
  const ReplicaLog log;
  EXPECT_EQ(log.last(), Version::zero());
  EXPECT_EQ(log.size(), 0u);
  EXPECT_FALSE(log.contains(LogIndex(0)));
}

TEST(ReplicaLogTest, TheBaseHasAVersionThoughItsEntryIsForgotten) {
  ReplicaLog log = log_of(5);
  log.trim_to(LogIndex(3));
  EXPECT_EQ(log.base(), (Version{Epoch(1), LogIndex(3)}));
  EXPECT_EQ(log.version_at(LogIndex(3)), log.base());
  EXPECT_FALSE(log.contains(LogIndex(3)));
  EXPECT_EQ(log.at(LogIndex(4))->index(), LogIndex(4));
}

TEST(ReplicaLogTest, CuttingBehindTheBaseLeavesAnEmptyLog) {
  ReplicaLog log = log_of(5);
  log.trim_to(LogIndex(2));
  log.truncate_after(LogIndex(2));
  EXPECT_EQ(log.size(), 0u);
  EXPECT_EQ(log.last(), log.base());
  log.push(entry(Epoch(2), 3));
  EXPECT_EQ(log.last(), (Version{Epoch(2), LogIndex(3)}));
}

TEST(ReplicaLogTest, CuttingBehindTheEndChangesNothing) {
  ReplicaLog log = log_of(2);
  log.truncate_after(LogIndex(9));
  EXPECT_EQ(log.size(), 2u);
}

TEST(ReplicaLogTest, AResetForgetsEverythingButTheVersionBefore) {
  ReplicaLog log = log_of(4);
  log.reset({Epoch(3), LogIndex(10)});
  EXPECT_EQ(log.last(), (Version{Epoch(3), LogIndex(10)}));
  log.push(entry(Epoch(3), 11));
  EXPECT_EQ(log.size(), 1u);
}

using ReplicaLogDeathTest = testing::Test;

TEST(ReplicaLogDeathTest, AGapIsABrokenInvariant) {
  ReplicaLog log = log_of(2);
  EXPECT_DEATH(log.push(entry(Epoch(1), 4)), "check failed");
}

TEST(ReplicaLogDeathTest, AnOlderEpochBehindANewerOneIsABrokenInvariant) {
  ReplicaLog log;
  log.push(entry(Epoch(2), 1));
  EXPECT_DEATH(log.push(entry(Epoch(1), 2)), "check failed");
}

}  // namespace
}  // namespace shardproof
