// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/distribution/rebalance/draft.hpp"

namespace shardproof::distribution {

/// Evens bytes out without touching counts: while a node that takes copies is further from its
/// share (as of shares_of_bytes) than the draft's bytes_band allows, the one furthest out exchanges
/// a copy for one of a node on the other side of its share, where the net is what both can do with,
/// give or take a half, the cheapest such pair. A pair's price is what the plan then copies more:
/// nothing for copies that it moves anyway, which only take another way, less than nothing for
/// those that return.
///
/// Each exchange brings the distances of all nodes from their shares together down by at least a
/// 64th of what both can do with, so it ends; where no pair helps the node is left as it is.
/// Domains and space are obeyed as by Draft::may_move. O(x p c log c) for x exchanges, c copies on
/// a node and p = 8 partners tried.
void exchange_bytes(Draft& draft);

}  // namespace shardproof::distribution
