// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <utility>

#include "core/storage_engine.hpp"
#include "sim/cluster/garble.hpp"
#include "sim/disk.hpp"

namespace shardproof::sim {

/// A node's store on a disk that may keep something else than it was given. What it keeps of the
/// log has checksums, so that a boot finds it; what is staged of a copy is used without one in
/// between, so that is where silent damage strikes: one bit of one document of a piece.
class SpoilingStore final : public DocumentStore {
 public:
  /// `on_damage` is called for each piece that was spoilt. The disk outlives the store.
  SpoilingStore(const NodeConfig& config, Disk& disk, std::function<void()> on_damage)
      : DocumentStore(config.bounds, StoreTuning{}, config.rules, config.id),
        disk_(disk),
        on_damage_(std::move(on_damage)) {}

  StorePosition stage(ShardId shard, const ChunkRef& chunk, Effects& effects) override {
    const std::uint64_t damage = disk_.draw_silent_damage();
    if (damage == 0 || chunk->items.empty()) return DocumentStore::stage(shard, chunk, effects);
    on_damage_();
    return DocumentStore::stage(shard, garbled(*chunk, damage), effects);
  }

 private:
  Disk& disk_;
  std::function<void()> on_damage_;
};

}  // namespace shardproof::sim
