// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/distribution/keys/key_map.hpp"

namespace shardproof::distribution {

/// Jump consistent hash (Lamping and Veach 2014, section 3): the bucket of `key` among `buckets`
/// >= 1. About ln(buckets) steps. Only the last bucket can come or go; from n to n + 1 buckets
/// 1 / (n + 1) of the keys move, all of them to the new one.
///
/// The quotient is exact here. The paper's is of doubles and rounded twice, so that it may fall
/// below a quotient that is a whole number: two in a hundred million keys at most, none of the
/// published vectors.
constexpr std::uint32_t jump_bucket(std::uint64_t key, std::uint32_t buckets) {
  std::int64_t bucket = -1;
  std::int64_t next = 0;
  while (next < static_cast<std::int64_t>(buckets)) {
    bucket = next;
    key = key * 2862933555777941757u + 1;
    const auto step = static_cast<std::uint64_t>(bucket + 1) << 31;
    next = static_cast<std::int64_t>(step / ((key >> 33) + 1));
  }
  return static_cast<std::uint32_t>(bucket);
}

/// Jump consistent hash of the key's hash. No table; equal nodes only.
class JumpMap final : public PerKeyMap<JumpMap> {
 public:
  using PerKeyMap::PerKeyMap;

  std::uint32_t owner(const Key& key) const { return jump_bucket(key.hash, nodes()); }
  std::uint64_t table_bytes() const override { return 0; }
};

}  // namespace shardproof::distribution
