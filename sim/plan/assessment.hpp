// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/distribution/rebalance/rebalance.hpp"
#include "core/distribution/replanning.hpp"
#include "sim/observe/plan_result.hpp"
#include "sim/plan/plan_options.hpp"
#include "sim/snapshot/cluster_snapshot.hpp"

namespace shardproof::sim {

/// What came of planning again and again, with everything carried out at once.
struct CarriedOut {
  std::vector<distribution::Move> moves;  ///< in order, repairs first
  distribution::ClusterView after;
  distribution::Replanning replanning;
};

/// Repairs what is missing, then lets the policy plan until it is quiet or has planned
/// `rounds_max` times. Pure; the cost is the policy's.
CarriedOut carry_out(const ClusterSnapshot& snapshot, const distribution::RebalancePolicy& policy,
                     const PlanOptions& options);

/// How a cluster is before anything moves, with the least that has to: what is missing has
/// to be made, and the rest to become even. O(copies log copies), and up to 60,000 copies what
/// minimum_flow.hpp takes to prove it.
PlannedCluster describe(std::string name, const ClusterSnapshot& snapshot,
                        const PlanOptions& options = {});

/// What was carried out, in figures.
PolicyPlan assess(std::string policy, const ClusterSnapshot& snapshot, const CarriedOut& carried,
                  const PlanOptions& options);

}  // namespace shardproof::sim
