// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/base/units.hpp"
#include "sim/observe/grown.hpp"

namespace shardproof::sim {

/// Rows of `kColumns` amounts each, summed since the older one of two marks. A mark is set every
/// `kIntervals` intervals, so that the sums are of the last `kIntervals` + 1 to 2 `kIntervals`
/// intervals, the present one included, or of all there were. That takes three numbers an amount,
/// however long the window is: enough for every shard of a large cluster.
template <std::size_t kColumns>
class MarkedTotals {
 public:
  static constexpr std::size_t kIntervals = 32;
  using Row = std::array<std::uint64_t, kColumns>;

  /// Rows are dense by index. Amortised O(1).
  void add(std::size_t row, std::size_t column, std::uint64_t amount) {
    grown(totals_, row)[column] += amount;
  }
  /// Forgets what was before: the first interval begins.
  void begin(Instant now) { older_ = newer_ = {totals_, now}; }
  /// Begins the next interval; times never decrease. O(rows), once in `kIntervals` times.
  void next_interval(Instant now) {
    if (++intervals_ % kIntervals != 0) return;
    older_ = newer_;
    newer_ = {totals_, now};
  }

  /// O(1).
  Row recent(std::size_t row) const {
    Row sums = row < totals_.size() ? totals_[row] : Row{};
    if (row >= older_.totals.size()) return sums;
    for (std::size_t i = 0; i < kColumns; ++i) sums[i] -= older_.totals[row][i];
    return sums;
  }
  /// The time of which these are the sums.
  Nanoseconds window(Instant now) const { return now - older_.time; }

 private:
  struct Mark {
    std::vector<Row> totals;
    Instant time;
  };

  std::vector<Row> totals_;
  Mark newer_;
  Mark older_;
  std::size_t intervals_ = 0;
};

}  // namespace shardproof::sim
