// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sim/check/monitor.hpp"

namespace shardproof::sim::check {

/// What was applied to any copy was committed: it may be missing from a copy, but whatever repairs
/// copies must not take it from the last one, those of nodes that are down counted: they return.
/// Judged where a copy is replaced, cut back or dropped; with a lowered write concern not at all,
/// for a failover may then undo what was applied.
class RepairNeverShrinks : public Monitor<RepairNeverShrinks> {
 public:
  static constexpr InvariantInfo kInvariant{
      30, "repair_never_shrinks",
      "what the copies of a shard hold together never becomes less by a repair"};
  using Monitor::Monitor;

  void on(const fact::CopyInstalled& installed, const At& at);
  void on(const fact::TailTruncated& tail, const At& at);
  void on(const fact::CopyDropped& dropped, const At& at);
  void on(const fact::CopyCreated& created, const At& at);

 private:
  /// The copy of `at.node` is about to end with `end` (zero: nothing is left of it).
  void check(ShardId shard, Version end, const char* by, const At& at);
};

}  // namespace shardproof::sim::check
