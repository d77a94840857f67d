// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/coordinator/operations.hpp"

namespace shardproof {

/// Operators' orders that hold for the cluster as a whole, whoever is coordinator and whatever it
/// is configured with. Each is done when the table says so, and binds what begins afterwards.

/// Moves for evenness go on, or are begun no more.
Progress set_balancing(const message::AdminRequest& request, Tenure& tenure, Step& step);
/// Of the limits of moves those that are ordered replace what held before; the others stay.
Progress set_limits(const message::AdminRequest& request, Tenure& tenure, Step& step);
/// Plans are made by another rebalance policy from now on. Refused if there is none of that name.
Progress set_policy(const message::AdminRequest& request, Tenure& tenure, Step& step);

/// "2 moves per node, 1 MB/s": what operators have ordered, for a person; empty if nothing.
std::string describe(const OrderedLimits& limits);

}  // namespace shardproof
