// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <vector>

#include "sim/check/capacity.hpp"

namespace shardproof::sim::check {

/// Whether stores compact their logs: nothing is left to happen, and a disk with room holds no more
/// than twice what a store allows itself, which is `Bounds::log_garbage_factor` times what its
/// copies come to, and `Bounds::compaction_min` on top (what is written again after an error may be
/// on the disk twice); while the cluster works and nothing is broken, no more than four times as
/// much. What a boot has found is let be until something is written. Nor does a store of a healthy
/// disk compact files that are not `Bounds::compaction_min` larger than its copies. A part of
/// invariant 33.
/// O(shards + copies) per tick, and per compaction of a healthy disk.
class LogGrowth : public Monitor<LogGrowth> {
 public:
  static constexpr InvariantInfo kInvariant = Capacity::kInvariant;
  using Monitor::Monitor;

  void on(const hook::Booting&, const At& at) { note(at.node) = Written(); }
  void on(const hook::DiskUsed& disk, const At& at);
  void on(const hook::Ticked& tick, const At& at);
  void on(const hook::Settled& settled, const At& at);

 private:
  /// Of an incarnation: what its disk was told to hold last, and whether that became more.
  struct Written {
    std::optional<Bytes> used;
    bool has_grown = false;
    /// When files went last: those of one compaction go one after the other.
    Instant shrunk_at = Instant::never();
  };
  Written& note(NodeId node);
  /// Whether the log was worth a compaction, which has just removed its files.
  void check_due(const Written& written, const At& at);
  bool is_calm(const At& at) const;
  std::vector<bool> takers_of_copies(std::size_t nodes) const;
  void check(const AuditView& view, NodeId node, std::uint64_t factor, const At& at);

  /// By node.
  std::vector<Written> written_;
};

}  // namespace shardproof::sim::check
