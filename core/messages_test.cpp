// SPDX-License-Identifier: Apache-2.0
#include "core/messages.hpp"

#include <gtest/gtest.h>

#include "core/replica_bench_testing.hpp"

namespace shardproof {
namespace {

using namespace message;

TEST(EndpointTest, KindsNeverMeet) {
  EXPECT_TRUE(Endpoint::node(NodeId(0)).is_node());
  EXPECT_TRUE(Endpoint::client(ClientId(0)).is_client());
  EXPECT_NE(Endpoint::node(NodeId(0)), Endpoint::client(ClientId(0)));
  EXPECT_NE(Endpoint::metadata(), Endpoint::operator_console());
  EXPECT_EQ(Endpoint::client(ClientId(12)).as_client(), ClientId(12));
  EXPECT_LT(Endpoint::node(NodeId(999)), Endpoint::client(ClientId(0)));
}

TEST(MessageTest, NothingIsSmallerThanItsHeader) {
  EXPECT_GE(wire_size(Heartbeat{}), Bytes(64));
  EXPECT_GE(wire_size(AppendEntries{}), Bytes(64));
}

TEST(MessageTest, EntriesAreChargedWithTheirDocuments) {
  AppendEntries append;
  const Bytes empty = wire_size(append);
  append.entries.push_back(test::entry(Epoch(1), 1, test::document("a")));
  EXPECT_GE(wire_size(append), empty + Bytes(100));
}

TEST(MessageTest, AChunkIsChargedWithItsContent) {
  CopyChunk chunk;
  auto content = std::make_shared<Chunk>();
  content->bytes = Bytes(5000);
  chunk.chunk = content;
  EXPECT_GE(wire_size(chunk), Bytes(5000));
}

TEST(MessageTest, TheContentWordTellsAnswersApart) {
  ClientReply reply{{ClientId(1), 1}, ReplyStatus::Ok, {}, nullptr};
  const std::uint64_t word = content_word(reply);
  reply.status = ReplyStatus::NotFound;
  EXPECT_NE(content_word(reply), word);
  reply.status = ReplyStatus::Ok;
  reply.result.version = {Epoch(1), LogIndex(1)};
  EXPECT_NE(content_word(reply), word);
}

TEST(MessageTest, EveryKindHasAName) {
  EXPECT_STREQ(message_name(AppendEntries{}), "AppendEntries");
  EXPECT_STREQ(message_name(AdminReply{}), "AdminReply");
}

TEST(OperationTest, RetryableStatusesAreThoseThatNeverHadAnEffect) {
  for (const ReplyStatus status :
       {ReplyStatus::NotLeader, ReplyStatus::StaleEpoch, ReplyStatus::NoLease,
        ReplyStatus::NotReady, ReplyStatus::QueueFull, ReplyStatus::Unavailable}) {
    EXPECT_TRUE(is_retryable(status)) << to_string(status);
  }
  for (const ReplyStatus status : {ReplyStatus::Ok, ReplyStatus::NotFound, ReplyStatus::DiskFull,
                                   ReplyStatus::ScanIncomplete, ReplyStatus::Unknown}) {
    EXPECT_FALSE(is_retryable(status)) << to_string(status);
  }
}

TEST(OperationTest, RefusalsAreFinalAndAFullDiskRefusesNothingForGood) {
  for (const ReplyStatus status :
       {ReplyStatus::NotFound, ReplyStatus::AlreadyExists, ReplyStatus::VersionMismatch,
        ReplyStatus::ShardKeyChanged, ReplyStatus::CrossShardTransaction}) {
    EXPECT_TRUE(is_refusal(status)) << to_string(status);
    EXPECT_FALSE(is_retryable(status)) << to_string(status);
  }
  for (const ReplyStatus status : {ReplyStatus::Ok, ReplyStatus::DiskFull, ReplyStatus::NotReady,
                                   ReplyStatus::Unavailable, ReplyStatus::Unknown}) {
    EXPECT_FALSE(is_refusal(status)) << to_string(status);
  }
}

TEST(OperationTest, WritesAreThoseThatChangeDocuments) {
  EXPECT_FALSE(is_write(OperationKind::Read));
  EXPECT_FALSE(is_write(OperationKind::Scan));
  EXPECT_FALSE(is_write(OperationKind::Count));
  EXPECT_TRUE(is_write(OperationKind::Insert));
  EXPECT_TRUE(is_write(OperationKind::Replace));
  EXPECT_TRUE(is_write(OperationKind::Remove));
  EXPECT_TRUE(is_write(OperationKind::CompareAndSwap));
  EXPECT_TRUE(is_write(OperationKind::Transaction));
}

}  // namespace
}  // namespace shardproof
