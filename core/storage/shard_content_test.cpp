// SPDX-License-Identifier: Apache-2.0
#include "core/storage/shard_content.hpp"

#include <gtest/gtest.h>

namespace shardproof::storage {
namespace {

DocumentRef document(std::string key, std::uint64_t content = 1) {
  const boost::intrusive_ptr<Document> made(new Document);
  made->key = std::move(key);
  made->size = Bytes(100);
  made->content = content;
  return made;
}

Version version(std::uint64_t index, std::uint64_t epoch = 1) {
  return {Epoch(epoch), LogIndex(index)};
}

TEST(ShardContent, AnOlderOrEqualVersionChangesNothing) {
  ShardContent content;
  EXPECT_TRUE(content.put(version(5), document("a", 50), false));
  EXPECT_FALSE(content.put(version(4), document("a", 40), false));
  EXPECT_FALSE(content.put(version(5), document("a", 51), true));
  EXPECT_EQ(content.get("a").document->content, 50u);
  EXPECT_EQ(content.summary().digest, document_digest("a", version(5), false, 50));
}

TEST(ShardContent, TheEpochCountsBeforeTheIndex) {
  ShardContent content;
  content.put(version(9, 1), document("a", 1), false);
  EXPECT_TRUE(content.put(version(2, 2), document("a", 2), false));
  EXPECT_EQ(content.get("a").version, version(2, 2));
}

TEST(ShardContent, ATombstoneHidesTheDocumentAndKeepsItsVersion) {
  ShardContent content;
  content.put(version(1), document("a"), false);
  content.put(version(2), document("a"), true);
  EXPECT_EQ(content.get("a").document, nullptr);
  EXPECT_EQ(content.get("a").version, version(2));
  EXPECT_EQ(content.summary().documents, 0u);
  EXPECT_EQ(content.summary().tombstones, 1u);
  EXPECT_EQ(content.summary().bytes, Bytes(1));
  EXPECT_TRUE(content.scan().empty());
}

TEST(ShardContent, AKeyNeverWrittenHasVersionZero) {
  EXPECT_EQ(ShardContent().get("a").version, Version::zero());
}

TEST(ShardContent, TheLastMutationOfAKeyInAnEntryWins) {
  LogEntry entry;
  entry.version = version(1);
  entry.mutations.push_back({document("a", 1), false});
  entry.mutations.push_back({document("a", 2), false});
  ShardContent content;
  content.apply(entry);
  EXPECT_EQ(content.get("a").document->content, 2u);
  EXPECT_EQ(content.summary().documents, 1u);
}

TEST(ShardContent, TheDigestDoesNotDependOnTheOrder) {
  ShardContent one;
  ShardContent other;
  for (std::uint64_t i = 0; i < 100; ++i) {
    one.put(version(i + 1), document(fmt::format("k{}", i), i), i % 3 == 0);
    const std::uint64_t j = 99 - i;
    other.put(version(j + 1), document(fmt::format("k{}", j), j), j % 3 == 0);
  }
  EXPECT_EQ(one.summary().digest, other.summary().digest);
  EXPECT_EQ(one.summary().digest, one.recount().digest);
  other.put(version(200), document("k5", 5), false);
  EXPECT_NE(one.summary().digest, other.summary().digest);
}

TEST(ShardContent, SessionsKeepTheNewestRequestOfAClient) {
  ShardContent content;
  content.remember({{ClientId(1), 7}, version(5)});
  content.remember({{ClientId(1), 6}, version(4)});
  content.remember({RequestId(), version(9)});
  EXPECT_EQ(content.find_session(ClientId(1))->request.sequence, 7u);
  EXPECT_FALSE(content.find_session(ClientId(2)).has_value());
  EXPECT_FALSE(content.find_session(ClientId::none()).has_value());
}

TEST(ShardContent, StreamedInChunksItIsTheSameContent) {
  ShardContent source;
  for (std::uint64_t i = 0; i < 50; ++i) {
    source.put(version(i + 1), document(fmt::format("k{}", i), i), i % 5 == 0);
  }
  source.remember({{ClientId(3), 1}, version(50)});
  ShardContent target;
  ChunkCursor cursor = 0;
  std::uint64_t digest = 0;
  std::size_t chunks = 0;
  for (bool last = false; !last; ++chunks) {
    const ChunkRef chunk = source.read_chunk(cursor, Bytes(500));
    EXPECT_EQ(chunk->sessions.empty(), !chunk->last);
    EXPECT_LE(chunk->bytes, Bytes(600));
    digest += chunk->digest;
    target.merge(*chunk);
    last = chunk->last;
  }
  EXPECT_EQ(chunks, 8u);
  EXPECT_EQ(digest, source.summary().digest);
  EXPECT_EQ(target.summary().digest, source.summary().digest);
  EXPECT_EQ(target.find_session(ClientId(3))->version, version(50));
}

TEST(ShardContent, ACursorStaysValidWhileWritesAreApplied) {
  ShardContent source;
  for (std::uint64_t i = 0; i < 4; ++i)
    source.put(version(i + 1), document(fmt::format("{}", i)), false);
  ChunkCursor cursor = 0;
  const ChunkRef first = source.read_chunk(cursor, Bytes(200));
  source.put(version(10), document("0", 9), false);
  source.put(version(11), document("3", 9), false);
  source.put(version(12), document("new"), false);
  const ChunkRef second = source.read_chunk(cursor, Bytes(1000));
  ASSERT_EQ(first->items.size(), 2u);
  ASSERT_EQ(second->items.size(), 3u);
  EXPECT_EQ(second->items[1].version, version(11));
  EXPECT_EQ(second->items[2].document->key, "new");
  EXPECT_TRUE(second->last);
}

TEST(ShardContent, AnEmptyOneStreamsAsOneEmptyChunk) {
  ChunkCursor cursor = 0;
  const ChunkRef chunk = ShardContent().read_chunk(cursor, Bytes(100));
  EXPECT_TRUE(chunk->items.empty());
  EXPECT_TRUE(chunk->last);
}

}  // namespace
}  // namespace shardproof::storage
