// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <vector>

#include "core/base/units.hpp"
#include "sim/observe/metric_catalogue.hpp"

namespace shardproof::sim {

/// Metrics over time, at most `kRowsMax` rows: when full, every second row goes and the interval
/// doubles, so any run fits and rows stay equally spaced. For looking at, not for deciding:
/// expectations are judged at each sample, before this forgets any.
class Series {
 public:
  static constexpr std::size_t kRowsMax = 4096;

  struct Row {
    Instant time;
    /// One for each of `columns()`; NaN where the metric could not be computed.
    std::vector<double> values;  // lint: reporting only
  };

  Series();

  /// The catalogue's metrics with `in_series`, in its order.
  const std::vector<MetricIndex>& columns() const { return columns_; }
  /// Every how many samples a row is kept, a power of two.
  std::size_t stride() const { return stride_; }
  const std::vector<Row>& rows() const { return rows_; }

  /// Whether the next sample will be kept; the caller need not compute the values otherwise.
  bool wants_next() const { return samples_ % stride_ == 0; }
  /// The next sample; times only rise. `values` as in `Row`, not looked at unless wanted. Amortised
  /// O(columns).
  void add(Instant time, std::vector<double> values);  // lint: reporting only

 private:
  void thin_out();

  std::vector<MetricIndex> columns_;
  std::vector<Row> rows_;
  std::size_t samples_ = 0;
  std::size_t stride_ = 1;
};

}  // namespace shardproof::sim
