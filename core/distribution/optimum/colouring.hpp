// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "core/distribution/optimum/exact_colouring.hpp"
#include "core/distribution/optimum/list_schedule.hpp"
#include "core/distribution/optimum/round_bounds.hpp"
#include "core/distribution/optimum/transfer_graph.hpp"

namespace shardproof::distribution {

/// Any graph: colours with as many colours as the bounds ask for, as far as Kempe chains lead, and
/// then what is left in the same way, in rounds of its own; where that misses the bounds and there
/// are few transfers, in other orders too (20,000 transfers in all). Where the graph has no odd
/// cycle that is the optimum, else close to the bounds: by Shannon and Vizing up to half of them,
/// or the largest multiplicity, may be missing. (The problem is NP-hard.)
RoundSchedule kempe_schedule(const TransferGraph& graph);

/// For any graph with no capacity of 1 at a node with transfers: odd capacities are rounded down,
/// and the rest is the optimum of that, so at most 3/2 of the optimum (a capacity of 3 is used for
/// 2). Nothing for others.
std::optional<RoundSchedule> rounded_schedule(const TransferGraph& graph);

/// A way to schedule, by its name in reports.
struct RoundScheduler {
  std::string_view name{};
  std::string_view description{};
  std::string_view needs{};  ///< what a graph must be like for it; empty: nothing
  /// Nothing for graphs that it is not for.
  std::optional<RoundSchedule> (*schedule)(const TransferGraph&);
};

/// All of them: fifo, list, kempe, bipartite, even, rounded.
std::span<const RoundScheduler> round_schedulers();

}  // namespace shardproof::distribution
