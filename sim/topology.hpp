// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "core/shard_table.hpp"
#include "sim/distribution.hpp"
#include "sim/scenario/spec.hpp"

namespace shardproof::sim {

/// One direction of a connection between two domains, shared by all traffic over it.
struct Link {
  DelayDistribution latency;
  Bandwidth bandwidth;

  /// Whether a message is any different for having crossed it.
  bool matters() const { return latency != DelayDistribution{} || !bandwidth.is_unlimited(); }
};
using LinkId = std::uint32_t;

/// A rack as a place to attach to; dense from 0.
using SiteId = std::uint32_t;
/// The place of what is present in every domain: nothing is crossed on the way to it.
inline constexpr SiteId kEverywhere = static_cast<SiteId>(-1);

/// Where everything stands: a tree of racks, zones and regions under one backbone, with direct
/// links between zones across it.
///
/// A message climbs from its rack as far as needed and down again. Latency is charged on the way
/// up, so that two zones are one zone latency apart, not two. A direct link carries the traffic
/// between its two zones, all of it and no other: distances are what the scenario says of each
/// pair, never those of a detour.
class Topology {
 public:
  /// Distances between zones and between regions as in `spec`; racks cost nothing. `spec.links`
  /// name zones: whoever knows the names calls `link_zones`.
  explicit Topology(const NetworkSpec& spec);
  /// The links up from a rack, a zone and a region; the ways down have the same bandwidth.
  Topology(const Link& rack, const Link& zone, const Link& region);

  /// The place of that rack, added if new. O(log racks), and O(zones^2) for a new zone.
  SiteId site(DomainPath domain);
  /// Joins two zones (the `rack`s mean nothing), with a link in each direction. Adds them if new; a
  /// second link between the same zones is a failed check.
  void link_zones(DomainPath zone, DomainPath other, const Link& link);

  std::size_t link_count() const { return links_.size(); }
  const Link& link(LinkId id) const { return links_[id]; }

  /// Calls `visit(LinkId)` for each link on the way that `matters()`, in order of the way.
  /// O(links), at most 6; the first route between two zones is O(domains).
  template <typename Visit>
  void for_each_link(SiteId from, SiteId to, Visit&& visit) {
    if (from == to || from == kEverywhere || to == kEverywhere) return;
    const Site& source = sites_[from];
    const Site& target = sites_[to];
    if (racks_matter_) visit(source.uplink.up);
    if (source.zone != target.zone) {
      for (const LinkId id : zone_route(source.zone, target.zone)) visit(id);
    }
    if (racks_matter_) visit(target.uplink.down);
  }

  /// The sum of the means of the latencies on the way.
  Nanoseconds mean_latency(SiteId from, SiteId to);
  /// The narrowest link on the way; unlimited if none is limited.
  Bandwidth bottleneck(SiteId from, SiteId to);

 private:
  using ZoneIndex = std::uint32_t;
  /// The backbone, a region or a zone.
  using Vertex = std::uint32_t;
  struct Edge {
    Vertex from = 0;
    Vertex to = 0;
    LinkId link = 0;
  };
  struct Uplink {
    LinkId up = 0;
    LinkId down = 0;
  };
  struct Site {
    ZoneIndex zone = 0;
    Uplink uplink;
  };

  Vertex region(std::uint16_t region);
  ZoneIndex zone(std::uint16_t region, std::uint16_t zone);
  Vertex add_vertex(Vertex parent, const Link& up);
  Uplink add_uplink(const Link& up);
  LinkId add_link(const Link& link);
  const std::vector<LinkId>& zone_route(ZoneIndex from, ZoneIndex to);
  std::vector<LinkId> tree_route(Vertex from, Vertex to) const;
  void forget_routes();

  Link rack_link_;
  Link zone_link_;
  Link region_link_;
  bool racks_matter_ = false;
  std::vector<Link> links_;
  /// The tree above the racks; vertex 0 is the backbone.
  std::vector<Edge> tree_;
  Vertex vertex_count_ = 1;
  std::map<std::uint16_t, Vertex> regions_;
  std::map<std::pair<std::uint16_t, std::uint16_t>, ZoneIndex> zones_;
  std::vector<Vertex> zone_vertices_;
  std::map<std::pair<ZoneIndex, ZoneIndex>, LinkId> direct_;
  std::map<DomainPath, SiteId> site_ids_;
  std::vector<Site> sites_;
  /// Row-major by (from, to) of zones; filled on first use.
  std::vector<std::optional<std::vector<LinkId>>> zone_routes_;
};

}  // namespace shardproof::sim
