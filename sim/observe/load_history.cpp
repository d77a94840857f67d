// SPDX-License-Identifier: Apache-2.0
#include "sim/observe/load_history.hpp"

#include <algorithm>

#include "sim/observe/grown.hpp"

namespace shardproof::sim {

namespace {

/// Of the members the sizes of their disks; the same of all if one is unlimited.
std::vector<std::uint64_t> disk_weights(const ClusterTally& cluster) {
  std::vector<std::uint64_t> weights;
  bool are_limited = true;
  for (const ClusterTally::Node& node : cluster.nodes()) {
    if (!node.is_weighed()) continue;
    weights.push_back(node.record.capacity.disk.count());
    are_limited = are_limited && weights.back() > 0;
  }
  if (!are_limited) std::fill(weights.begin(), weights.end(), 1);
  return weights;
}

}  // namespace

void LoadHistory::on_sample(SkewReadings& readings, const ClusterTally& cluster,
                            const LoadTally& loads, Instant now) {
  for (std::size_t i = 0; i < kSkewDimensions; ++i) {
    const auto which = static_cast<SkewDimension>(i);
    Dimension& dimension = dimensions_[i];
    const std::optional<Skew>& skew = readings.of(which, cluster, loads);
    dimension.times.add(
        skew ? std::optional(SkewSample{skew->max_over_mean, skew->cv}) : std::nullopt, now);
    const std::vector<std::uint64_t>& of_members = readings.loads(which, cluster, loads);
    std::size_t place = 0;
    for (std::size_t id = 0; id < cluster.nodes().size(); ++id) {
      if (!cluster.nodes()[id].is_weighed()) continue;
      grown(dimension.nodes, id).add(of_members[place++]);
    }
  }
  overcommit_.add(readings.loads(SkewDimension::kBytes, cluster, loads), disk_weights(cluster));
}

std::optional<std::uint64_t> LoadHistory::thrash_runs(SkewDimension dimension) const {
  std::optional<std::uint64_t> most;
  for (const peers::ThrashSeries& series : of(dimension).nodes) {
    if (!series.is_empty()) most = std::max(most.value_or(0), series.runs());
  }
  return most;
}

}  // namespace shardproof::sim
