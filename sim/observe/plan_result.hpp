// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/base/units.hpp"
#include "core/distribution/policy_option.hpp"
#include "sim/observe/skew.hpp"

namespace shardproof::sim {

/// How even a cluster is: the skew of each dimension over the nodes that take copies or still hold
/// some. Nothing where it is not known or where there is no load.
struct PlanSkew {
  std::array<std::optional<Skew>, kSkewDimensions> of{};
  std::optional<Skew> bytes_by_capacity;  ///< by the nodes' disks; nothing if one has no limit
  /// Load over weight of the fullest node, over that of all together: what BestBalance bounds.
  std::optional<ExactValue> copies_over_share;
  std::optional<ExactValue> bytes_over_share;  ///< nothing if sizes are not known
  std::optional<ExactValue> fullest_disk;      ///< bytes over capacity, of the node with the most

  const std::optional<Skew>& skew(SkewDimension dimension) const {
    return of[static_cast<std::size_t>(dimension)];
  }
};

/// A move of a plan, by names.
struct PlannedMove {
  std::string collection;
  std::string shard;
  std::string source;
  std::string target;
  std::string kind;            ///< move, add or leader transfer
  std::string reason;          ///< repair, drain, domain or balance
  std::optional<Bytes> bytes;  ///< nothing if sizes are not known
};

/// What a plan costs.
struct PlanCost {
  std::uint64_t moves = 0;             ///< of copies, repairs included
  std::uint64_t leader_transfers = 0;  ///< without data
  Bytes bytes{};
  Bytes bytes_between_zones{};
  std::uint64_t bounces = 0;         ///< moves of a shard to a node that it had left
  std::uint64_t moves_of_shard = 0;  ///< of the shard that moves most often
  std::uint64_t unplaced = 0;        ///< copies that are still on draining nodes, or missing
};

/// In how many rounds of equally long moves, or in what time, a plan's moves can be carried out.
struct PlanSchedule {
  std::string scheduler;
  std::optional<std::uint64_t> rounds;  ///< of one that makes rounds
  std::optional<Nanoseconds> time;      ///< of one that starts moves as places become free
};

/// A schedule that was not made, and why.
struct ScheduleLeftOut {
  std::string scheduler;
  std::string reason;
};

/// What one policy makes of a cluster, planning again until it moves nothing more.
struct PolicyPlan {
  std::string policy;
  std::string label;                     ///< the policy, with what is set of it
  distribution::OptionValues options{};  ///< what is set of it
  std::uint32_t rounds = 0;              ///< plans that had moves
  bool is_quiet = false;                 ///< the last plan had none
  PlanCost cost;
  PlanSkew after;
  std::vector<PlanSchedule> schedules;
  std::vector<ScheduleLeftOut> schedules_left_out;
  std::uint64_t rounds_bound_degree = 0;   ///< no schedule of these moves takes fewer: by nodes,
  std::uint64_t rounds_bound_density = 0;  ///< and by sets of nodes
  std::optional<Nanoseconds> time_bound;   ///< only with a bandwidth and sizes
  double plan_ns = 0;                      ///< real time
  std::vector<PlannedMove> moves;          ///< in order, those asked for

  std::uint64_t rounds_bound() const { return std::max(rounds_bound_degree, rounds_bound_density); }
};

/// How even a load could be if everything were placed anew on the nodes that stay: load over weight
/// of the fullest node, over the mean.
struct BestBalance {
  ExactValue bound;                 ///< no placement is more even
  std::optional<ExactValue> found;  ///< by packing the largest first, where that was tried
};

/// The fewest copies that leave the counts as even as domains, and nodes and shards that stay,
/// allow (minimum_flow.hpp).
struct FewestMoves {
  std::uint64_t copies = 0;  ///< made for those that were missing, and moved
  bool is_proven = false;    ///< no others are fewer
};

/// A cluster, and what each of the policies would do about it.
struct PlannedCluster {
  std::string name;
  std::uint64_t nodes = 0;  ///< members, those that join or are to leave included
  std::uint64_t shards = 0;
  std::uint64_t copies = 0;
  std::optional<Bytes> bytes;  ///< of all copies; nothing if sizes are not known
  PlanSkew before;
  std::optional<BestBalance> best_copies;
  std::optional<BestBalance> best_bytes;     ///< nothing if sizes are not known
  std::optional<BestBalance> best_leaders;   ///< over all members alike, wherever copies are
  std::optional<BestBalance> best_requests;  ///< the same; nothing if there are none
  std::optional<BestBalance> best_cpu;       ///< over all members alike; nothing if not known
  std::optional<FewestMoves> fewest_moves;   ///< nothing for a large cluster
  /// To move, for balanced counts; nothing where excluded nodes, shards that stay or full disks may
  /// forbid these: then no plan need come so far.
  std::optional<std::uint64_t> copies_minimum;
  std::optional<Bytes> bytes_minimum;  ///< of so many copies; nothing if sizes are not known
  std::optional<Bytes> bytes_to_even;  ///< the same, if shards could be cut
  std::vector<PolicyPlan> policies;    ///< in the order in which they were asked for
};

/// What `shardproof plan` found.
struct PlanResult {
  std::vector<PlannedCluster> clusters;
  std::uint32_t moves_per_node = 0;  ///< that were in flight at once, at most
  Bandwidth bandwidth{};             ///< of each node, in each direction
};

}  // namespace shardproof::sim
