// SPDX-License-Identifier: Apache-2.0
#include "sim/cluster/garble.hpp"

#include <memory>

namespace shardproof::sim {

ChunkRef garbled(const Chunk& chunk, std::uint64_t damage) {
  const auto spoilt = std::make_shared<Chunk>(chunk);
  // The lowest six bits choose the bit.
  ChunkItem& item = spoilt->items[(damage >> 6) % spoilt->items.size()];
  auto* const document = new Document(*item.document);
  document->content ^= std::uint64_t{1} << (damage & 63);
  item.document = DocumentRef(document);
  return spoilt;
}

bool garble(Message& message, std::uint64_t damage) {
  auto* const piece = std::get_if<message::CopyChunk>(&message);
  if (piece == nullptr || piece->chunk->items.empty()) return false;
  piece->chunk = garbled(*piece->chunk, damage);
  return true;
}

}  // namespace shardproof::sim
