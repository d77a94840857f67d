// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <map>
#include <vector>

#include "sim/observe/scope_samples.hpp"
#include "sim/observe/skew_over_time.hpp"

namespace shardproof::sim {

/// Skew of zones, racks and collections from sample to sample. While a scope does not exist, no
/// time counts for it.
class ScopeHistory {
 public:
  /// What `scope_samples` and `worst_of` give; times never decrease. O(samples log scopes that ever
  /// were).
  void on_sample(const std::vector<ScopeSample>& samples, const WorstOfScopes& worst, Instant now);

  /// By dimension; null if there never was such a scope. O(log scopes).
  const std::array<SkewTimes, kSkewDimensions>* times(const ScopeKey& scope) const;
  /// Of what `worst_of` gives; null if there never was a scope of that kind.
  const SkewOverTime* worst(SkewScope kind, SkewDimension dimension) const;

 private:
  std::map<ScopeKey, std::array<SkewTimes, kSkewDimensions>> scopes_;
  std::array<std::optional<std::array<SkewOverTime, kSkewDimensions>>, kSkewScopes.size()> worst_{};
};

}  // namespace shardproof::sim
