// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "sim/check/monitor.hpp"

namespace shardproof::sim::check {

/// Judges each act that only the owner may do: accepting a client's write, answering a read or a
/// part of a scan. The owner has a lease by its own clock, is the committed leader or the
/// predecessor that is still to be fenced, and nobody else has acted in its epoch or a later one.
/// (The barrier that a new leader writes before it serves is no such act.) Acknowledging takes the
/// lease, too.
class SingleOwner : public Monitor<SingleOwner> {
 public:
  static constexpr InvariantInfo kInvariant{
      5, "single_owner",
      "for each shard at most one node accepts writes or serves reads, inside its lease, and none "
      "after a successor"};
  using Monitor::Monitor;

  void on(const fact::WriteAccepted& write, const At& at);
  void on(const fact::WriteAcknowledged& write, const At& at);
  void on(const fact::ReadServed& read, const At& at);
  void on(const fact::ScanPartServed& part, const At& at);

 private:
  struct Owner {
    NodeId node;
    Epoch epoch;
  };

  void on_act(ShardId shard, Epoch epoch, const char* act, const At& at);
  void check_lease(ShardId shard, Epoch epoch, const char* act, const At& at);
  void check_table(ShardId shard, Epoch epoch, const char* act, const At& at);

  /// By shard: who acted last in the highest epoch.
  std::vector<Owner> owners_;
};

}  // namespace shardproof::sim::check
