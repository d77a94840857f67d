// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sim/check/monitor.hpp"
#include "sim/check/single_owner.hpp"

namespace shardproof::sim::check {

/// That leases mean what a takeover counts on: nobody in office takes a node for dead that may yet
/// act on a lease, whoever granted it, and no lease is longer than what the committed table tells
/// the next coordinator to wait for. O(1).
class LeaseSafety : public Monitor<LeaseSafety> {
 public:
  static constexpr InvariantInfo kInvariant = SingleOwner::kInvariant;
  using Monitor::Monitor;

  void on(const fact::NodeSuspected& suspected, const At& at);
  void on(const fact::LeaseTaken& lease, const At& at);
};

}  // namespace shardproof::sim::check
