// SPDX-License-Identifier: Apache-2.0
#include "core/distribution/keys/shuffle.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "core/distribution/keys/jump.hpp"
#include "core/distribution/keys/rehash.hpp"

namespace shardproof::distribution {

ShuffleMap::ShuffleMap(KeyMapRequest request_made)
    : PerKeyMap(std::move(request_made)),
      tenants_(request().number("tenants")),
      size_(
          static_cast<std::uint32_t>(std::min<std::uint64_t>(request().number("shard"), nodes()))) {
  shards_.reserve(tenants_ * size_);
  for (std::uint64_t tenant = 0; tenant < tenants_; ++tenant) draw_shard(tenant);
}

void ShuffleMap::draw_shard(std::uint64_t tenant) {
  const std::uint64_t hash = stable_hash(fmt::format("tenant-{}", tenant), request().seed);
  const std::size_t first = shards_.size();
  const auto is_taken = [&](std::uint32_t node) {
    return std::find(shards_.begin() + static_cast<std::ptrdiff_t>(first), shards_.end(), node) !=
           shards_.end();
  };
  for (std::uint64_t place = 0; place < size_; ++place) {
    std::uint64_t round = place << 32;
    std::uint32_t node = jump_bucket(rehash(hash, round), nodes());
    while (is_taken(node)) node = jump_bucket(rehash(hash, ++round), nodes());
    shards_.push_back(node);
  }
}

std::size_t ShuffleMap::slot_of(const Key& key) const {
  return (key.hash % tenants_) * size_ + rehash(key.hash, 0) % size_;
}

std::vector<std::uint32_t> ShuffleMap::replicas(const Key& key, std::uint32_t count) {
  const auto shard = shard_of(key.hash % tenants_);
  const std::size_t first = slot_of(key) % size_;
  return distinct_nodes(shard[first], count, nodes(), [&](std::uint64_t draw) {
    if (draw < size_) return shard[(first + draw) % size_];
    return jump_bucket(rehash(key.hash, draw), nodes());
  });
}

std::optional<std::vector<std::uint64_t>> ShuffleMap::shares() const {
  std::vector<std::uint64_t> shares(nodes());
  const std::uint64_t part = ~std::uint64_t{0} / shards_.size();
  for (const std::uint32_t node : shards_) shares[node] += part;
  return shares;
}

}  // namespace shardproof::distribution
