// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>

#include "core/distribution/keys/key_map.hpp"
#include "core/distribution/keys/rehash.hpp"

namespace shardproof::distribution {

/// A place in the same level of the binary tree (between two powers of two) as `bucket`, by `hash`.
/// The rounds of `rehash` below 64 are for further attempts.
constexpr std::uint64_t relocated_in_level(std::uint64_t bucket, std::uint64_t hash) {
  if (bucket < 2) return bucket;
  const std::uint64_t level = std::bit_floor(bucket);
  return level + (rehash(hash, 64 + level) & (level - 1));
}

/// BinomialHash (Coluzzi, Brocco, Antonucci 2024): the bucket of `hash` among `buckets` >= 1.
///
/// The hash modulo the power of two that encloses the buckets, relocated within its level, is taken
/// if it is a bucket of the upper half; if it is beyond the last one, the next hash (rehash by the
/// number of the attempt) is tried; if it is in the lower half, or after `attempts` >= 1, the hash
/// modulo the lower half, relocated. O(attempts), no table.
constexpr std::uint32_t binomial_bucket(std::uint64_t hash, std::uint32_t buckets,
                                        std::uint64_t attempts) {
  if (buckets == 1) return 0;
  const std::uint64_t enclosing = std::bit_ceil(std::uint64_t{buckets});
  const std::uint64_t half = enclosing / 2;
  std::uint64_t tried = hash;
  for (std::uint64_t attempt = 0; attempt < attempts; ++attempt) {
    const std::uint64_t bucket = relocated_in_level(tried & (enclosing - 1), tried);
    if (bucket < half) break;
    if (bucket < buckets) return static_cast<std::uint32_t>(bucket);
    tried = rehash(hash, attempt);
  }
  return static_cast<std::uint32_t>(relocated_in_level(hash & (half - 1), hash));
}

/// BinomialHash of the key's hash. Equal nodes only; only the last node comes and goes, and moves
/// its share and nothing else.
///
/// With 2M the enclosing power of two, t attempts and q = (2M - n) / 2M, nodes from M on have
/// (1 - q^t) / n of the keys, those below it (1 + (n - M) / M q^t) / n.
class BinomialMap final : public PerKeyMap<BinomialMap> {
 public:
  explicit BinomialMap(KeyMapRequest request_made)
      : PerKeyMap(std::move(request_made)), attempts_(request().number("attempts")) {}

  std::uint32_t owner(const Key& key) const {
    return binomial_bucket(key.hash, nodes(), attempts_);
  }
  std::uint64_t table_bytes() const override { return 0; }

 private:
  std::uint64_t attempts_;
};

}  // namespace shardproof::distribution
