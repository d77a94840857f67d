// SPDX-License-Identifier: Apache-2.0
#include "sim/check/key_names.hpp"

#include <set>

#include <fmt/format.h>

#include "core/base/humanise.hpp"
#include "core/base/stable_hash.hpp"

namespace shardproof::sim::check {

std::string key_text(const AuditView& view, ShardId shard, std::uint64_t hash) {
  for (std::uint32_t i = 0; i < view.node_count(); ++i) {
    const NodeId node(i);
    if (!view.is_up(node) || !view.store(node).holds(shard)) continue;
    for (const VersionedDocument& stored : view.store(node).scan(shard)) {
      const std::string& key = stored.document->key;
      if (stable_hash(key) == hash) return fmt::format("\"{}\"", key);
    }
  }
  return {};
}

std::string documents_text(const Oracle& oracle, const AuditView& view, ShardId shard,
                           const std::vector<std::uint64_t>& hashes) {
  if (hashes.empty()) return {};
  const std::set<std::uint64_t> wanted(hashes.begin(), hashes.end());
  std::string first;
  const auto note = [&](const std::string& key) {
    if (key.empty() || wanted.count(stable_hash(key)) == 0) return;
    if (first.empty() || key < first) first = key;
  };
  for (std::uint32_t i = 0; i < view.node_count(); ++i) {
    if (!view.is_up(NodeId(i)) || !view.store(NodeId(i)).holds(shard)) continue;
    for (const VersionedDocument& stored : view.store(NodeId(i)).scan(shard)) {
      note(stored.document->key);
    }
  }
  oracle.for_each_recent_key(note);
  const std::string all = human_number_of(wanted.size(), "document");
  if (first.empty()) return all + " that no store has any more";
  if (wanted.size() == 1) return fmt::format("\"{}\"", first);
  return fmt::format("\"{}\" and {}", first, human_number_of(wanted.size() - 1, "more document"));
}

namespace {

/// What a copy that has these documents lacks of what was written up to `applied`.
std::string missing_text(const Oracle& oracle, const AuditView& view, ShardId shard,
                         const std::set<std::uint64_t>& present, const CopyState& copy) {
  std::uint64_t tombstones = 0;
  std::uint32_t index = oracle.shard(shard).first_key;
  for (; index != KeyState::kNoKey; index = oracle.keys().at(index).next) {
    const KeyState& known = oracle.keys().at(index);
    if (known.applied > copy.applied || known.applied == Version::zero()) continue;
    if (known.tombstone) {
      ++tombstones;
    } else if (present.count(known.tag.hash) == 0) {
      const std::string key = key_text(view, shard, known.tag.hash);
      return fmt::format("{} of {} is missing in it", key.empty() ? "a document" : key,
                         known.applied);
    }
  }
  return fmt::format("every document is right in it, and of {} tombstones it has {}", tombstones,
                     copy.summary.tombstones);
}

}  // namespace

std::string odd_document_text(const Oracle& oracle, const AuditView& view, ShardId shard,
                              NodeId node) {
  const Store& store = view.store(node);
  const CopyState copy = store.state(shard);
  std::set<std::uint64_t> present;
  for (const VersionedDocument& stored : store.scan(shard)) {
    const std::string& key = stored.document->key;
    const KeyState* known = oracle.keys().find(tag_of(shard, key));
    if (known == nullptr) return fmt::format("\"{}\" in it was never written", key);
    present.insert(known->tag.hash);
    // What was written since the copy's position is not in it.
    if (known->applied > copy.applied) continue;
    if (stored.version != known->applied) {
      return fmt::format("\"{}\" is as of {} in it, and {} {} it", key, stored.version,
                         known->applied, known->tombstone ? "deletes" : "writes");
    }
    const std::uint64_t digest =
        document_digest_hashed(known->tag.hash, stored.version, false, stored.document->content);
    if (digest != known->digest) {
      return fmt::format("\"{}\" of {} has another content in it", key, stored.version);
    }
  }
  return missing_text(oracle, view, shard, present, copy);
}

}  // namespace shardproof::sim::check
