// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sim/check/monitor.hpp"

namespace shardproof::sim::check {

/// Compares what a boot finds with what the node had stated to be durable before.
class RestartEquivalence : public Monitor<RestartEquivalence> {
 public:
  static constexpr InvariantInfo kInvariant{
      21, "restart_equivalence",
      "after a crash a node has every copy and entry that it had stated to be durable, and nothing "
      "that was never written"};
  using Monitor::Monitor;

  void on(const fact::CopyRecovered& copy, const At& at);
  void on(const hook::Booted&, const At& at);

 private:
  /// To name what a copy lacks whose log ended with `before` and ends with `after`. O(documents).
  Findings::Explain lost_documents(ShardId shard, Version before, Version after) const;
};

}  // namespace shardproof::sim::check
