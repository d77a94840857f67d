// SPDX-License-Identifier: Apache-2.0
#include "core/storage/shard_content.hpp"

#include <algorithm>

#include "core/base/stable_hash.hpp"

namespace shardproof::storage {

namespace {

/// What an item costs in a file beyond the size of its document, about.
constexpr Bytes kItemOverhead(64);

std::uint64_t digest_of(const ChunkItem& item, std::uint64_t key_hash) {
  return document_digest_hashed(key_hash, item.version, item.tombstone, item.document->content);
}

void add(CopySummary& summary, const ChunkItem& item, std::uint64_t key_hash) {
  ++(item.tombstone ? summary.tombstones : summary.documents);
  summary.bytes += stored_size(*item.document, item.tombstone);
  summary.digest += digest_of(item, key_hash);
}

void subtract(CopySummary& summary, const ChunkItem& item, std::uint64_t key_hash) {
  --(item.tombstone ? summary.tombstones : summary.documents);
  summary.bytes -= stored_size(*item.document, item.tombstone);
  summary.digest -= digest_of(item, key_hash);
}

}  // namespace

std::uint32_t ShardContent::find(std::string_view key, std::uint64_t hash) const {
  return keys_.find(hash, [&](std::uint32_t slot) { return items_[slot].document->key == key; });
}

bool ShardContent::put(Version version, const DocumentRef& document, bool tombstone,
                       RuleSet rules) {
  const std::uint64_t hash = stable_hash(document->key);
  const std::uint32_t slot = find(document->key, hash);
  if (slot == HashIndex::kNone) {
    keys_.insert(hash, static_cast<std::uint32_t>(items_.size()));
    add(summary_, items_.emplace_back(ChunkItem{version, document, tombstone}), hash);
    return true;
  }
  ChunkItem& item = items_[slot];
  const bool is_newer = version > item.version;
  if (!is_newer && (version == item.version || rules.is_on(Rule::VersionsGuardApply))) return false;
  subtract(summary_, item, hash);
  item = {version, document, tombstone};
  add(summary_, item, hash);
  return true;
}

void ShardContent::remember(const SessionRecord& session) {
  const ClientId client = session.request.client;
  if (client.is_none()) return;
  const std::uint64_t hash = mix64(client.value());
  const std::uint32_t slot =
      clients_.find(hash, [&](std::uint32_t at) { return sessions_[at].request.client == client; });
  if (slot == HashIndex::kNone) {
    clients_.insert(hash, static_cast<std::uint32_t>(sessions_.size()));
    sessions_.push_back(session);
  } else if (session.version > sessions_[slot].version) {
    sessions_[slot] = session;
  }
}

void ShardContent::apply(const LogEntry& entry, RuleSet rules) {
  // From the last on: an earlier mutation of the same key, of the same version, is then not newer.
  for (auto mutation = entry.mutations.rbegin(); mutation != entry.mutations.rend(); ++mutation) {
    put(entry.version, mutation->document, mutation->tombstone, rules);
  }
  remember({entry.request, entry.version, entry.outcome});
}

void ShardContent::merge(const Chunk& chunk, RuleSet rules) {
  for (const ChunkItem& item : chunk.items) put(item.version, item.document, item.tombstone, rules);
  for (const SessionRecord& session : chunk.sessions) remember(session);
}

VersionedDocument ShardContent::get(std::string_view key) const {
  const std::uint32_t slot = find(key, stable_hash(key));
  if (slot == HashIndex::kNone) return {};
  const ChunkItem& item = items_[slot];
  return {item.version, item.tombstone ? nullptr : item.document};
}

std::optional<SessionRecord> ShardContent::find_session(ClientId client) const {
  const std::uint32_t slot = clients_.find(mix64(client.value()), [&](std::uint32_t at) {
    return sessions_[at].request.client == client;
  });
  if (slot == HashIndex::kNone) return std::nullopt;
  return sessions_[slot];
}

std::vector<VersionedDocument> ShardContent::scan() const {
  std::vector<VersionedDocument> documents;
  documents.reserve(summary_.documents);
  for (const ChunkItem& item : items_) {
    if (!item.tombstone) documents.push_back({item.version, item.document});
  }
  return documents;
}

ChunkRef ShardContent::read_chunk(ChunkCursor& cursor, Bytes max) const {
  const auto chunk = std::make_shared<Chunk>();
  std::size_t at = static_cast<std::size_t>(std::min<ChunkCursor>(cursor, items_.size()));
  while (at < items_.size() && (chunk->items.empty() || chunk->bytes < max)) {
    const ChunkItem& item = chunk->items.emplace_back(items_[at++]);
    chunk->bytes += stored_size(*item.document, item.tombstone);
    chunk->digest += digest_of(item, stable_hash(item.document->key));
  }
  cursor = at;
  chunk->last = at == items_.size();
  if (chunk->last) chunk->sessions = sessions_;
  return chunk;
}

Bytes ShardContent::footprint() const {
  return summary_.bytes + kItemOverhead * (items_.size() + sessions_.size());
}

CopySummary ShardContent::recount() const {
  CopySummary summary;
  for (const ChunkItem& item : items_) add(summary, item, stable_hash(item.document->key));
  return summary;
}

}  // namespace shardproof::storage
