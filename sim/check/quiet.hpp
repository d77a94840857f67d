// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sim/check/monitor.hpp"

namespace shardproof::sim::check {

/// Judges each plan by what its coordinator saw, for a policy that declares its bound: what is
/// within it is left alone. So a plan on a planned state is empty, and small differences of load,
/// which there are all the time, move nothing. O(nodes) per plan.
class Quiet : public Monitor<Quiet> {
 public:
  static constexpr InvariantInfo kInvariant{36, "quiet",
                                            "nothing is planned for evenness while the nodes are "
                                            "within the policy's declared bound, moves "
                                            "in flight counted as done"};
  using Monitor::Monitor;

  void on(const fact::PlanMade& plan, const At& at);
};

}  // namespace shardproof::sim::check
