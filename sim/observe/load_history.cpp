// SPDX-License-Identifier: Apache-2.0
#include "sim/observe/load_history.hpp"

#include <algorithm>

#include "sim/observe/grown.hpp"

namespace shardproof::sim {

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
}

std::optional<std::uint64_t> LoadHistory::thrash_runs(SkewDimension dimension) const {
  std::optional<std::uint64_t> most;
  for (const peers::ThrashSeries& series : of(dimension).nodes) {
    if (!series.is_empty()) most = std::max(most.value_or(0), series.runs());
  }
  return most;
}

}  // namespace shardproof::sim
