// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sim/check/balance.hpp"
#include "sim/check/monitor.hpp"

namespace shardproof::sim::check {

/// Once nothing is in flight, plans are made as often as they are to be, and nothing is left of the
/// last one that may begin. O(1) per plan and move.
class PlannedMoves : public Monitor<PlannedMoves> {
 public:
  static constexpr InvariantInfo kInvariant = Balance::kInvariant;
  using Monitor::Monitor;

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

  void check_periodic(const At& at);
  void check_waiting(const At& at);

  /// The table by which the last plan for evenness was made.
  Revision planned_by_;
  Waiting waiting_;
  /// The last commit that switched balancing off.
  Revision off_in_;
};

}  // namespace shardproof::sim::check
