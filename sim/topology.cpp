// SPDX-License-Identifier: Apache-2.0
#include "sim/topology.hpp"

#include <algorithm>

#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/breadth_first_search.hpp>

#include "core/base/check.hpp"

namespace shardproof::sim {

Topology::Topology(const NetworkSpec& spec)
    : Topology(Link{}, Link{spec.zone_latency, Bandwidth()},
               Link{spec.region_latency, Bandwidth()}) {}

Topology::Topology(const Link& rack, const Link& zone, const Link& region)
    : rack_link_(rack), zone_link_(zone), region_link_(region), racks_matter_(rack.matters()) {}

// --- Building -----------------------------------------------------------------------------------

SiteId Topology::site(DomainPath domain) {
  const auto found = site_ids_.find(domain);
  if (found != site_ids_.end()) return found->second;
  const ZoneIndex parent = zone(domain.region, domain.zone);
  const auto id = static_cast<SiteId>(sites_.size());
  sites_.push_back({parent, add_uplink(rack_link_)});
  site_ids_.emplace(domain, id);
  return id;
}

void Topology::link_zones(DomainPath a, DomainPath b, const Link& link) {
  const ZoneIndex from = zone(a.region, a.zone);
  const ZoneIndex to = zone(b.region, b.zone);
  SHARDPROOF_CHECK(from != to, "a zone has no link to itself");
  SHARDPROOF_CHECK(direct_.count({from, to}) == 0, "these zones are linked already");
  direct_[{from, to}] = add_link(link);
  direct_[{to, from}] = add_link(link);
  forget_routes();
}

Topology::ZoneIndex Topology::zone(std::uint16_t region_number, std::uint16_t zone_number) {
  const auto key = std::make_pair(region_number, zone_number);
  const auto found = zones_.find(key);
  if (found != zones_.end()) return found->second;
  const auto index = static_cast<ZoneIndex>(zone_vertices_.size());
  zone_vertices_.push_back(add_vertex(region(region_number), zone_link_));
  zones_.emplace(key, index);
  forget_routes();
  return index;
}

Topology::Vertex Topology::region(std::uint16_t number) {
  const auto found = regions_.find(number);
  if (found != regions_.end()) return found->second;
  const Vertex vertex = add_vertex(0, region_link_);
  regions_.emplace(number, vertex);
  return vertex;
}

Topology::Vertex Topology::add_vertex(Vertex parent, const Link& up) {
  const Vertex child = vertex_count_++;
  const Uplink uplink = add_uplink(up);
  tree_.push_back({child, parent, uplink.up});
  tree_.push_back({parent, child, uplink.down});
  return child;
}

Topology::Uplink Topology::add_uplink(const Link& up) {
  Uplink uplink;
  uplink.up = add_link(up);
  uplink.down = add_link(Link{DelayDistribution{}, up.bandwidth});
  return uplink;
}

LinkId Topology::add_link(const Link& link) {
  links_.push_back(link);
  return static_cast<LinkId>(links_.size() - 1);
}

// --- Routes -------------------------------------------------------------------------------------

void Topology::forget_routes() {
  zone_routes_.assign(zone_vertices_.size() * zone_vertices_.size(), std::nullopt);
}

const std::vector<LinkId>& Topology::zone_route(ZoneIndex from, ZoneIndex to) {
  std::optional<std::vector<LinkId>>& route = zone_routes_[from * zone_vertices_.size() + to];
  if (!route) {
    const auto direct = direct_.find({from, to});
    route = direct != direct_.end() ? std::vector<LinkId>{direct->second}
                                    : tree_route(zone_vertices_[from], zone_vertices_[to]);
    const auto is_nothing = [this](LinkId id) { return !links_[id].matters(); };
    route->erase(std::remove_if(route->begin(), route->end(), is_nothing), route->end());
  }
  return *route;
}

std::vector<LinkId> Topology::tree_route(Vertex from, Vertex to) const {
  using Graph =
      boost::adjacency_list<boost::vecS, boost::vecS, boost::directedS, boost::no_property, LinkId>;
  using GraphEdge = boost::graph_traits<Graph>::edge_descriptor;
  Graph graph(vertex_count_);
  for (const Edge& edge : tree_) boost::add_edge(edge.from, edge.to, edge.link, graph);

  std::vector<GraphEdge> edge_to(vertex_count_);
  const auto recorder = boost::record_edge_predecessors(edge_to.data(), boost::on_tree_edge());
  boost::breadth_first_search(graph, from, boost::visitor(boost::make_bfs_visitor(recorder)));

  std::vector<LinkId> route;
  for (std::size_t at = to; at != from; at = boost::source(edge_to[at], graph)) {
    route.push_back(graph[edge_to[at]]);
  }
  std::reverse(route.begin(), route.end());
  return route;
}

Nanoseconds Topology::mean_latency(SiteId from, SiteId to) {
  Nanoseconds sum;
  for_each_link(from, to, [&](LinkId id) { sum += mean(links_[id].latency); });
  return sum;
}

Bandwidth Topology::bottleneck(SiteId from, SiteId to) {
  Bandwidth narrowest;
  for_each_link(from, to, [&](LinkId id) {
    const Bandwidth width = links_[id].bandwidth;
    if (width.is_unlimited()) return;
    if (narrowest.is_unlimited() || width < narrowest) narrowest = width;
  });
  return narrowest;
}

}  // namespace shardproof::sim
