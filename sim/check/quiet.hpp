// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sim/check/monitor.hpp"

namespace shardproof::sim::check {

/// Judges each plan by what its coordinator saw, for a policy that declares its bound: what is
/// within it is left alone. So a plan on a planned state is empty, and small differences of load,
/// which there are all the time, move nothing. A coordinator that is wrong about the copies is
/// judged by what the commits and the writes say instead. O(nodes) per plan, then O(copies).
class Quiet : public Monitor<Quiet> {
 public:
  static constexpr InvariantInfo kInvariant{36, "quiet",
                                            "nothing is planned for evenness while the nodes are "
                                            "within the policy's declared bound, moves "
                                            "in flight counted as done"};
  using Monitor::Monitor;

  void on(const fact::PlanMade& plan, const At& at);

 private:
  /// Whether what the plan takes the nodes to have is so, as far as its table can say.
  bool is_right(const fact::PlanMade& plan) const;
  /// The plan's basis with the true copies and bytes.
  fact::PlanBasis recomputed(const fact::PlanMade& plan) const;
};

}  // namespace shardproof::sim::check
