// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>

#include "core/base/result.hpp"
#include "core/distribution/keys/key_map_request.hpp"

namespace shardproof::distribution {

/// How many nodes an algorithm that fixes it beforehand makes room for: the option `capacity`,
/// where it is 0 twice the nodes (or those that will be), rounded up to a power of two; doubled
/// until all nodes have room.
inline std::uint32_t capacity_of(const KeyMapRequest& request) {
  std::uint64_t capacity = request.number("capacity");
  if (capacity == 0)
    capacity = std::bit_ceil(std::uint64_t{2} * std::max(request.nodes, request.nodes_later));
  while (capacity < request.nodes) capacity *= 2;
  return static_cast<std::uint32_t>(capacity);
}

/// Whether a capacity that was asked for is enough.
inline Result<void> capacity_fits(const KeyMapRequest& request) {
  const std::uint64_t capacity = request.number("capacity");
  if (capacity != 0 && capacity < request.nodes) {
    return fail("option capacity: {} is below {} nodes", capacity, request.nodes);
  }
  return {};
}

}  // namespace shardproof::distribution
