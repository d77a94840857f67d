// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <vector>

namespace shardproof::sim {

/// The element at `index` of a list that grows, by default values, to have it. Amortised O(1).
template <typename T>
T& grown(std::vector<T>& values, std::size_t index) {
  if (values.size() <= index) values.resize(index + 1);
  return values[index];
}

}  // namespace shardproof::sim
