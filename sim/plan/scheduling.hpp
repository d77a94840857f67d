// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "core/distribution/rebalance/plan.hpp"
#include "sim/observe/plan_result.hpp"
#include "sim/plan/plan_options.hpp"
#include "sim/snapshot/cluster_snapshot.hpp"

namespace shardproof::sim {

/// Schedules the moves by every scheduler that can, in rounds, and, if sizes and the bandwidth of
/// some node are known, in time; with the bounds that none of them can beat. Of more than 100,000
/// moves only in the order of the plan and largest first, for the others take long.
void schedule(const ClusterSnapshot& snapshot, const std::vector<distribution::Move>& moves,
              const PlanOptions& options, PolicyPlan& plan);

}  // namespace shardproof::sim
