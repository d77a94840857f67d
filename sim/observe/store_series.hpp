// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <vector>

#include "core/base/units.hpp"
#include "sim/observe/store_figures.hpp"

namespace shardproof::sim {

/// What asim has of each store over time, a row for each member of a sample, about `kRowsMax` in
/// all (one sample more if its members alone are more): when there are as many, every second sample
/// goes and the interval doubles, as of `ScopeSeries`. For looking at, not for deciding.
class StoreSeries {
 public:
  static constexpr std::size_t kRowsMax = 16384;

  struct Row {
    std::size_t sample = 0;  ///< number of the sample, counted from zero
    Instant time;
    NodeId node;
    /// Of `named_figures`, in its order; NaN where they could not be computed.
    std::array<double, kStoreFigures> values{};  // lint: reporting only
  };

  /// In order of time, of one time in order of id.
  const std::vector<Row>& rows() const { return rows_; }

  /// Whether the next sample will be kept; the caller need not compute the figures otherwise.
  bool wants_next() const { return samples_ % stride_ == 0; }
  /// The next sample; times only rise. `stores` are not looked at unless wanted. Amortised
  /// O(stores).
  void add(const std::vector<StoreFigures>& stores, Instant now);

 private:
  void thin_out();

  std::vector<Row> rows_;
  std::size_t samples_ = 0;
  std::size_t stride_ = 1;
};

}  // namespace shardproof::sim
