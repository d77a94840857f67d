// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sim/check/monitor.hpp"

namespace shardproof::sim::check {

/// Compares what a plan says that the nodes hold with what the commits say, and looks at plans
/// without a move: where nothing stands in the way (one failure domain, ample disks of one size,
/// every shard whole and free, every member alive, no fault for some time) copies and leaders are
/// as even as the policy declares. Where nothing was written for some time either, plans are made
/// for as many bytes as there are. Once nothing is in flight, nothing of a plan is left that may
/// begin. O(nodes) per plan; O(copies) per plan without a move, and after some time of rest.
class Balance : public Monitor<Balance> {
 public:
  static constexpr InvariantInfo kInvariant{13, "balance",
                                            "what plans are made for is what nodes hold once moves "
                                            "in flight have arrived, by the sizes of "
                                            "their disks, a plan without a move means that "
                                            "they are within the policy's declared bound, and "
                                            "what is planned begins"};
  using Monitor::Monitor;

  void on(const fact::EntryApplied&, const At& at) { applied_at_ = at.true_time; }
  void on(const fact::PlanMade& plan, const At& at);
  void on(const fact::PlannedMoveTaken& taken, const At& at);
  void on(const hook::Committing& commit, const At& at);
  void on(const hook::Settled&, const At& at);

 private:
  /// What the last plan has left to be moved or handed over for evenness.
  struct Waiting {
    NodeId planner;
    Term term;
    std::uint64_t moves = 0;
    Instant planned_at;
  };

  void check_sight(const fact::PlanMade& plan, const At& at);
  void check_bytes(const fact::PlanMade& plan, const At& at);
  void check_weights(const fact::PlanMade& plan, const At& at);
  void check_rest(const fact::PlanMade& plan, const At& at);
  void check_leaders(const fact::PlanMade& plan, std::uint32_t gap, const At& at);
  void check_periodic(const At& at);
  void check_waiting(const At& at);
  /// Whether every node has made several load reports since.
  bool is_reported(Instant since, const At& at) const;
  /// No fault now, and every node has reported since the last one.
  bool is_well_known(const At& at) const;
  bool is_disk_ample(const NodeRecord& node) const;
  /// Nothing that the committed table or the nodes' disks have to say forbids a move.
  bool is_free_to_move(const fact::PlanMade& plan) const;

  /// The table by which the last plan for evenness was made.
  Revision planned_by_;
  Waiting waiting_;
  /// The last commit that switched balancing off.
  Revision off_in_;
  Instant applied_at_;
};

}  // namespace shardproof::sim::check
