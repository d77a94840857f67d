// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sim/check/monitor.hpp"

namespace shardproof::sim::check {

/// Compares what a plan says that the nodes hold with what the commits say, and looks at plans
/// without a move: where nothing stands in the way (one failure domain, ample disks of one size,
/// every shard whole and free, every member alive, no fault for some time) the nodes are as even as
/// the policy declares. O(nodes) per plan, and O(shards) per plan without a move.
class Balance : public Monitor<Balance> {
 public:
  static constexpr InvariantInfo kInvariant{13, "balance",
                                            "what plans are made for is what nodes hold once moves "
                                            "in flight have arrived, by the sizes of "
                                            "their disks, and a plan without a move means that "
                                            "they are within the policy's declared bound"};
  using Monitor::Monitor;

  void on(const fact::PlanMade& plan, const At& at);
  void on(const hook::Settled&, const At& at);

 private:
  void check_sight(const fact::PlanMade& plan, const At& at);
  void check_weights(const fact::PlanMade& plan, const At& at);
  void check_rest(const fact::PlanMade& plan, const At& at);
  bool is_disk_ample(const NodeRecord& node) const;
  /// Nothing that the committed table or the nodes' disks have to say forbids a move.
  bool is_free_to_move(const fact::PlanMade& plan) const;

  /// The table by which the last plan for evenness was made.
  Revision planned_by_;
};

}  // namespace shardproof::sim::check
