// SPDX-License-Identifier: Apache-2.0
#include "core/distribution/optimum/whole_network.hpp"

#include <algorithm>
#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/successive_shortest_path_nonnegative_weights.hpp>

#include "core/base/check.hpp"
#include "core/base/contains.hpp"
#include "core/distribution/balanced_counts.hpp"
#include "core/distribution/bounds.hpp"

namespace shardproof::distribution {
namespace {

class WholeNetwork {
 public:
  explicit WholeNetwork(const ClusterView& view) : view_(view) {
    source_ = add_vertex(graph_);
    sink_ = add_vertex(graph_);
    for (std::size_t i = 0; i < view.nodes.size(); ++i) nodes_.push_back(add_vertex(graph_));
    for (const ShardView& shard : view.shards) add_shard(shard);
    for (const NodeView& node : view.nodes) add_units(node);
  }

  /// Where each shard's copies end, ascending.
  std::vector<std::vector<NodeId>> solve() {
    boost::successive_shortest_path_nonnegative_weights(graph_, source_, sink_);
    std::vector<std::vector<NodeId>> ends(view_.shards.size());
    for (const auto& [shard, node, arc] : last_arcs_) {
      if (get(boost::edge_residual_capacity, graph_, arc) == 0) ends[shard].push_back(node);
    }
    for (std::size_t i = 0; i < ends.size(); ++i) {
      SHARDPROOF_CHECK(ends[i].size() == view_.shards[i].replicas.size());
      std::sort(ends[i].begin(), ends[i].end());
    }
    return ends;
  }

 private:
  using Traits = boost::adjacency_list_traits<boost::vecS, boost::vecS, boost::directedS>;
  using Graph = boost::adjacency_list<
      boost::vecS, boost::vecS, boost::directedS, boost::no_property,
      boost::property<
          boost::edge_capacity_t, std::int64_t,
          boost::property<boost::edge_residual_capacity_t, std::int64_t,
                          boost::property<boost::edge_reverse_t, Traits::edge_descriptor,
                                          boost::property<boost::edge_weight_t, std::int64_t>>>>>;
  using Vertex = Traits::vertex_descriptor;
  using Arc = Traits::edge_descriptor;

  // Weights of what comes first, each above all that comes later can add up to.
  static constexpr std::int64_t kUneven = std::int64_t{1} << 28;
  static constexpr std::int64_t kOnDraining = std::int64_t{1} << 45;
  static constexpr std::int64_t kDomainGivenUp = std::int64_t{1} << 55;

  struct LastArc {
    std::size_t shard;
    NodeId node;
    Arc arc;
  };

  Arc add_arc(Vertex from, Vertex to, std::int64_t capacity, std::int64_t weight) {
    const Arc there = add_edge(from, to, graph_).first;
    const Arc back = add_edge(to, from, graph_).first;
    put(boost::edge_capacity, graph_, there, capacity);
    put(boost::edge_capacity, graph_, back, 0);
    put(boost::edge_weight, graph_, there, weight);
    put(boost::edge_weight, graph_, back, -weight);
    put(boost::edge_reverse, graph_, there, back);
    put(boost::edge_reverse, graph_, back, there);
    return there;
  }

  std::int64_t open_domains(DomainLevel level) const {
    std::map<std::uint64_t, int> open;
    for (const NodeView& node : view_.nodes) {
      if (takes_copies(node)) open[domain_key(node.domain, level)] = 1;
    }
    return static_cast<std::int64_t>(open.size());
  }
  bool is_open(std::uint64_t key, DomainLevel level) const {
    return std::any_of(view_.nodes.begin(), view_.nodes.end(), [&](const NodeView& node) {
      return takes_copies(node) && domain_key(node.domain, level) == key;
    });
  }

  /// The vertex of the shard in the node's domain of the level, with arcs from `parent` if it is
  /// new.
  Vertex domain_vertex(const ShardView& shard, const NodeView& node, DomainLevel level,
                       Vertex parent,
                       std::map<std::pair<DomainLevel, std::uint64_t>, Vertex>& known) {
    const std::uint64_t key = domain_key(node.domain, level);
    const auto [found, is_new] = known.try_emplace({level, key}, Vertex{});
    if (!is_new) return found->second;
    found->second = add_vertex(graph_);
    std::int64_t now = 0;
    for (const NodeId copy : shard.replicas) {
      now += domain_key(view_.node(copy).domain, level) == key;
    }
    const auto copies = static_cast<std::int64_t>(shard.replicas.size());
    const std::int64_t domains = open_domains(level);
    const std::int64_t most = std::max(now, copies <= domains ? 1 : copies - domains + 1);
    const std::int64_t fewest = copies > domains && now > 0 && is_open(key, level) ? 1 : 0;
    if (fewest > 0) add_arc(parent, found->second, fewest, 0);
    add_arc(parent, found->second, most - fewest, kDomainGivenUp);
    return found->second;
  }

  void add_shard(const ShardView& shard) {
    const Vertex vertex = add_vertex(graph_);
    const auto index = static_cast<std::size_t>(&shard - view_.shards.data());
    add_arc(source_, vertex, static_cast<std::int64_t>(shard.replicas.size()), 0);
    std::map<std::pair<DomainLevel, std::uint64_t>, Vertex> known;
    for (const NodeView& node : view_.nodes) {
      const bool held = contains(shard.replicas, node.id);
      if (!held && !takes_copies(node)) continue;
      Vertex parent = vertex;
      for (const DomainLevel level : {DomainLevel::Region, DomainLevel::Zone, DomainLevel::Rack}) {
        parent = domain_vertex(shard, node, level, parent, known);
      }
      const auto price = static_cast<std::int64_t>(shard.bytes.count()) * 1024 + 1;
      const Arc arc = add_arc(parent, nodes_[node.id.value()], 1, held ? 0 : price);
      last_arcs_.push_back({index, node.id, arc});
    }
  }

  /// One arc for each copy that a node could have, each dearer than the one before.
  void add_units(const NodeView& node) {
    std::int64_t floor = 0;
    std::int64_t ceiling = 0;
    for (const CountPool& pool : balanced_counts(view_, members_after_changes(view_))) {
      for (const CountTarget& target : pool.targets) {
        if (target.node != node.id) continue;
        floor = static_cast<std::int64_t>(target.floor);
        ceiling = floor + target.may_round_up;
      }
    }
    const auto most = static_cast<std::int64_t>(view_.shards.size());
    for (std::int64_t unit = 1; unit <= most; ++unit) {
      const std::int64_t uneven = unit <= floor ? unit - floor - 1 : unit - ceiling;
      const std::int64_t weight = takes_copies(node) ? (uneven + most) * kUneven : kOnDraining;
      add_arc(nodes_[node.id.value()], sink_, 1, weight);
    }
  }

  const ClusterView& view_;
  Graph graph_;
  Vertex source_{};
  Vertex sink_{};
  std::vector<Vertex> nodes_;
  std::vector<LastArc> last_arcs_;
};

}  // namespace

std::vector<std::vector<NodeId>> solve_whole_network(const ClusterView& view) {
  return WholeNetwork(view).solve();
}

}  // namespace shardproof::distribution
