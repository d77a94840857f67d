// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "sim/check/monitor.hpp"

namespace shardproof::sim::check {

/// Judges each change of a shard's record, and writes held back for a migration that is over.
class PhaseLegality : public Monitor<PhaseLegality> {
 public:
  static constexpr InvariantInfo kInvariant{
      22, "phase_legality",
      "status and migration phase change only as allowed, the epoch rises with every change, "
      "Switch "
      "happens once, an abort leaves the old table, and no lock outlives its migration"};
  using Monitor::Monitor;

  void on(const hook::Committing& commit, const At& at);
  void on(const fact::WritesLocked& lock, const At& at);
  void on(const fact::WriteQueued& write, const At& at);

 private:
  struct Lock {
    NodeId node;
    MigrationId migration;
  };
  struct Shard {
    /// The youngest migration that the shard had, and when it left the phases before Switch.
    MigrationId last;
    Instant over_since;
    Lock lock;
  };
  Shard& state(ShardId shard);
  /// What is wrong with the change; empty if nothing is.
  std::string find_fault(const ShardInfo& before, const ShardInfo& after) const;
  void note(const ShardInfo& after, const At& at);

  std::vector<Shard> shards_;
};

}  // namespace shardproof::sim::check
