// SPDX-License-Identifier: Apache-2.0
#include "sim/observe/series.hpp"

#include <utility>

#include "core/base/check.hpp"

namespace shardproof::sim {

Series::Series() {
  const auto catalogue = metric_catalogue();
  for (std::size_t i = 0; i < catalogue.size(); ++i) {
    if (catalogue[i].in_series) columns_.push_back(static_cast<MetricIndex>(i));
  }
}

void Series::add(Instant time, std::vector<double> values) {  // lint: reporting only
  if (wants_next()) {
    SHARDPROOF_CHECK(values.size() == columns_.size());
    rows_.push_back({time, std::move(values)});
    if (rows_.size() == kRowsMax) thin_out();
  }
  ++samples_;
}

void Series::thin_out() {
  for (std::size_t i = 1; 2 * i < rows_.size(); ++i) rows_[i] = std::move(rows_[2 * i]);
  rows_.resize((rows_.size() + 1) / 2);
  stride_ *= 2;
}

}  // namespace shardproof::sim
