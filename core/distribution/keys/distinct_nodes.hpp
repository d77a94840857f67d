// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "core/base/contains.hpp"

namespace shardproof::distribution {

/// `first`, then the nodes that draw(0), draw(1), ... give, those left out that are there already,
/// until there are `count` or all of `nodes`. After 64 draws for each node the numbers that follow
/// the last draw fill the rest.
template <typename Draw>
std::vector<std::uint32_t> distinct_nodes(std::uint32_t first, std::uint32_t count,
                                          std::uint32_t nodes, const Draw& draw) {
  std::vector<std::uint32_t> found{first};
  std::uint32_t candidate = first;
  for (std::uint64_t i = 0; found.size() < std::min(count, nodes); ++i) {
    candidate = i < std::uint64_t{64} * nodes ? draw(i) : (candidate + 1) % nodes;
    if (!shardproof::contains(found, candidate)) found.push_back(candidate);
  }
  return found;
}

}  // namespace shardproof::distribution
