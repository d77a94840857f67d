// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sim/check/monitor.hpp"

namespace shardproof::sim::check {

/// Looks at each disk as it fills, and at each copy that is given to a node.
class Capacity : public Monitor<Capacity> {
 public:
  static constexpr InvariantInfo kInvariant{
      33, "capacity", "no disk is over 100 % full, and a full one is never chosen for a new copy"};
  using Monitor::Monitor;

  void on(const hook::DiskUsed& disk, const At& at);
  void on(const hook::Committing& commit, const At& at);

 private:
  void check_target(const ShardInfo& after, NodeId target, NodeId author, const At& at);
};

}  // namespace shardproof::sim::check
