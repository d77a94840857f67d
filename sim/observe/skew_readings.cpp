// SPDX-License-Identifier: Apache-2.0
#include "sim/observe/skew_readings.hpp"

namespace shardproof::sim {

void SkewReadings::refresh() {
  if (is_current_) return;
  is_current_ = true;
  is_known_.fill(false);
  scopes_.reset();
}

const std::optional<Skew>& SkewReadings::of(SkewDimension dimension, const ClusterTally& cluster,
                                            const LoadTally& loads) {
  refresh();
  const auto i = static_cast<std::size_t>(dimension);
  if (!is_known_[i]) {
    of_[i] = skew_of(cluster_loads(dimension, cluster, loads));
    is_known_[i] = true;
  }
  return of_[i];
}

const std::vector<ScopedSkew>& SkewReadings::scopes(const ClusterTally& cluster,
                                                    const LoadTally& loads) {
  refresh();
  if (!scopes_) scopes_ = scoped_skews(cluster, loads);
  return *scopes_;
}

}  // namespace shardproof::sim
