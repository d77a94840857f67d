// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "core/distribution/optimum/kempe.hpp"

namespace shardproof::distribution {

/// Colours a multigraph whose vertices have room for several edges of a colour: each vertex is
/// split into parts of at most `colours` edges, in the order of the edges, and the parts are
/// coloured by Kempe chains. By edge; KempeColouring::kNone for those that failed, which happens
/// only if the parts are not bipartite. No vertex has more than `colours` times its room of edges.
std::vector<std::uint32_t> split_colouring(std::uint32_t vertices,
                                           const std::vector<KempeColouring::Edge>& edges,
                                           std::uint32_t colours);

}  // namespace shardproof::distribution
