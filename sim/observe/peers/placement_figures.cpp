// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "sim/observe/peers/ceph.hpp"
#include "sim/observe/peers/put_figure.hpp"
#include "sim/observe/peers/redpanda.hpp"

namespace shardproof::sim::peers {
namespace {

/// Of all regions the least and the largest score of a store against the region's others. What has
/// a single copy says nothing of distance.
void put_distinct_scores(PeerFigures& figures, const PeerState& state) {
  std::optional<double> least;
  std::optional<double> most;
  std::vector<Location> others;
  for (const std::vector<std::uint32_t>& set : state.replica_sets) {
    if (set.size() < 2) continue;
    for (const std::uint32_t store : set) {
      others.clear();
      for (const std::uint32_t other : set) {
        if (other != store) others.push_back(state.locations[other]);
      }
      const auto score = static_cast<double>(distinct_score(others, state.locations[store]));
      least = std::min(least.value_or(score), score);
      most = std::max(most.value_or(score), score);
    }
  }
  put_figure(figures, "pd.distinct_score_min", least);
  put_figure(figures, "pd.distinct_score_max", most);
}

void put_pairs(PeerFigures& figures, const PeerState& state) {
  const auto pairs = pair_frequency(state.replica_sets, state.copies.size());
  if (!pairs) return;
  put_figure(figures, "redpanda.pair_frequency_min", static_cast<double>(pairs->min));
  put_figure(figures, "redpanda.pair_frequency_max", static_cast<double>(pairs->max));
  put_figure(figures, "redpanda.pair_frequency_avg", pairs->average);
}

}  // namespace

void put_placement_figures(PeerFigures& figures, const PeerState& state,
                           const std::vector<std::uint64_t>& weights) {
  put_distinct_scores(figures, state);
  put_pairs(figures, state);
  std::vector<std::vector<std::uint64_t>> copies;
  std::vector<std::vector<std::uint64_t>> bytes;
  std::optional<double> unbalanced;
  for (const Table& table : state.tables) {
    if (total_of(table.copies) == 0) continue;
    copies.push_back(table.copies);
    bytes.push_back(table.bytes);
    const auto off = static_cast<double>(unbalanced_nodes(table.copies, weights, 3));
    unbalanced = std::max(unbalanced.value_or(0), off);
  }
  put_figure(figures, "redpanda.unbalanced_nodes_of_a_topic", unbalanced);
  put_count_stats(figures, "topic_replicas", topic_stats(copies));
  std::vector<std::uint64_t> racks;
  for (const Location& location : state.locations) racks.push_back(location[2]);
  put_figure(figures, "scylla.table_overcommit", table_overcommit(bytes, weights, racks));
  if (total_of(state.documents) > 0) {
    put_figure(figures, "ceph.mgr_score_objects", mgr_score(state.documents, weights));
  }
}

}  // namespace shardproof::sim::peers
