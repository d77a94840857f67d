// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <utility>
#include <vector>

#include "sim/check/audit_view.hpp"

namespace shardproof::sim::check {

/// A world of which a part is broken for good: whoever is outside the core counts as down, whatever
/// its process does. Without anybody outside, the world as it is.
class CoreView final : public AuditView {
 public:
  /// `whole` must outlive the view.
  CoreView(const AuditView& whole, std::vector<NodeId> outside)
      : whole_(whole), outside_(std::move(outside)) {}

  bool is_broken_for_good(NodeId node) const override {
    return std::find(outside_.begin(), outside_.end(), node) != outside_.end();
  }
  bool is_up(NodeId node) const override { return !is_broken_for_good(node) && whole_.is_up(node); }
  const Bounds& bounds() const override { return whole_.bounds(); }
  std::uint32_t node_count() const override { return whole_.node_count(); }
  const ShardTable& table(NodeId node) const override { return whole_.table(node); }
  const Store& store(NodeId node) const override { return whole_.store(node); }
  std::optional<LeaderSight> leader_sight(NodeId node, ShardId shard) const override {
    return whole_.leader_sight(node, shard);
  }
  bool serves(NodeId node, ShardId shard) const override { return whole_.serves(node, shard); }
  DiskUsage disk(NodeId node) const override { return whole_.disk(node); }
  std::vector<FileId> files(NodeId node) const override { return whole_.files(node); }
  std::vector<PendingWait> waits(NodeId node) const override { return whole_.waits(node); }
  const ShardTable& committed() const override { return whole_.committed(); }

 private:
  const AuditView& whole_;
  std::vector<NodeId> outside_;
};

}  // namespace shardproof::sim::check
