// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sim/check/monitor.hpp"

namespace shardproof::sim::check {

/// Compares what a plan says that the nodes hold and weigh with what the commits and records say.
/// Where nothing was written for some time, plans are made for as many bytes as there are. O(nodes)
/// per plan; O(copies) after some time of rest.
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

 private:
  void check_sight(const fact::PlanMade& plan, const At& at);
  void check_bytes(const fact::PlanMade& plan, const At& at);
  void check_weights(const fact::PlanMade& plan, const At& at);

  Instant applied_at_;
};

}  // namespace shardproof::sim::check
