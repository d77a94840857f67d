// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <vector>

#include "core/distribution/cluster_view.hpp"
#include "core/distribution/optimum/packing.hpp"
#include "sim/observe/plan_result.hpp"

namespace shardproof::sim {

/// How even a cluster is, in-flight moves counted as done. O(copies log copies).
PlanSkew plan_skew(const distribution::ClusterView& view, bool knows_bytes);

/// How even the load of all copies could be on the members (by node index, at least one): of each
/// shard as many copies as there are members at most. Nothing without a load. Of more than 300,000
/// copies only the bound. The cost is that of packing.hpp.
std::optional<BestBalance> best_balance(const distribution::ClusterView& view,
                                        const std::vector<bool>& members,
                                        distribution::PackedLoad load);

/// The same of what leaders alone have to carry, over members that count alike whatever their
/// disks, if each could lead any shard; shards without leader are left out. Nothing without a load.
/// O(view) on top.
std::optional<BestBalance> best_balance_of_leaders(const distribution::ClusterView& view,
                                                   const std::vector<bool>& members,
                                                   distribution::PackedLoad load);

/// The same of the processors, over members that count alike, if all copies were placed anew, any
/// of a shard's leading it. Nothing where none is known. O(view) on top.
std::optional<BestBalance> best_balance_of_cpu(const distribution::ClusterView& view,
                                               const std::vector<bool>& members);

}  // namespace shardproof::sim
