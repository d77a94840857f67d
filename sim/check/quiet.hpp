// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sim/check/monitor.hpp"
#include "sim/check/thrash.hpp"

namespace shardproof::sim::check {

/// Judges each plan by what its coordinator saw, for a policy that declares its bound: what is
/// within it is left alone. So a plan on a planned state is empty, and small differences of load,
/// which there are all the time, move nothing. A coordinator that is wrong about the copies is
/// judged by what the commits and the writes say instead. And nothing that was moved for evenness
/// comes back while nothing changes, whatever the policy declares. O(nodes) per plan, then
/// O(copies).
class Quiet : public Monitor<Quiet> {
 public:
  static constexpr InvariantInfo kInvariant{36, "quiet",
                                            "nothing is planned for evenness while the nodes are "
                                            "within the policy's declared bound, moves in flight "
                                            "counted as done, and nothing that was moved for it "
                                            "comes back again and again while nothing changes"};
  Quiet(Oracle& oracle, Findings& findings) : Monitor(oracle, findings), thrash_(oracle) {}

  void on(const fact::PlanMade& plan, const At& at);
  void on(const fact::OfficeTaken&, const At& at) { thrash_.note_change(at.true_time); }
  void on(const fact::NodeSuspected&, const At& at) { thrash_.note_change(at.true_time); }
  void on(const fact::NodeTrusted&, const At& at) { thrash_.note_change(at.true_time); }
  void on(const hook::Crashed&, const At& at) { thrash_.note_change(at.true_time); }
  void on(const hook::Booted&, const At& at) { thrash_.note_change(at.true_time); }
  void on(const hook::Invoked&, const At& at) { thrash_.note_change(at.true_time); }
  void on(const hook::Replied&, const At& at) { thrash_.note_change(at.true_time); }
  void on(const hook::Committing& commit, const At& at);

 private:
  /// Whether what the plan takes the nodes to have is so, as far as its table can say.
  bool is_right(const fact::PlanMade& plan) const;
  /// The plan's basis with the true copies and bytes.
  fact::PlanBasis recomputed(const fact::PlanMade& plan) const;

  Thrash thrash_;
};

}  // namespace shardproof::sim::check
