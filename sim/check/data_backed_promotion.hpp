// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <utility>

#include "sim/check/monitor.hpp"

namespace shardproof::sim::check {

/// Judges commits that name another leader, the coordinator's choice, and leaders that begin to
/// serve.
class DataBackedPromotion : public Monitor<DataBackedPromotion> {
 public:
  static constexpr InvariantInfo kInvariant{
      7, "data_backed_promotion",
      "a new leader is in sync or a migration's synced target, and holds every acknowledged write"};
  using Monitor::Monitor;

  void on(const hook::Committing& commit, const At& at);
  void on(const fact::TailTruncated& tail, const At& at);
  void on(const fact::LeaderChosen& chosen, const At& at);
  void on(const fact::LeadershipTaken& taken, const At& at);

 private:
  /// Nobody has told of more: a later epoch, or more entries in the same.
  void check_greatest(const fact::LeaderChosen& chosen, const At& at);
  void check_leader(const ShardInfo& before, const ShardInfo& after, NodeId author, const At& at);
  /// Another one that has every acknowledged write; none if nobody has.
  NodeId find_better_holder(const ShardInfo& before, NodeId leader);

  /// Where copies ended before they were cut last: by then they may have told it.
  std::map<std::pair<ShardId, NodeId>, Version> ends_before_cut_;
};

}  // namespace shardproof::sim::check
