// SPDX-License-Identifier: Apache-2.0
#include "core/distribution/keys/crush/straw2_bucket.hpp"

#include <algorithm>
#include <utility>

#include "core/distribution/keys/rehash.hpp"

namespace shardproof::distribution {

Straw2Bucket::Straw2Bucket(std::vector<CrushItem> items, std::uint64_t)
    : items_(std::move(items)),
      is_even_(std::all_of(items_.begin(), items_.end(), [&](const CrushItem& item) {
        return item.weight == items_.front().weight;
      })) {}

RendezvousScore Straw2Bucket::straw(const CrushItem& item, bool is_even, std::uint64_t hash,
                                    std::uint64_t r) {
  const std::uint64_t draw = rehash(hash ^ item.seed, r);
  return is_even ? RendezvousScore::unweighted(draw) : RendezvousScore(draw, item.weight);
}

std::uint32_t Straw2Bucket::choose(std::uint64_t hash, std::uint64_t r) const {
  std::uint32_t found = 0;
  RendezvousScore best = straw(items_[0], is_even_, hash, r);
  for (std::uint32_t i = 1; i < items_.size(); ++i) {
    const RendezvousScore score = straw(items_[i], is_even_, hash, r);
    if (!score.beats(best)) continue;
    best = score;
    found = i;
  }
  return found;
}

}  // namespace shardproof::distribution
