// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/distribution/optimum/transfer_graph.hpp"

namespace shardproof::distribution {

/// First in, first out, without overtaking: a round is filled in the order of the transfers until
/// one of them finds no place; that one begins the next round. O(nodes * rounds + transfers).
RoundSchedule fifo_schedule(const TransferGraph& graph);

/// Greedy colouring: each transfer, in the given order, in the first round in which both of its
/// nodes have a place. At most sum of both nodes' degree bounds less one rounds, so below twice the
/// optimum (for unit capacities 2 Delta - 1). O(transfers * rounds / 64), rounds that are full from
/// the first one on at one of the nodes costing nothing.
RoundSchedule list_schedule(const TransferGraph& graph);

}  // namespace shardproof::distribution
