// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace shardproof::distribution {

/// What a bucket of CRUSH chooses among: a node, or a domain, which is a bucket itself.
struct CrushItem {
  std::uint64_t seed = 0;    ///< the hash of its name
  std::uint64_t weight = 1;  ///< above zero; of a domain the sum of its nodes'
};

}  // namespace shardproof::distribution
