// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "sim/check/monitor.hpp"

namespace shardproof::sim::check {

/// Follows proposals from when they are made until they are settled, and who may commit.
class MutualExclusion : public Monitor<MutualExclusion> {
 public:
  static constexpr InvariantInfo kInvariant{24, "mutual_exclusion",
                                            "at most one change of a shard's record is under way, "
                                            "and only the coordinator in office commits"};
  using Monitor::Monitor;

  void on(const hook::Committing& commit, const At& at);
  void on(const fact::ChangeProposed& change, const At& at);
  void on(const fact::ChangeSettled& change, const At& at);

 private:
  struct Open {
    NodeId node;
    Term term;
    Epoch epoch;
    const char* intent = "";
  };

  /// By shard; none if nothing is open. A later term's proposal takes the place of an earlier
  /// one's, which can no longer be committed.
  std::vector<Open> open_;
};

}  // namespace shardproof::sim::check
