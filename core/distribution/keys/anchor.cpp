// SPDX-License-Identifier: Apache-2.0
#include "core/distribution/keys/anchor.hpp"

#include <numeric>

#include "core/distribution/keys/capacity.hpp"
#include "core/distribution/keys/rehash.hpp"

namespace shardproof::distribution {

AnchorTable::AnchorTable(std::uint32_t capacity, std::uint32_t working)
    : working_(capacity), removal_(capacity), list_(capacity) {
  SHARDPROOF_CHECK(working >= 1 && working <= capacity);
  std::iota(list_.begin(), list_.end(), 0u);
  place_ = list_;
  successor_ = list_;
  while (working_ > working) remove(working_ - 1);
}

std::uint32_t AnchorTable::bucket(std::uint64_t hash) const {
  auto bucket = static_cast<std::uint32_t>(hash % removal_.size());
  while (removal_[bucket] > 0) {
    const std::uint32_t removal = removal_[bucket];
    auto next = static_cast<std::uint32_t>(rehash(hash, bucket) % removal);
    while (removal_[next] >= removal) next = successor_[next];
    bucket = next;
  }
  return bucket;
}

void AnchorTable::remove(std::uint32_t bucket) {
  SHARDPROOF_CHECK(working_ > 1 && removal_.at(bucket) == 0);
  removed_.push_back(bucket);
  --working_;
  const std::uint32_t last = list_[working_];
  removal_[bucket] = working_;
  list_[place_[bucket]] = last;
  place_[last] = place_[bucket];
  successor_[bucket] = last;
}

std::uint32_t AnchorTable::add() {
  SHARDPROOF_CHECK(!removed_.empty());
  const std::uint32_t bucket = removed_.back();
  removed_.pop_back();
  removal_[bucket] = 0;
  place_[list_[working_]] = working_;
  list_[place_[bucket]] = bucket;
  successor_[bucket] = bucket;
  ++working_;
  return bucket;
}

AnchorMap::AnchorMap(KeyMapRequest request_made)
    : PerKeyMap(std::move(request_made)), table_(capacity_of(request()), nodes()) {}

std::unique_ptr<KeyMap> AnchorMap::resized(std::uint32_t nodes,
                                           std::vector<std::uint64_t> weights) const {
  auto changed = std::make_unique<AnchorMap>(request().with_nodes(nodes, std::move(weights)));
  if (nodes > table_.capacity()) return changed;
  changed->table_ = table_;
  while (changed->table_.working() > nodes) changed->table_.remove(changed->table_.working() - 1);
  while (changed->table_.working() < nodes) changed->table_.add();
  return changed;
}

}  // namespace shardproof::distribution
