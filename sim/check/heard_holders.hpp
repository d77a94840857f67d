// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "sim/check/data_backed_promotion.hpp"
#include "sim/check/monitor.hpp"

namespace shardproof::sim::check {

/// Whoever decides on a shard's holders has heard of those who know, in its own term: of every
/// replica before another one leads, or nobody does (or it takes that one for dead), and of the
/// leader before the in-sync set changes. A coordinator that is new in its office knows nobody.
/// O(replicas) per commit.
class HeardHolders : public Monitor<HeardHolders> {
 public:
  static constexpr InvariantInfo kInvariant = DataBackedPromotion::kInvariant;
  using Monitor::Monitor;

  void on(const fact::OfficeTaken&, const At& at);
  void on(const fact::NodeTrusted& trusted, const At& at) { note(trusted.node, at); }
  void on(const fact::NodeSuspected& suspected, const At& at) { note(suspected.node, at); }
  void on(const fact::NodeExpelled& expelled, const At& at) { note(expelled.node, at); }
  void on(const hook::Committing& commit, const At& at);

 private:
  void note(NodeId node, const At& at);
  bool has_heard(NodeId author, NodeId node) const;
  void check(const ShardInfo& before, const ShardInfo& after, NodeId author, const At& at);

  /// By coordinator and node: has been heard, or counted as dead, since it took its office.
  std::vector<std::vector<char>> heard_;
};

}  // namespace shardproof::sim::check
