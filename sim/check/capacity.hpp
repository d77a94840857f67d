// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sim/check/monitor.hpp"

namespace shardproof::sim::check {

/// Looks at each disk as it fills, at each copy that is given to a node, and at the files that are
/// left when nothing happens any more.
class Capacity : public Monitor<Capacity> {
 public:
  static constexpr InvariantInfo kInvariant{33, "capacity",
                                            "no disk is over 100 % full, a full one is never "
                                            "chosen for a new copy, and what is not needed "
                                            "any more is removed"};
  using Monitor::Monitor;

  void on(const hook::DiskUsed& disk, const At& at);
  void on(const hook::Committing& commit, const At& at);
  void on(const hook::Settled& settled, const At& at);

 private:
  void check_target(const ShardInfo& after, NodeId target, NodeId author, const At& at);
};

}  // namespace shardproof::sim::check
