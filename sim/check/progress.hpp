// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <utility>
#include <vector>

#include "sim/check/monitor.hpp"

namespace shardproof::sim::check {

/// Looks at deadlines from time to time. Time counts only since the last fault ended: under faults
/// anything may take for ever.
class Progress : public Monitor<Progress> {
 public:
  static constexpr InvariantInfo kInvariant{
      35, "progress",
      "without faults, or with a healthy core and everybody else broken for good, every migration "
      "ends within a bound, no shard with a live in-sync copy stays unserved, and nothing spins or "
      "is tried again for ever"};
  /// A shard's migrations that are aborted one after the other, without a fault and without a
  /// success.
  static constexpr std::uint32_t kAbortsMax = 32;
  /// Streams of one copy that is to restore the number of copies, one after the other, likewise.
  static constexpr std::uint32_t kRestartsMax = 16;
  using Monitor::Monitor;

  void on(const fact::ChunkStaged& chunk, const At& at);
  void on(const fact::CopyInstalled& copy, const At& at) { repairs_.erase({copy.shard, at.node}); }
  void on(const hook::Committing& commit, const At& at);
  void on(const hook::Ticked& tick, const At& at);
  void on(const hook::Settled& world, const At& at);
  void on(const hook::Unsettled& world, const At& at);
  void on(const hook::Rested& rest, const At& at);

  /// How long a migration may show no progress, or no piece of its copy, and a shard be unserved.
  Nanoseconds migration_bound() const;
  Nanoseconds piece_bound() const;
  Nanoseconds service_bound() const;

 private:
  bool is_streamed(const ShardInfo& info) const;
  void check_migration(const AuditView& view, const ShardInfo& info, const At& at);
  void check_service(const AuditView& view, const ShardInfo& info, const At& at);
  /// "led by n3, which is up, and without a lease for 3.20 s".
  std::string leader_text(NodeId leader, const At& at) const;
  /// "; n3 has the table of r7, and its last change is of r9", for each with a part in the shard
  /// and an older table than that of the shard's last change.
  std::string outdated_text(const ShardInfo& info) const;
  /// "; coordinator n1 awaits ...", for the end of a message.
  static std::string waits_for(const AuditView& view, const ShardInfo& info);

  struct RepairCopy {
    Instant first_at;
    std::uint64_t incarnation = 0;
    std::uint64_t stream = 0;
    std::uint32_t restarts = 0;
  };
  std::map<std::pair<ShardId, NodeId>, RepairCopy> repairs_;
  /// When phase Copy was entered, of the shards that are in it.
  std::map<ShardId, Instant> copying_since_;
  /// By shard: aborts in a row since the last fault.
  std::vector<std::uint32_t> aborts_;
};

}  // namespace shardproof::sim::check
