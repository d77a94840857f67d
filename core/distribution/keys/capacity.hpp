// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
#include <cstdint>

#include "core/base/result.hpp"
#include "core/distribution/keys/key_map_request.hpp"

namespace shardproof::distribution {

/// How many nodes an algorithm that fixes it beforehand makes room for: the option `capacity`, or
/// where it is 0 twice the most nodes that there are known to be, rounded up to a power of two. A
/// map that outgrows its room is built anew with twice as much.
inline std::uint32_t capacity_of(const KeyMapRequest& request) {
  std::uint64_t capacity = request.number("capacity");
  if (capacity == 0) capacity = std::bit_ceil(std::uint64_t{2} * request.nodes_max());
  while (capacity < request.nodes) capacity *= 2;
  return static_cast<std::uint32_t>(capacity);
}

/// Whether a capacity that was asked for is enough for all nodes that are known to come: AnchorHash
/// and DxHash are defined up to it, and what they promise ends there.
inline Result<void> capacity_fits(const KeyMapRequest& request) {
  const std::uint64_t capacity = request.number("capacity");
  if (capacity != 0 && capacity < request.nodes_max()) {
    return fail("option capacity: {} is below {} nodes", capacity, request.nodes_max());
  }
  return {};
}

}  // namespace shardproof::distribution
