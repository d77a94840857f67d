// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <cstdint>

namespace shardproof {

/// Where a node stands: what fails together with it. Ids are dense and small; `zone` counts inside
/// its region and `rack` inside its zone, so zone 0 of region 0 and zone 0 of region 1 are two
/// zones.
struct DomainPath {
  std::uint16_t region = 0;
  std::uint16_t zone = 0;
  std::uint16_t rack = 0;

  friend constexpr auto operator<=>(const DomainPath&, const DomainPath&) = default;
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

/// One number for the domain of that level: equal exactly for nodes in the same domain, ordered
/// like the paths.
constexpr std::uint64_t domain_key(const DomainPath& path, DomainLevel level) {
  const std::uint64_t region = std::uint64_t{path.region} << 32;
  if (level == DomainLevel::Region) return region;
  const std::uint64_t zone = region | std::uint64_t{path.zone} << 16;
  return level == DomainLevel::Zone ? zone : zone | path.rack;
}

}  // namespace shardproof
