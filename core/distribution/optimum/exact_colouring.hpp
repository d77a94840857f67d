// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "core/distribution/optimum/transfer_graph.hpp"

namespace shardproof::distribution {

/// The schedule of LB1 = max ceil(d_v / c_v) rounds, which no schedule beats, of a graph without
/// odd cycles, as it is when nodes only give or only receive; nothing for other graphs.
///
/// Each node is split into parts of at most LB1 transfers, no more than c_v of them; the parts are
/// a bipartite multigraph of that degree, whose edges LB1 colours suffice for (König 1916). Cost as
/// of KempeColouring for LB1 colours.
std::optional<RoundSchedule> bipartite_schedule(const TransferGraph& graph);

/// The same for any graph in which each node with transfers has an even capacity; nothing for
/// others.
///
/// Transfers are directed along Euler tours (through an additional vertex where a degree is odd),
/// so that of a node's d_v at most ceil(d_v / 2) leave it and as many arrive. With half of the
/// capacity for each direction that is a bipartite graph of degree LB1 (Kari, Kim, Russell 2011).
std::optional<RoundSchedule> even_schedule(const TransferGraph& graph);

}  // namespace shardproof::distribution
