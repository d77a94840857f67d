// SPDX-License-Identifier: Apache-2.0
#include "sim/observe/scope_series.hpp"

#include <algorithm>
#include <limits>

namespace shardproof::sim {

void ScopeSeries::add(const std::vector<ScopeSample>& samples, const ClusterTally& cluster,
                      Instant now) {
  const std::size_t number = samples_++;
  if (number % stride_ != 0) return;
  constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();  // lint: reporting only
  for (const ScopeSample& sample : samples) {
    const auto [place, is_new] = places_.try_emplace(sample.scope, scopes_.size());
    if (is_new) scopes_.push_back({sample.scope.kind, scope_name(sample.scope, cluster)});
    Row row{number, now, place->second, {}};
    for (std::size_t i = 0; i < kSkewDimensions; ++i) {
      const std::optional<SkewSample>& skew = sample.of[i];
      row.values[2 * i] = skew ? skew->max_over_mean.to_double() : kUnknown;
      row.values[2 * i + 1] = skew ? skew->cv.to_double() : kUnknown;
    }
    rows_.push_back(row);
  }
  if (rows_.size() >= kRowsMax) thin_out();
}

void ScopeSeries::thin_out() {
  stride_ *= 2;
  const auto goes = [this](const Row& row) { return row.sample % stride_ != 0; };
  rows_.erase(std::remove_if(rows_.begin(), rows_.end(), goes), rows_.end());
}

}  // namespace shardproof::sim
