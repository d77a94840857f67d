// SPDX-License-Identifier: Apache-2.0
#include "sim/cluster/garble.hpp"

#include <memory>

namespace shardproof::sim {

bool garble(Message& message, std::uint64_t damage) {
  auto* const piece = std::get_if<message::CopyChunk>(&message);
  if (piece == nullptr || piece->chunk->items.empty()) return false;
  const auto chunk = std::make_shared<Chunk>(*piece->chunk);
  // The lowest six bits choose the bit.
  ChunkItem& item = chunk->items[(damage >> 6) % chunk->items.size()];
  auto* const document = new Document(*item.document);
  document->content ^= std::uint64_t{1} << (damage & 63);
  item.document = DocumentRef(document);
  piece->chunk = chunk;
  return true;
}

}  // namespace shardproof::sim
