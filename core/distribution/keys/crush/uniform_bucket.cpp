// SPDX-License-Identifier: Apache-2.0
#include "core/distribution/keys/crush/uniform_bucket.hpp"

#include "core/distribution/keys/prime.hpp"
#include "core/distribution/keys/rehash.hpp"

namespace shardproof::distribution {

UniformBucket::UniformBucket(const std::vector<CrushItem>& items, std::uint64_t seed)
    : seed_(seed), items_(items.size()), step_(prime_above(items_ + seed % items_) % items_) {}

std::uint32_t UniformBucket::choose(std::uint64_t hash, std::uint64_t r) const {
  const std::uint64_t first = rehash(hash ^ seed_, 0) % items_;
  return static_cast<std::uint32_t>((first + r % items_ * step_) % items_);
}

}  // namespace shardproof::distribution
