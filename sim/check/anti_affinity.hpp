// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "sim/check/monitor.hpp"

namespace shardproof::sim::check {

/// Judges each copy that a commit places: the widest level of domain that it shares with another
/// copy is compared with what other nodes would have shared. A node counts as a choice if it is an
/// active member that has answered the coordinator lately and did not count as dead when the change
/// was proposed, with room on its disk and no copy of the shard. A migration may keep what it
/// finds: it must not be worse than its source. A copy that is given up because fewer are wanted is
/// compared with those that stay. What an operator orders by hand is the operator's
/// business.
class AntiAffinity : public Monitor<AntiAffinity> {
 public:
  static constexpr InvariantInfo kInvariant{
      14, "anti_affinity",
      "no two copies of a shard share a node, nor a failure domain while there are enough domains, "
      "and of too many the one goes that is nearest to another"};
  using Monitor::Monitor;

  void on(const fact::NodeSuspected& suspected, const At& at);
  void on(const fact::NodeTrusted& trusted, const At& at);
  void on(const fact::OfficeTaken& office, const At& at);
  void on(const hook::Committing& commit, const At& at);

 private:
  void check(const ShardInfo& after, NodeId placed, const ShardInfo* before, NodeId author,
             const At& at);
  void check_surplus(const ShardInfo& before, const ShardInfo& after, NodeId author, const At& at);
  bool is_choice(const NodeRecord& node, const ShardInfo& shard, const At& at) const;
  /// Whether it counted as alive when the shard's last change was proposed, and so long before.
  bool was_trusted(NodeId node, ShardId shard, Nanoseconds for_long = {}) const;
  bool was_heard(NodeId node, ShardId shard) const;
  bool was_active(const NodeRecord& node, ShardId shard) const;

  /// By node: since when it does not count as dead; never if it does. What is not there never did.
  std::vector<Instant> trusted_since_;
  /// When the office was taken last; never if it was not.
  Instant office_since_ = Instant::never();
};

}  // namespace shardproof::sim::check
