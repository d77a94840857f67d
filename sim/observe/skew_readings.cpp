// SPDX-License-Identifier: Apache-2.0
#include "sim/observe/skew_readings.hpp"

namespace shardproof::sim {

void SkewReadings::refresh() {
  if (is_current_) return;
  is_current_ = true;
  for (Reading& reading : readings_) reading.is_known = false;
  samples_.reset();
  scopes_.reset();
}

SkewReadings::Reading& SkewReadings::reading(SkewDimension dimension, const ClusterTally& cluster,
                                             const LoadTally& loads) {
  refresh();
  Reading& reading = readings_[static_cast<std::size_t>(dimension)];
  if (reading.is_known) return reading;
  reading.loads = cluster_loads(dimension, cluster, loads);
  reading.skew = skew_of(reading.loads);
  reading.is_known = true;
  return reading;
}

const std::vector<std::uint64_t>& SkewReadings::loads(SkewDimension dimension,
                                                      const ClusterTally& cluster,
                                                      const LoadTally& loads) {
  return reading(dimension, cluster, loads).loads;
}

const std::optional<Skew>& SkewReadings::of(SkewDimension dimension, const ClusterTally& cluster,
                                            const LoadTally& loads) {
  return reading(dimension, cluster, loads).skew;
}

const std::vector<ScopeSample>& SkewReadings::samples(const ClusterTally& cluster,
                                                      const LoadTally& loads) {
  refresh();
  if (samples_) return *samples_;
  DimensionLoads members;
  for (std::size_t i = 0; i < kSkewDimensions; ++i) {
    members[i] = reading(static_cast<SkewDimension>(i), cluster, loads).loads;
  }
  if (!tables_) tables_ = table_samples(cluster);
  samples_ = scope_samples(members, *tables_, cluster, loads);
  worst_ = worst_of(*samples_);
  return *samples_;
}

const WorstOfScopes& SkewReadings::worst(const ClusterTally& cluster, const LoadTally& loads) {
  samples(cluster, loads);
  return worst_;
}

const std::vector<ScopedSkew>& SkewReadings::scopes(const ClusterTally& cluster,
                                                    const LoadTally& loads) {
  refresh();
  if (!scopes_) scopes_ = scoped_skews(cluster, loads);
  return *scopes_;
}

}  // namespace shardproof::sim
