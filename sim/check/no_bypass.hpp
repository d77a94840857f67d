// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sim/check/monitor.hpp"

namespace shardproof::sim::check {

/// Facts about shards that the table does not have end here. The audit looks for documents that
/// were never written.
class NoBypass : public Monitor<NoBypass> {
 public:
  static constexpr InvariantInfo kInvariant{12, "no_bypass",
                                            "documents live only in the shards that the table "
                                            "names, and no user's name is an internal one"};
  using Monitor::Monitor;

  void on(const hook::Committing& commit, const At& at);
  /// A fact about a shard that is not in the committed table.
  void on_unknown_shard(ShardId shard, const char* fact, const At& at);
};

}  // namespace shardproof::sim::check
