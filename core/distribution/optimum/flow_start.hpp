// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/distribution/optimum/flow_state.hpp"

namespace shardproof::distribution {

/// The first flow: while a copy can go from one node to another so that the unevenness falls, the
/// cheapest one goes from the fullest node to the emptiest that may have it. Of equally full nodes
/// the one whose next copy is cheapest gives. A copy that no emptier node may have stays.
///
/// Where no copy was refused, the result has the least cost: each node has given just what it has
/// to, at its cheapest. O(m log n + (m + refused) t R) for m moves, t nodes tried for a copy.
void fill_from_fullest(FlowState& flow);

/// True if each member has its target at the cost of the relaxation in which any copy may go
/// anywhere: each node gives what it has above its target rounded down, at its cheapest, but for as
/// many as may be rounded up, which keep the dearest that they would give. No flow costs less.
/// O(m + n log n).
bool has_relaxed_minimum(const FlowState& flow);

}  // namespace shardproof::distribution
