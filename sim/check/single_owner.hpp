// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <vector>

#include "sim/check/monitor.hpp"

namespace shardproof::sim::check {

/// Judges each act that only the owner may do: accepting a client's write, answering a read or a
/// part of a scan. The owner has a lease by its own clock, is the committed leader or the
/// predecessor that is still to be fenced, and nobody else has acted in its epoch or a later one.
/// (The barrier that a new leader writes before it serves is no such act.) Acknowledging takes the
/// lease, too, and so does telling a replica what it may serve.
///
/// When `enable_sharding` is given up, its new shards are retired at once, and nobody waits until
/// those who led them have heard of it: nobody ever reads them. So what the move itself still
/// writes there, by requests that were on their way, is no violation; anything else is.
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
  void on(const hook::ReadIndexTold& told, const At& at);
  void on(const hook::Committing& commit, const At& at);

 private:
  struct Owner {
    NodeId node;
    Epoch epoch;
    Instant at;  ///< the last time
  };
  /// What somebody did: "accepted a write", and of which document, if of one.
  struct Act {
    const char* what;
    const Document* document = nullptr;
  };
  /// Who could act for a shard by the last table before it was retired.
  struct Last {
    NodeId leader;
    NodeId fencing;
  };

  void on_act(ShardId shard, Epoch epoch, const Act& act, const At& at);
  void check_owner(ShardId shard, Epoch epoch, const Act& act, const At& at);
  void check_lease(ShardId shard, Epoch epoch, const Act& act, const At& at);
  void check_table(ShardId shard, Epoch epoch, const Act& act, const At& at);
  /// `n1 accepted a write of "a" in s0 at e1`
  static std::string act_text(ShardId shard, Epoch epoch, const Act& act, const At& at);
  bool is_left_over(const fact::WriteAccepted& write, const At& at) const;

  /// By shard: who acted last in the highest epoch.
  std::vector<Owner> owners_;
  /// Of the retired ones.
  std::map<ShardId, Last> last_;
};

}  // namespace shardproof::sim::check
