// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <cstdint>

namespace shardproof::distribution {

/// How a node stands to the other copies of a shard: how many of them are in its region, its zone
/// and its rack (each number includes the next). Ordered by what it is best to avoid: first by the
/// levels at which a domain is shared at all, then by the numbers, widest level first; so 2+2
/// copies on two domains are better than 3+1.
struct Crowding {
  std::uint32_t region = 0;
  std::uint32_t zone = 0;
  std::uint32_t rack = 0;

  /// At how many levels a domain is shared: 0, 1 (the region), 2 (the zone too) or 3 (the rack
  /// too). A copy that is replaced by one of no higher collision leaves no fewer distinct domains
  /// under the shard, at any level.
  std::uint32_t collision() const { return (region > 0) + (zone > 0) + (rack > 0); }

  friend bool operator==(const Crowding&, const Crowding&) = default;
  friend std::strong_ordering operator<=>(const Crowding& a, const Crowding& b) {
    if (const auto order = a.collision() <=> b.collision(); order != 0) return order;
    if (const auto order = a.region <=> b.region; order != 0) return order;
    if (const auto order = a.zone <=> b.zone; order != 0) return order;
    return a.rack <=> b.rack;
  }
};

}  // namespace shardproof::distribution
