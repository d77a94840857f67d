// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "sim/check/findings.hpp"
#include "sim/check/oracle.hpp"

namespace shardproof::sim::check {

/// Whether a copy, or the leadership of a shard, that was moved for evenness comes back to the node
/// it was on again and again, although nothing has changed since well before it left first: no
/// member, no setting, no coordinator, no request of a client. A part of invariant 36. O(1) per
/// commit of a shard that is not moved for evenness, O(its moves since the last change) per one
/// that is.
class Thrash {
 public:
  explicit Thrash(const Oracle& oracle) : oracle_(oracle) {}

  /// Plans may be other ones from now on, as soon as the coordinator has heard of it.
  void note_change(Instant now) { changed_at_ = now; }

  /// So often something may come back: a plan that exchanges bytes may need what another one, which
  /// evened out counts, has sent away.
  static constexpr std::size_t kReturnsMax = 2;

  /// What comes back by the commit of `after` once too often, whence, and since when; the node is
  /// none if nothing does.
  struct Return {
    const char* what = "";
    NodeId node;
    NodeId from;
    Instant left_at;
  };
  Return on_commit(const ShardInfo& before, const ShardInfo& after, Instant now);

 private:
  struct Departure {
    NodeId node;
    Instant at;
    bool is_leadership = false;
  };

  Return find_return(ShardId shard, NodeId node, NodeId from, bool is_leadership) const;
  void leave(ShardId shard, NodeId node, bool is_leadership, Instant now);

  const Oracle& oracle_;
  Instant changed_at_;
  /// By shard: what has left which node since the last change.
  std::vector<std::vector<Departure>> departures_;
};

}  // namespace shardproof::sim::check
