// SPDX-License-Identifier: Apache-2.0
#include "sim/observe/load_history.hpp"

#include <algorithm>

#include "sim/observe/grown.hpp"

namespace shardproof::sim {

void SkewOverTime::add(const std::optional<ExactValue>& value, Instant now) {
  const Nanoseconds span = now - last_at_;
  last_at_ = now;
  if (last_) {
    const auto length = static_cast<std::uint64_t>(span.count());
    weighted_q32_ += static_cast<UInt128>(last_->to_q32()) * length;
    span_ += length;
    if (was_over_) {
      over_ += span;
      last_over_ = now;
    }
  }
  last_ = value;
  was_over_ = value && *value > kUnevenOver;
  if (value && (!max_ || compare_alike(*max_, *value) < 0)) max_ = value;
}

std::optional<ExactValue> SkewOverTime::mean() const {
  if (span_ == 0) return std::nullopt;
  return ExactValue::fraction(weighted_q32_, static_cast<UInt128>(span_) << 32);
}

void LoadHistory::on_sample(SkewReadings& readings, const ClusterTally& cluster,
                            const LoadTally& loads, Instant now) {
  for (std::size_t i = 0; i < kSkewDimensions; ++i) {
    const auto which = static_cast<SkewDimension>(i);
    Dimension& dimension = dimensions_[i];
    const std::optional<Skew>& skew = readings.of(which, cluster, loads);
    dimension.max_over_mean.add(skew ? std::optional(skew->max_over_mean) : std::nullopt, now);
    dimension.cv.add(skew ? std::optional(skew->cv) : std::nullopt, now);
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
