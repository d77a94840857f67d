// SPDX-License-Identifier: Apache-2.0
#include "core/storage/checkpoint.hpp"

#include <gtest/gtest.h>

namespace shardproof::storage {
namespace {

constexpr RecordHome kHome{FileId{6}, NodeId(3)};
constexpr ShardId kShard(1);

EntryRef entry(std::uint64_t index, std::uint64_t content) {
  const boost::intrusive_ptr<Document> document(new Document);
  document->key = fmt::format("key{}", index);
  document->size = Bytes(100);
  document->content = content;
  const boost::intrusive_ptr<LogEntry> made(new LogEntry);
  made->version = {Epoch(1), LogIndex(index)};
  made->mutations.push_back({document, false});
  return made;
}

/// Six entries, four of them applied; `content` tells two of a kind apart.
CopySet sample(std::uint64_t content) {
  CopySet copies;
  copies.create(kShard);
  for (std::uint64_t index = 1; index <= 6; ++index) {
    copies.append(kShard, entry(index, content + index), LogIndex(5));
  }
  for (int i = 0; i < 4; ++i) copies.apply_next(kShard);
  copies.begin_stage(ShardId(2));
  return copies;
}

std::vector<std::string> pieces(std::uint64_t content, Bytes max) {
  CheckpointEncoder encoder(kHome, sample(content), StorePosition{40});
  std::vector<std::string> pieces;
  while (!encoder.is_finished()) encoder.next_piece(pieces.emplace_back(), max);
  return pieces;
}

std::string join(const std::vector<std::string>& pieces) {
  std::string data;
  for (const std::string& piece : pieces) data += piece;
  return data;
}

TEST(Checkpoint, RestoresContentTailStageAndPosition) {
  const std::string data = join(pieces(0, Bytes(150)));
  EXPECT_TRUE(is_checkpoint(kHome, data));
  const std::optional<Checkpoint> checkpoint = read_checkpoint(kHome, data);
  ASSERT_TRUE(checkpoint.has_value());
  EXPECT_EQ(checkpoint->covered, StorePosition{40});
  const StoredCopy& found = *checkpoint->copies.find(kShard);
  EXPECT_EQ(found.applied.index, LogIndex(4));
  EXPECT_EQ(found.committed, LogIndex(5));
  EXPECT_EQ(found.tail.size(), 2u);
  EXPECT_EQ(found.content.summary().digest, sample(0).find(kShard)->content.summary().digest);
  EXPECT_NE(checkpoint->copies.find_stage(ShardId(2)), nullptr);
}

TEST(Checkpoint, PiecesHaveAboutTheSizeAskedFor) {
  CheckpointEncoder encoder(kHome, sample(0), StorePosition{40});
  std::size_t count = 0;
  for (; !encoder.is_finished(); ++count) {
    std::string piece;
    const Bytes size = encoder.next_piece(piece, Bytes(150));
    EXPECT_GE(size, Bytes(piece.size()));
    EXPECT_LE(size, Bytes(600));
  }
  EXPECT_GE(count, 4u);
}

TEST(Checkpoint, NoPrefixOfItIsOne) {
  const std::string data = join(pieces(0, Bytes(150)));
  for (std::size_t length = 0; length < data.size(); ++length) {
    EXPECT_FALSE(read_checkpoint(kHome, std::string_view(data).substr(0, length)).has_value());
  }
}

TEST(Checkpoint, InThePlaceOfAnotherFileItIsNone) {
  const std::string data = join(pieces(0, Bytes(150)));
  const RecordHome other{FileId{5}, kHome.writer};
  EXPECT_FALSE(is_checkpoint(other, data));
  EXPECT_FALSE(read_checkpoint(other, data).has_value());
}

TEST(Checkpoint, OfAnotherNodeItIsNone) {
  const std::string data = join(pieces(0, Bytes(150)));
  const RecordHome other{kHome.file, NodeId(2)};
  EXPECT_FALSE(is_checkpoint(other, data));
  EXPECT_FALSE(read_checkpoint(other, data).has_value());
}

TEST(Checkpoint, APieceWrittenTwiceCountsOnce) {
  std::vector<std::string> all = pieces(0, Bytes(150));
  all.insert(all.begin() + 1, all[1]);
  all.push_back(all.back());
  EXPECT_TRUE(read_checkpoint(kHome, join(all)).has_value());
}

TEST(Checkpoint, WithoutAPieceItIsNone) {
  for (std::size_t missing = 0; missing < pieces(0, Bytes(150)).size(); ++missing) {
    std::vector<std::string> all = pieces(0, Bytes(150));
    all.erase(all.begin() + static_cast<std::ptrdiff_t>(missing));
    EXPECT_FALSE(read_checkpoint(kHome, join(all)).has_value());
  }
}

TEST(Checkpoint, WithAnIntactPieceOfAnotherItIsNone) {
  std::vector<std::string> all = pieces(0, Bytes(150));
  const std::vector<std::string> other = pieces(100, Bytes(150));
  ASSERT_EQ(all.size(), other.size());
  all[1] = other[1];
  ASSERT_NE(join(all), join(pieces(0, Bytes(150))));
  EXPECT_FALSE(read_checkpoint(kHome, join(all)).has_value());
}

TEST(Checkpoint, GoesOnFromItsSnapshotWhileTheCopiesChange) {
  CopySet copies = sample(0);
  CheckpointEncoder encoder(kHome, copies, StorePosition{40});
  std::string data;
  encoder.next_piece(data, Bytes(150));
  copies.apply_next(kShard);
  copies.drop(kShard);
  while (!encoder.is_finished()) encoder.next_piece(data, Bytes(150));
  EXPECT_EQ(read_checkpoint(kHome, data)->copies.find(kShard)->applied.index, LogIndex(4));
}

}  // namespace
}  // namespace shardproof::storage
