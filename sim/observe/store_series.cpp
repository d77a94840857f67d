// SPDX-License-Identifier: Apache-2.0
#include "sim/observe/store_series.hpp"

#include <algorithm>
#include <limits>

namespace shardproof::sim {

void StoreSeries::add(const std::vector<StoreFigures>& stores, Instant now) {
  const bool is_wanted = wants_next();
  const std::size_t number = samples_++;
  if (!is_wanted) return;
  for (const StoreFigures& store : stores) {
    Row& row = rows_.emplace_back();
    row.sample = number;
    row.time = now;
    row.node = store.node;
    const auto figures = named_figures(store);
    for (std::size_t i = 0; i < kStoreFigures; ++i) {
      const auto& value = figures[i].second;
      row.values[i] = value ? value->to_double()
                            : std::numeric_limits<double>::quiet_NaN();  // lint: reporting only
    }
  }
  if (rows_.size() >= kRowsMax) thin_out();
}

void StoreSeries::thin_out() {
  stride_ *= 2;
  std::erase_if(rows_, [this](const Row& row) { return row.sample % stride_ != 0; });
}

}  // namespace shardproof::sim
