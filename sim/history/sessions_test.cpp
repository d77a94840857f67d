// SPDX-License-Identifier: Apache-2.0
//
// What clients may rely on that read from replicas.
#include <gtest/gtest.h>

#include "sim/history/history_testing.hpp"

namespace shardproof::sim::history {
namespace {

using Kind = Contradiction::Kind;

std::optional<Kind> kind_of(const std::vector<Told>& operations) {
  const auto found = judge_told(operations);
  return found ? std::optional(found->kind) : std::nullopt;
}

const std::vector<Told> kTwoWrites = {replace(0, 1, 1, 2), replace(0, 2, 3, 4)};

std::optional<Kind> after_two_writes(std::vector<Told> more) {
  more.insert(more.begin(), kTwoWrites.begin(), kTwoWrites.end());
  return kind_of(more);
}

TEST(Sessions, AReplicaMayBeBehindWithinItsBound) {
  EXPECT_EQ(after_two_writes({replica_read(1, 1, 5, 6)}), std::nullopt);
  EXPECT_EQ(after_two_writes({replica_read(1, 0, 5, 6)}), std::nullopt);
  EXPECT_EQ(after_two_writes({read(1, 1, 5, 6)}), Kind::kStale);
}

TEST(Sessions, AReplicaIsNotFurtherBehindThanItsBound) {
  const std::uint64_t late = 4 + kEventsBehind;
  const Told marker = replace(5, 3, 5, 0);
  EXPECT_EQ(after_two_writes({marker, replica_read(1, 1, late - 1, late)}), std::nullopt);
  EXPECT_EQ(after_two_writes({marker, replica_read(1, 1, late + 1, late + 2)}), Kind::kStale);
}

TEST(Sessions, AReplicaDoesNotShowTheFuture) {
  EXPECT_EQ(kind_of({replica_read(1, 1, 1, 2), replace(0, 1, 3, 4)}), Kind::kFuture);
}

TEST(Sessions, WhatAReplicaShowsHasHappened) {
  const Told unknown = with_status(replace(0, 3, 5, 6), ReplyStatus::Unknown);
  EXPECT_EQ(after_two_writes({unknown, replica_read(1, 3, 7, 8), read(2, 3, 9, 10)}), std::nullopt);
  EXPECT_EQ(after_two_writes({unknown, replica_read(1, 3, 7, 8), read(2, 2, 9, 10)}), Kind::kStale);
}

TEST(Sessions, ReadsOfAClientDoNotGoBack) {
  EXPECT_EQ(after_two_writes({replica_read(1, 2, 5, 6), replica_read(1, 1, 7, 8)}),
            Kind::kWentBack);
  EXPECT_EQ(after_two_writes({replica_read(1, 2, 5, 6), replica_read(2, 1, 7, 8)}), std::nullopt);
  EXPECT_EQ(after_two_writes({replica_read(1, 2, 5, 6), replica_read(1, 0, 7, 8)}),
            Kind::kWentBack);
}

TEST(Sessions, AClientReadsItsOwnWrites) {
  EXPECT_EQ(after_two_writes({replica_read(0, 1, 5, 6)}), Kind::kWentBack);
  EXPECT_EQ(after_two_writes({removal(0, 5, 6), replica_read(0, 2, 7, 8)}), Kind::kWentBack);
  EXPECT_EQ(after_two_writes({removal(0, 5, 6), replica_read(1, 2, 7, 8)}), std::nullopt);
  EXPECT_EQ(after_two_writes({removal(0, 5, 6), replica_read(0, 0, 7, 8)}), std::nullopt);
}

TEST(Sessions, AWriteOfUnknownOutcomeObligesNobody) {
  const Told unknown = with_status(replace(0, 3, 5, 6), ReplyStatus::Unknown);
  EXPECT_EQ(after_two_writes({unknown, replica_read(0, 2, 7, 8)}), std::nullopt);
}

TEST(Sessions, TwoClientsSeeWritesInOneOrder) {
  const std::vector<Told> both = {replace(0, 1, 1, 30), replace(1, 2, 1, 30),
                                  replica_read(2, 1, 2, 20), replica_read(2, 2, 20, 28),
                                  replica_read(3, 2, 2, 20)};
  std::vector<Told> same = both;
  same.push_back(replica_read(3, 2, 20, 28));
  EXPECT_EQ(kind_of(same), std::nullopt);
  std::vector<Told> split = both;
  split.push_back(replica_read(3, 1, 20, 28));
  EXPECT_EQ(kind_of(split), Kind::kSplitOrder);
}

}  // namespace
}  // namespace shardproof::sim::history
