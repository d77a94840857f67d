// SPDX-License-Identifier: Apache-2.0
#include "sim/cluster/garble.hpp"

#include <bit>

#include <gtest/gtest.h>

namespace shardproof::sim {
namespace {

DocumentRef make_document(const char* key, std::uint64_t content) {
  auto* document = new Document;
  document->key = key;
  document->content = content;
  return DocumentRef(document);
}

message::CopyChunk make_piece() {
  auto chunk = std::make_shared<Chunk>();
  for (const char* key : {"a", "b", "c"}) {
    chunk->items.push_back({Version{Epoch(1), LogIndex(2)}, make_document(key, 7), false});
  }
  chunk->digest = 99;
  message::CopyChunk piece;
  piece.digest = 100;
  piece.chunk = chunk;
  return piece;
}

TEST(GarbleTest, FlipsOneBitOfOneDocumentAndNothingElse) {
  const message::CopyChunk piece = make_piece();
  for (std::uint64_t damage = 1; damage < 1000; damage += 97) {
    Message message = piece;
    ASSERT_TRUE(garble(message, damage));
    const auto& spoilt = std::get<message::CopyChunk>(message);
    int flipped = 0;
    for (std::size_t i = 0; i < 3; ++i) {
      const Document& before = *piece.chunk->items[i].document;
      const Document& after = *spoilt.chunk->items[i].document;
      EXPECT_EQ(after.key, before.key);
      flipped += std::popcount(after.content ^ before.content);
    }
    EXPECT_EQ(flipped, 1);
    EXPECT_EQ(spoilt.chunk->digest, 99u);
    EXPECT_EQ(spoilt.digest, 100u);
  }
}

TEST(GarbleTest, TheSendersChunkStaysAsItWas) {
  const message::CopyChunk piece = make_piece();
  Message message = piece;
  garble(message, 1);
  for (const ChunkItem& item : piece.chunk->items) EXPECT_EQ(item.document->content, 7u);
}

TEST(GarbleTest, WhatCarriesNoDocumentCannotBeGarbled) {
  Message heartbeat = message::Heartbeat{};
  EXPECT_FALSE(garble(heartbeat, 5));
  message::CopyChunk empty;
  empty.chunk = std::make_shared<Chunk>();
  Message message = empty;
  EXPECT_FALSE(garble(message, 5));
}

}  // namespace
}  // namespace shardproof::sim
