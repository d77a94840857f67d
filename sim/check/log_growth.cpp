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

bool LogGrowth::is_calm(const At& at) const {
  return oracle_.is_whole() && at.true_time - oracle_.calm_since() >= kCalm;
}

void LogGrowth::check_due(const Written& written, const At& at) {
  const NodeFacts& node = oracle_.node(at.node);
  const bool is_settled_in = at.true_time - node.up_since >= kCalm && !node.has_lost_data;
  if (!is_calm(at) || !is_settled_in || oracle_.config().compacts_early) return;
  // What a full disk has to give back is compacted before its time.
  const Bounds& bounds = oracle_.version_of(at.node).bounds;
  const std::uint64_t roomy = bounds.disk_high_watermark.of(node.capacity.count());
  if (node.capacity != Bytes(0) && written.used->count() >= roomy) return;
  evaluated();
  Bytes content;
  for (std::uint32_t i = 0; i < oracle_.shard_count(); ++i) {
    const ShardFacts& shard = oracle_.shard(ShardId(i));
    const HeldCopy* copy = shard.find(at.node);
    if (copy != nullptr && !copy->destroyed) content += shard.stored;
  }
  // What has come to the content while the checkpoint was written is in the log as well.
  const Bytes least = content + bounds.compaction_min;
  if (*written.used >= least) return;
  report(
      at, {ShardId::none(), {at.node}, {}},
      fmt::format("{} compacts its files at {}, where its copies come to {}: there is nothing to "
                  "do before they come to {}",
                  at.node, human_bytes(*written.used), human_bytes(content), human_bytes(least)));
}

void LogGrowth::on(const hook::DiskUsed& disk, const At& at) {
  Written& written = note(at.node);
  if (written.used && disk.used < *written.used) {
    const bool is_another =
        written.shrunk_at == Instant::never() || at.true_time - written.shrunk_at > seconds(1);
    if (is_another) check_due(written, at);
    written.shrunk_at = at.true_time;
  }
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
  if (!is_calm(at)) return;
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
  report(at, {ShardId::none(), {node}, {}},
         fmt::format(
             "the files of {} have grown to {}, where its copies come to {} and no more than {} "
             "are to be there: its store does not compact its log",
             node, human_bytes(disk.used), human_bytes(content), human_bytes(most)));
}

}  // namespace shardproof::sim::check
