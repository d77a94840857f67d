// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <vector>

#include "core/distribution/rebalance/plan.hpp"
#include "sim/observe/plan_result.hpp"
#include "sim/plan/plan_options.hpp"
#include "sim/snapshot/cluster_snapshot.hpp"

namespace shardproof::sim {

inline constexpr std::size_t kManyTransfers = 2'000'000;

/// Schedules the moves by every scheduler that can, in rounds, and, if sizes and the bandwidth of
/// some node are known, in time; with the bounds that none of them can beat, and why the others are
/// left out. Of more than `kManyTransfers` moves only in the order of the plan, for the others
/// take minutes and gigabytes; the bounds are there all the same.
void schedule(const ClusterSnapshot& snapshot, const std::vector<distribution::Move>& moves,
              const PlanOptions& options, PolicyPlan& plan);

}  // namespace shardproof::sim
