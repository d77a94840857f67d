// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/distribution/rebalance/draft.hpp"

namespace shardproof::distribution {

/// The goals of the greedy rebalance, each working on the draft that those before it leave; see
/// greedy.hpp for what they want and why they end.

/// Leader transfers off the nodes in maintenance that are alive.
void hand_over_before_maintenance(Draft& draft);

/// Moves every copy off the draining nodes that are alive (a dead one's are repaired), node by
/// node. O(copies on them * n R).
void evacuate_draining(Draft& draft);

/// Spreads copies that share a domain although a node elsewhere would take one. O(copies R) plus
/// O(n R) for each copy of a shard on too few domains. True if anything was moved.
bool spread_domains(Draft& draft);

/// What every policy does before it looks at evenness: the three above, leaders first, because what
/// can be handed over at once must not wait for copies to leave draining nodes.
void drain_and_spread(Draft& draft);

/// True if anything was moved.
bool balance_counts(Draft& draft);
bool balance_bytes(Draft& draft);

/// Leader transfers only. Last of all: it does not count moves that come later.
void balance_leaders(Draft& draft);

}  // namespace shardproof::distribution
