// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "core/distribution/optimum/flow_state.hpp"

namespace shardproof::distribution {

struct CycleCancelling {
  std::uint64_t searches = 0;
  bool is_proven = false;  ///< the last search found no negative cycle
};

/// Cancels negative cycles of the residual network until there are none, or `searches_max` searches
/// have been made. What the searches cost is said at minimum_flow.
CycleCancelling cancel_negative_cycles(FlowState& flow, std::uint64_t searches_max);

}  // namespace shardproof::distribution
