// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "sim/check/audit_view.hpp"

namespace shardproof::sim::check {

/// A store that a test fills, and damages, by hand. It summarises what it holds, unless told to
/// lie.
class FakeStore final : public Store {
 public:
  struct Item {
    Version version;
    DocumentRef document;
    bool tombstone = false;
  };
  struct Copy {
    Version applied;
    std::map<std::string, Item> items;
    std::vector<EntryRef> tail;
    std::uint64_t extra_documents = 0;
  };

  void put(ShardId shard, Version version, const DocumentRef& document, bool tombstone = false) {
    held[shard].items[document->key] = {version, document, tombstone};
  }
  void apply(ShardId shard, const EntryRef& entry) {
    for (const Mutation& mutation : entry->mutations) {
      put(shard, entry->version, mutation.document, mutation.tombstone);
    }
    held[shard].applied = entry->version;
  }

  std::vector<ShardId> copies() const override {
    std::vector<ShardId> shards;
    for (const auto& [shard, copy] : held) shards.push_back(shard);
    return shards;
  }
  bool holds(ShardId shard) const override { return held.count(shard) != 0; }
  CopyState state(ShardId shard) const override {
    return {shard, held.at(shard).applied, held.at(shard).tail, summary(shard)};
  }
  CopySummary summary(ShardId shard) const override {
    const Copy& copy = held.at(shard);
    CopySummary sum;
    for (const auto& [key, item] : copy.items) {
      ++(item.tombstone ? sum.tombstones : sum.documents);
      sum.bytes += stored_size(*item.document, item.tombstone);
      sum.digest += document_digest(key, item.version, item.tombstone, item.document->content);
    }
    sum.documents += copy.extra_documents;
    return sum;
  }
  std::vector<VersionedDocument> scan(ShardId shard) const override {
    std::vector<VersionedDocument> documents;
    for (const auto& [key, item] : held.at(shard).items) {
      if (!item.tombstone) documents.push_back({item.version, item.document});
    }
    return documents;
  }
  VersionedDocument get(ShardId shard, std::string_view key) const override {
    const auto& items = held.at(shard).items;
    const auto found = items.find(std::string(key));
    if (found == items.end()) return {};
    return {found->second.version, found->second.tombstone ? nullptr : found->second.document};
  }

  // An audit only reads.
  void recover(const DiskImage&, Effects&) override { SHARDPROOF_CHECK(false); }
  StorePosition create(ShardId, Effects&) override { return refuse(); }
  StorePosition append(ShardId, const EntryRef&, LogIndex, Effects&) override { return refuse(); }
  StorePosition truncate_tail(ShardId, LogIndex, Effects&) override { return refuse(); }
  void apply(ShardId, LogIndex, Effects&) override { refuse(); }
  StorePosition drop(ShardId, Effects&) override { return refuse(); }
  void begin_stage(ShardId, Effects&) override { refuse(); }
  StorePosition stage(ShardId, const ChunkRef&, Effects&) override { return refuse(); }
  bool has_stage(ShardId) const override { return false; }
  CopySummary stage_summary(ShardId) const override { return {}; }
  StorePosition install_stage(ShardId, Epoch, Version, Effects&) override { return refuse(); }
  void discard_stage(ShardId, Effects&) override { refuse(); }
  std::optional<SessionRecord> find_session(ShardId, ClientId) const override { return {}; }
  ChunkRef read_chunk(ShardId, ChunkCursor&, Bytes) const override { return nullptr; }
  StorePosition durable() const override { return {}; }
  void on_disk_done(const DiskDone&, Effects&) override { refuse(); }
  void on_timer(Effects&) override { refuse(); }
  bool has_lost_data() const override { return lost_data; }
  std::uint64_t disk_answers() const override { return 0; }
  Bytes disk_used() const override { return {}; }
  Bytes disk_free() const override { return Bytes::max(); }
  std::vector<FileId> files() const override { return needed; }

  std::map<ShardId, Copy> held;
  bool lost_data = false;
  std::vector<FileId> needed;

 private:
  static StorePosition refuse() {
    SHARDPROOF_CHECK(false, "an audit changed a store");
    return {};
  }
};

class FakeView final : public AuditView {
 public:
  explicit FakeView(const ShardTable& table) : tables(5, table), truth(table) {}

  const Bounds& bounds() const override { return limits; }
  std::uint32_t node_count() const override { return 5; }
  bool is_up(NodeId node) const override { return up[node.value()]; }
  const ShardTable& table(NodeId node) const override { return tables[node.value()]; }
  const Store& store(NodeId node) const override { return stores[node.value()]; }
  std::optional<LeaderSight> leader_sight(NodeId node, ShardId) const override {
    const auto found = sights.find(node);
    return found == sights.end() ? std::nullopt : std::optional(found->second);
  }
  bool serves(NodeId node, ShardId shard) const override {
    return !is_idle && truth.find_shard(shard)->leader == node;
  }
  DiskUsage disk(NodeId node) const override { return disks[node.value()]; }
  std::vector<FileId> files(NodeId node) const override { return on_disk[node.value()]; }
  std::vector<PendingWait> waits(NodeId node) const override { return awaited[node.value()]; }
  const ShardTable& committed() const override { return truth; }

  std::vector<bool> up = std::vector<bool>(5, true);
  std::vector<ShardTable> tables;
  std::vector<FakeStore> stores = std::vector<FakeStore>(5);
  std::map<NodeId, LeaderSight> sights;
  std::vector<DiskUsage> disks = std::vector<DiskUsage>(5);
  std::vector<std::vector<FileId>> on_disk = std::vector<std::vector<FileId>>(5);
  std::vector<std::vector<PendingWait>> awaited{5};
  ShardTable truth;
  /// No leader serves.
  bool is_idle = false;
  Bounds limits;
};

}  // namespace shardproof::sim::check
