// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "core/base/units.hpp"
#include "sim/observe/scope_samples.hpp"

namespace shardproof::sim {

/// Skew of zones, racks and collections over time, a row for each scope of a sample, about
/// `kRowsMax` in all (one sample more if its scopes alone are more): when there are as many, every
/// second sample goes and the interval doubles, as of `Series`. So the file stays the size of that
/// one however many scopes there are. For looking at, not for deciding.
class ScopeSeries {
 public:
  static constexpr std::size_t kRowsMax = 16384;
  static constexpr std::size_t kFigures = 2 * kSkewDimensions;

  struct Row {
    std::size_t sample = 0;  ///< number of the sample, counted from zero
    Instant time;
    std::size_t scope = 0;  ///< place in `scopes()`
    /// max_over_mean and cv of each dimension in turn; NaN where they could not be computed.
    std::array<double, kFigures> values{};  // lint: reporting only
  };
  struct Scope {
    SkewScope kind = SkewScope::kCluster;
    std::string name;  ///< as of `scope_name`
  };

  const std::vector<Scope>& scopes() const { return scopes_; }
  /// In order of time, of one time in order of the scopes' keys.
  const std::vector<Row>& rows() const { return rows_; }

  /// The next sample; times only rise. Amortised O(samples), nothing if it is not kept.
  void add(const std::vector<ScopeSample>& samples, const ClusterTally& cluster, Instant now);

 private:
  void thin_out();

  std::map<ScopeKey, std::size_t> places_;
  std::vector<Scope> scopes_;
  std::vector<Row> rows_;
  std::size_t samples_ = 0;
  std::size_t stride_ = 1;
};

}  // namespace shardproof::sim
