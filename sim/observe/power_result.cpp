// SPDX-License-Identifier: Apache-2.0
#include "sim/observe/power_result.hpp"

#include <algorithm>

namespace shardproof::sim {

std::size_t PowerResult::found() const {
  return static_cast<std::size_t>(
      std::count_if(rows.begin(), rows.end(), [](const PowerRow& row) { return row.found; }));
}

std::size_t PowerResult::unnoticed() const {
  return static_cast<std::size_t>(std::count_if(rows.begin(), rows.end(), [](const PowerRow& row) {
    return !row.found && !row.expected.empty();
  }));
}

std::uint64_t PowerResult::median_seeds() const {
  std::vector<std::uint64_t> seeds;
  for (const PowerRow& row : rows) {
    if (row.found) seeds.push_back(row.seeds);
  }
  if (seeds.empty()) return 0;
  std::sort(seeds.begin(), seeds.end());
  return seeds[(seeds.size() - 1) / 2];
}

}  // namespace shardproof::sim
