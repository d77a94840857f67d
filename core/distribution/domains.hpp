// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <cstdint>
#include <vector>

#include "core/base/ids.hpp"

namespace shardproof::distribution {

/// Where a node stands: what fails together with it. Ids are dense and small; `zone` counts inside its
/// region and `rack` inside its zone, so zone 0 of region 0 and zone 0 of region 1 are two zones.
struct DomainPath {
  std::uint16_t region = 0;
  std::uint16_t zone = 0;
  std::uint16_t rack = 0;

  friend auto operator<=>(const DomainPath&, const DomainPath&) = default;
};

/// The levels of a path, widest first.
enum class DomainLevel : std::uint8_t { Region, Zone, Rack };

/// True if both nodes stand in the same domain of that level.
constexpr bool same_domain(const DomainPath& a, const DomainPath& b, DomainLevel level) {
  if (a.region != b.region) return false;
  if (level == DomainLevel::Region) return true;
  if (a.zone != b.zone) return false;
  return level == DomainLevel::Zone || a.rack == b.rack;
}

/// One number for the domain of that level: equal exactly for nodes in the same domain, ordered like
/// the paths.
constexpr std::uint64_t domain_key(const DomainPath& path, DomainLevel level) {
  const std::uint64_t region = std::uint64_t{path.region} << 32;
  if (level == DomainLevel::Region) return region;
  const std::uint64_t zone = region | std::uint64_t{path.zone} << 16;
  return level == DomainLevel::Zone ? zone : zone | path.rack;
}

/// Whether a copy on a node would share its region, zone or rack with one of the other copies of the
/// shard. The ordering is lexicographic, widest level first: the smaller, the better spread. A shared
/// rack implies a shared zone and a shared zone a shared region, so there are four values.
struct Collision {
  bool region = false;
  bool zone = false;
  bool rack = false;

  bool any() const { return region; }
  /// True if at no level this collides where `other` does not: replacing a copy of collision `other`
  /// by one of this never lowers the number of distinct domains, at any level.
  bool no_worse_than(const Collision& other) const {
    return region <= other.region && zone <= other.zone && rack <= other.rack;
  }
  friend auto operator<=>(const Collision&, const Collision&) = default;
};

/// How many of the other copies stand in the same region, zone and rack. Lexicographic, like Collision,
/// which it refines: it also prefers 2+2 to 3+1 where there are too few domains for all copies.
struct Crowding {
  std::uint32_t region = 0;
  std::uint32_t zone = 0;
  std::uint32_t rack = 0;

  Collision collision() const { return {region > 0, zone > 0, rack > 0}; }
  friend auto operator<=>(const Crowding&, const Crowding&) = default;
};

}  // namespace shardproof::distribution
