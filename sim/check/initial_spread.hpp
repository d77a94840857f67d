// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <set>
#include <string>
#include <vector>

#include "sim/check/anti_affinity.hpp"
#include "sim/check/monitor.hpp"

namespace shardproof::sim::check {

/// Judges where the copies of a new sharded collection's shards begin: none shares a wider failure
/// domain with another one of its shard than it would on a node that was free to take it. Such a
/// node has been an active member with room, answering and unsuspected, and nothing was broken, for
/// longer than a proposal is on its way. What an operator places by hand, and where the policy
/// knows no domains, nothing is asked. O(copies x nodes) for each new shard.
class InitialSpread : public Monitor<InitialSpread> {
 public:
  static constexpr InvariantInfo kInvariant = AntiAffinity::kInvariant;
  using Monitor::Monitor;

  void on(const hook::Commanded& command, const At& at);
  void on(const fact::NodeSuspected& suspected, const At& at);
  void on(const fact::NodeTrusted& trusted, const At& at);
  void on(const hook::Committing& commit, const At& at);

 private:
  /// Whether whoever proposes anything that is committed now knew it.
  bool is_known(Instant since, const At& at) const;
  bool is_free(const NodeRecord& node, const At& at) const;
  void note_change(NodeId node, const At& at);
  void check(const ShardInfo& shard, NodeId author, const At& at);

  /// Full names.
  std::set<std::string> placed_by_hand_;
  /// By node: when it last became something else, or was suspected or trusted; zero for never.
  std::vector<Instant> changed_at_;
};

}  // namespace shardproof::sim::check
