// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sim/check/balance.hpp"
#include "sim/check/monitor.hpp"

namespace shardproof::sim::check {

/// Looks at plans without a move. Where nothing stands in the way of one (ample disks, every shard
/// whole and free, every member alive, no fault for some time), copies are as even as the policy
/// declares, or no single copy could go where there are fewer without coming nearer to another one
/// of its shard; and so are leaders. O(nodes) per plan without a move; O(copies x nodes) where the
/// nodes are less even.
class EvenAtRest : public Monitor<EvenAtRest> {
 public:
  static constexpr InvariantInfo kInvariant = Balance::kInvariant;
  using Monitor::Monitor;

  void on(const fact::PlanMade& plan, const At& at);

 private:
  void check_copies(const fact::PlanMade& plan, std::uint32_t gap, const At& at);
  void check_leaders(const fact::PlanMade& plan, std::uint32_t gap, const At& at);
  bool is_disk_ample(const NodeRecord& node) const;
  /// Nothing that the committed table or the nodes' disks have to say forbids a move.
  bool is_free_to_move(const fact::PlanMade& plan) const;
  /// Where the shard's copy on `source` could go to make the nodes more even; none if nowhere.
  NodeId find_target(const ShardInfo& shard, NodeId source, const fact::PlanBasis& basis,
                     std::uint32_t gap) const;
};

}  // namespace shardproof::sim::check
