// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "core/distribution/keys/key_map_request.hpp"

namespace shardproof::distribution {

/// What a bucket of CRUSH chooses among: a node, or a domain, which is a bucket itself.
struct CrushItem {
  std::uint64_t seed = 0;    ///< the hash of its name
  std::uint64_t weight = 1;  ///< above zero; of a domain the sum of its nodes'
};

/// Node `node` as an item: the XXH64 of `node-<i>` with the request's seed, and its weight.
CrushItem crush_node(const KeyMapRequest& request, std::uint32_t node);

}  // namespace shardproof::distribution
