// SPDX-License-Identifier: Apache-2.0
#include "sim/observe/plan_tally.hpp"

namespace shardproof::sim {

void PlanTally::on_plan(const fact::PlanMade& plan) {
  const std::uint64_t moves = plan.balance_moves + plan.other_moves;
  ++made_;
  moves_ += moves;
  rounds_ += moves > 0 ? 1 : 0;
  is_quiet_ = moves == 0 && (is_quiet_ || plan.for_evenness);
}

void PlanTally::on_membership() {
  rounds_ = 0;
  is_quiet_ = false;
}

}  // namespace shardproof::sim
