// SPDX-License-Identifier: Apache-2.0
#include "core/distribution/keys/crush/tree_bucket.hpp"

#include <bit>

#include "core/base/wide.hpp"
#include "core/distribution/keys/rehash.hpp"

namespace shardproof::distribution {

TreeBucket::TreeBucket(const std::vector<CrushItem>& items, std::uint64_t seed)
    : seed_(seed), weights_(2 * std::bit_ceil(items.size())) {
  for (std::size_t i = 0; i < items.size(); ++i) weights_[2 * i + 1] = items[i].weight;
  for (std::size_t half = 1; 2 * half < weights_.size(); half *= 2) {
    for (std::size_t vertex = 2 * half; vertex < weights_.size(); vertex += 4 * half) {
      weights_[vertex] = weights_[vertex - half] + weights_[vertex + half];
    }
  }
}

std::uint32_t TreeBucket::choose(std::uint64_t hash, std::uint64_t r) const {
  std::size_t vertex = weights_.size() / 2;
  for (std::size_t half = vertex / 2; half > 0; half /= 2) {
    const std::uint64_t draw = rehash(hash ^ mix64(seed_ + vertex), r);
    const UInt128 scaled = static_cast<UInt128>(draw) * weights_[vertex];
    const bool goes_left = static_cast<std::uint64_t>(scaled >> 64) < weights_[vertex - half];
    vertex = goes_left ? vertex - half : vertex + half;
  }
  return static_cast<std::uint32_t>(vertex / 2);
}

}  // namespace shardproof::distribution
