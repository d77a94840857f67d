// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "sim/check/monitor.hpp"
#include "sim/check/single_owner.hpp"

namespace shardproof::sim::check {

/// Who led a shard and may not know yet that another does. Either the shard's record names it as to
/// be fenced, and its successor does not serve before it has stopped; or it has no lease, and gets
/// none before it knows. Whatever it might do otherwise, this is said when the record or the lease
/// makes it possible.
///
/// O(1) for a commit; for a lease, O(shards that its node has lost, been let go of and not heard
/// of).
class FormerLeaders : public Monitor<FormerLeaders> {
 public:
  static constexpr InvariantInfo kInvariant = SingleOwner::kInvariant;
  using Monitor::Monitor;

  void on(const hook::Committing& commit, const At& at);
  void on(const fact::LeadershipTaken& taken, const At& at);
  void on(const fact::LeaseTaken& lease, const At& at);

 private:
  /// Somebody's time as leader of a shard.
  struct Reign {
    ShardId shard;
    NodeId node;
    Revision begun;
    Revision ended;
    /// Since when no record names it as to be fenced.
    Instant let_go_at;
  };
  struct Shard {
    Reign now;
    Reign fenced;
  };

  void follow(const ShardInfo& before, const ShardInfo& after, const hook::Committing& commit,
              const At& at);
  /// From now on nothing but the lack of a lease keeps it from acting.
  void let_go(const Reign& reign, const ShardInfo& after, NodeId author, const At& at);
  /// It knows, has no copy any more, or its process is gone.
  bool is_harmless(const Reign& reign) const;
  std::string knowledge_text(const Reign& reign) const;

  /// By shard.
  std::vector<Shard> shards_;
  /// By node.
  std::vector<std::vector<Reign>> let_go_;
};

}  // namespace shardproof::sim::check
