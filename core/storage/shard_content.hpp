// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "core/chunk.hpp"
#include "core/rules.hpp"
#include "core/storage/hash_index.hpp"
#include "core/store.hpp"

namespace shardproof::storage {

/// The applied content of one copy: the newest version of every key, live or tombstone, and the
/// last request of every client. Keys stand in the order of their first write and are never
/// forgotten, so a place in that order is a cursor that stays valid.
class ShardContent {
 public:
  /// Changes nothing and returns false if `version` is not newer than the stored one. Expected
  /// O(1).
  bool put(Version version, const DocumentRef& document, bool tombstone, RuleSet rules = {});
  /// Remembers a client's request unless one of the same or a newer version is. Requests without a
  /// client are none.
  void remember(const SessionRecord& session);
  /// All mutations and the request of an entry. Of several mutations of one key the last wins.
  void apply(const LogEntry& entry, RuleSet rules = {});
  /// All items and sessions of a chunk, each unless it is older than what is here.
  void merge(const Chunk& chunk, RuleSet rules = {});

  /// Version zero if the key was never written.
  VersionedDocument get(std::string_view key) const;
  std::optional<SessionRecord> find_session(ClientId client) const;
  /// Live documents in the order of their keys' first write.
  std::vector<VersionedDocument> scan() const;
  /// See Store::read_chunk.
  ChunkRef read_chunk(ChunkCursor& cursor, Bytes max) const;

  /// O(1).
  const CopySummary& summary() const { return summary_; }
  /// What the content costs to write, about. O(1).
  Bytes footprint() const;
  /// The summary computed anew from the documents. O(documents).
  CopySummary recount() const;

 private:
  std::uint32_t find(std::string_view key, std::uint64_t hash) const;

  std::vector<ChunkItem> items_;
  HashIndex keys_;
  std::vector<SessionRecord> sessions_;
  HashIndex clients_;
  CopySummary summary_;
};

}  // namespace shardproof::storage
