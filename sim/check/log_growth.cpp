// SPDX-License-Identifier: Apache-2.0
#include "sim/check/log_growth.hpp"

#include "core/base/humanise.hpp"

namespace shardproof::sim::check {
namespace {

/// Of a document or tombstone, beside its size, and of a copy: its requests that are remembered,
/// and entries that are not applied yet.
constexpr std::uint64_t kItemBytes = 128;
constexpr std::uint64_t kCopyBytes = 16 * 1024;
/// A disk has to have been healthy for so long.
constexpr Nanoseconds kCalm = seconds(5);

Bytes content_of(const Store& store) {
  Bytes content;
  for (const ShardId shard : store.copies()) {
    const CopySummary summary = store.summary(shard);
    content += summary.bytes + Bytes(kCopyBytes);
    content += Bytes((summary.documents + summary.tombstones) * kItemBytes);
  }
  return content;
}

}  // namespace

LogGrowth::Written& LogGrowth::note(NodeId node) {
  if (node.value() >= written_.size()) written_.resize(node.value() + 1);
  return written_[node.value()];
}

void LogGrowth::on(const hook::DiskUsed& disk, const At& at) {
  Written& written = note(at.node);
  written.has_grown |= written.used && disk.used > *written.used;
  written.used = disk.used;
}

/// By node index. There is more on their disks than their copies.
std::vector<bool> LogGrowth::takers_of_copies(std::size_t nodes) const {
  std::vector<bool> takers(nodes);
  for (const ShardInfo& info : oracle_.table().shards()) {
    for (const NodeId node : info.learners) {
      if (node.value() < nodes) takers[node.value()] = true;
    }
  }
  return takers;
}

void LogGrowth::on(const hook::Ticked& tick, const At& at) {
  if (!oracle_.is_whole() || at.true_time - oracle_.calm_since() < kCalm) return;
  const std::vector<bool> takers = takers_of_copies(tick.view.node_count());
  for (std::uint32_t i = 0; i < tick.view.node_count(); ++i) {
    if (tick.view.is_up(NodeId(i)) && !takers[i]) check(tick.view, NodeId(i), 4, at);
  }
}

void LogGrowth::on(const hook::Settled& settled, const At& at) {
  for (std::uint32_t i = 0; i < settled.view.node_count(); ++i) {
    if (settled.view.is_up(NodeId(i))) check(settled.view, NodeId(i), 2, at);
  }
}

void LogGrowth::check(const AuditView& view, NodeId node, std::uint64_t factor, const At& at) {
  const Bounds& bounds = oracle_.config().bounds;
  const Bytes content = content_of(view.store(node));
  const DiskUsage disk = view.disk(node);
  // A checkpoint that does not fit beside the log cannot be written.
  const bool has_room =
      disk.capacity == Bytes(0) || disk.used + content * 2 + bounds.chunk_size * 2 < disk.capacity;
  if (!has_room || !note(node).has_grown) return;
  evaluated();
  const Bytes most =
      (content * bounds.log_garbage_factor + bounds.compaction_min + bounds.chunk_size) * factor;
  if (disk.used <= most) return;
  report(
      at, {ShardId::none(), {node}, {}},
      fmt::format("the files of {} have grown to {}, where its copies come to {}: its store does "
                  "not compact its log",
                  node, human_bytes(disk.used), human_bytes(content)));
}

}  // namespace shardproof::sim::check
