// SPDX-License-Identifier: Apache-2.0
#include "core/distribution/keys/crush/list_bucket.hpp"

#include "core/base/wide.hpp"
#include "core/distribution/keys/rehash.hpp"

namespace shardproof::distribution {

ListBucket::ListBucket(const std::vector<CrushItem>& items, std::uint64_t) {
  std::uint64_t sum = 0;
  for (const CrushItem& item : items) {
    sum += item.weight;
    links_.push_back({item, sum});
  }
}

std::uint32_t ListBucket::choose(std::uint64_t hash, std::uint64_t r) const {
  auto i = static_cast<std::uint32_t>(links_.size());
  while (--i > 0) {
    const Link& link = links_[i];
    const std::uint64_t draw = rehash(hash ^ link.item.seed, r);
    const UInt128 scaled = static_cast<UInt128>(draw) * link.sum;
    if (static_cast<std::uint64_t>(scaled >> 64) < link.item.weight) break;
  }
  return i;
}

}  // namespace shardproof::distribution
