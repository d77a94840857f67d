// SPDX-License-Identifier: Apache-2.0
#include "core/distribution/optimum/exact_colouring.hpp"

#include <algorithm>

#include "core/base/check.hpp"
#include "core/base/contains.hpp"
#include "core/distribution/optimum/split_colouring.hpp"

namespace shardproof::distribution {
namespace {

using Edge = KempeColouring::Edge;

std::uint32_t degree_bound(const TransferGraph& graph) {
  const std::vector<std::uint32_t> all = degrees(graph);
  std::uint32_t bound = 0;
  for (std::size_t node = 0; node < all.size(); ++node) {
    const std::uint32_t capacity = graph.capacities[node];
    bound = std::max(bound, all[node] / capacity + (all[node] % capacity != 0));
  }
  return bound;
}

std::vector<Edge> edges_of(const TransferGraph& graph) {
  std::vector<Edge> edges;
  edges.reserve(graph.transfers.size());
  for (const auto& [source, target, bytes] : graph.transfers) {
    edges.emplace_back(source.value(), target.value());
  }
  return edges;
}

/// The transfers at each node.
std::vector<std::vector<std::uint32_t>> incidence(std::size_t nodes,
                                                  const std::vector<Edge>& edges) {
  std::vector<std::vector<std::uint32_t>> at(nodes);
  for (std::uint32_t i = 0; i < edges.size(); ++i) {
    at[edges[i].first].push_back(i);
    at[edges[i].second].push_back(i);
  }
  return at;
}

std::uint32_t other_end(const Edge& edge, std::uint32_t node) {
  return edge.first == node ? edge.second : edge.first;
}

bool has_odd_cycle(std::size_t nodes, const std::vector<Edge>& edges) {
  const auto at = incidence(nodes, edges);
  std::vector<char> side(nodes, 0);  // 1 or 2 once it is known
  for (std::uint32_t start = 0; start < nodes; ++start) {
    if (side[start] != 0) continue;
    side[start] = 1;
    std::vector<std::uint32_t> reached{start};
    while (!reached.empty()) {
      const std::uint32_t node = reached.back();
      reached.pop_back();
      for (const std::uint32_t edge : at[node]) {
        const std::uint32_t next = other_end(edges[edge], node);
        if (side[next] == side[node]) return true;
        if (side[next] != 0) continue;
        side[next] = static_cast<char>(3 - side[node]);
        reached.push_back(next);
      }
    }
  }
  return false;
}

/// Directs the edges so that at each vertex as many leave as arrive, give or take one.
class EulerOrientation {
 public:
  EulerOrientation(std::uint32_t vertices, std::vector<Edge> edges)
      : real_edges_(edges.size()), edges_(std::move(edges)) {
    at_ = incidence(vertices + 1, edges_);
    for (std::uint32_t vertex = 0; vertex < vertices; ++vertex) {
      if (at_[vertex].size() % 2 == 0) continue;
      at_[vertex].push_back(static_cast<std::uint32_t>(edges_.size()));
      at_[vertices].push_back(static_cast<std::uint32_t>(edges_.size()));
      edges_.emplace_back(vertex, vertices);
    }
    directed_.assign(edges_.size(), 0);
  }

  /// The edges, each from its tail to its head.
  std::vector<Edge> run() {
    for (std::uint32_t vertex = 0; vertex < at_.size(); ++vertex) walk_from(vertex);
    edges_.resize(real_edges_);
    return std::move(edges_);
  }

 private:
  /// All degrees being even, a walk ends where it began, when there is no way on.
  void walk_from(std::uint32_t vertex) {
    while (true) {
      auto& here = at_[vertex];
      while (!here.empty() && directed_[here.back()]) here.pop_back();
      if (here.empty()) return;
      const std::uint32_t edge = here.back();
      directed_[edge] = 1;
      const std::uint32_t next = other_end(edges_[edge], vertex);
      edges_[edge] = {vertex, next};
      vertex = next;
    }
  }

  std::size_t real_edges_;
  std::vector<Edge> edges_;
  std::vector<std::vector<std::uint32_t>> at_;
  std::vector<char> directed_;
};

/// A graph without odd cycles, no vertex with more than `bound` times its capacity of edges.
RoundSchedule in_as_many_rounds_as(std::uint32_t bound, std::uint32_t vertices,
                                   const std::vector<Edge>& edges) {
  const auto colours = split_colouring(vertices, edges, bound);
  SHARDPROOF_CHECK(!contains(colours, KempeColouring::kNone));
  return rounds_of(colours, bound);
}

}  // namespace

std::optional<RoundSchedule> bipartite_schedule(const TransferGraph& graph) {
  const auto nodes = static_cast<std::uint32_t>(graph.capacities.size());
  const std::vector<Edge> edges = edges_of(graph);
  if (has_odd_cycle(nodes, edges)) return std::nullopt;
  return in_as_many_rounds_as(degree_bound(graph), nodes, edges);
}

std::optional<RoundSchedule> even_schedule(const TransferGraph& graph) {
  const std::vector<std::uint32_t> all = degrees(graph);
  for (std::size_t node = 0; node < all.size(); ++node) {
    if (all[node] > 0 && graph.capacities[node] % 2 != 0) return std::nullopt;
  }
  const auto nodes = static_cast<std::uint32_t>(graph.capacities.size());
  std::vector<Edge> edges = EulerOrientation(nodes, edges_of(graph)).run();
  for (auto& [tail, head] : edges) head += nodes;
  return in_as_many_rounds_as(degree_bound(graph), 2 * nodes, edges);
}

}  // namespace shardproof::distribution
