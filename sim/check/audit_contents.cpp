// SPDX-License-Identifier: Apache-2.0
//
// Whether copies are equal, from their documents and not from what their stores say of them.
#include <map>

#include "sim/check/audit.hpp"

namespace shardproof::sim::check {
namespace {

/// What a copy has once the end of its log is applied: the live documents.
struct Content {
  std::uint64_t documents = 0;
  std::uint64_t digest = 0;

  void add(const Document& document, Version version) {
    documents += 1;
    digest += document_digest(document.key, version, false, document.content);
  }
  friend bool operator==(const Content&, const Content&) = default;
};

Content content_of(const Store& store, ShardId shard) {
  struct Last {
    Version version;
    Mutation mutation;
  };
  std::map<std::string, Last> written;
  for (const EntryRef& entry : store.state(shard).tail) {
    for (const Mutation& mutation : entry->mutations) {
      written[mutation.document->key] = {entry->version, mutation};
    }
  }
  Content content;
  for (const VersionedDocument& stored : store.scan(shard)) {
    if (written.count(stored.document->key) == 0) content.add(*stored.document, stored.version);
  }
  for (const auto& [key, last] : written) {
    if (!last.mutation.tombstone) content.add(*last.mutation.document, last.version);
  }
  return content;
}

struct Stored {
  Version version;
  std::uint64_t content = 0;
  friend bool operator==(const Stored&, const Stored&) = default;
};

/// The same, document by document, for who has found that two copies differ.
std::map<std::string, Stored> documents_of(const Store& store, ShardId shard) {
  std::map<std::string, Stored> live;
  for (const VersionedDocument& stored : store.scan(shard)) {
    live[stored.document->key] = {stored.version, stored.document->content};
  }
  for (const EntryRef& entry : store.state(shard).tail) {
    for (const Mutation& mutation : entry->mutations) {
      live.erase(mutation.document->key);
      if (mutation.tombstone) continue;
      live[mutation.document->key] = {entry->version, mutation.document->content};
    }
  }
  return live;
}

/// `"a" is as of e1/i5 at n1 and missing at n0`
std::string difference_text(const AuditView& view, ShardId shard, NodeId one, NodeId other) {
  const auto mine = documents_of(view.store(one), shard);
  const auto yours = documents_of(view.store(other), shard);
  for (const auto& [key, stored] : mine) {
    const auto found = yours.find(key);
    if (found == yours.end()) {
      return fmt::format("\"{}\" is as of {} at {} and missing at {}", key, stored.version, one,
                         other);
    }
    if (found->second == stored) continue;
    const bool is_same_version = found->second.version == stored.version;
    return fmt::format("\"{}\" is as of {} at {} and as of {} at {}{}", key, stored.version, one,
                       found->second.version, other,
                       is_same_version ? ", with another content" : "");
  }
  for (const auto& [key, stored] : yours) {
    if (mine.count(key) != 0) continue;
    return fmt::format("\"{}\" is missing at {} and as of {} at {}", key, one, stored.version,
                       other);
  }
  return "document by document they are the same";
}

}  // namespace

void Audit::settle_contents(const AuditView& view, const ShardInfo& shard, const At& at) {
  NodeId first;
  Content expected;
  for (const NodeId node : shard.replicas) {
    if (!view.is_up(node) || !view.store(node).holds(shard.id)) continue;
    findings_.evaluated(kReplicationRestored.number);
    settle_tail(view, shard, node, at);
    const Content content = content_of(view.store(node), shard.id);
    if (first.is_none()) {
      first = node;
      expected = content;
    } else if (content != expected) {
      report(kReplicationRestored, shard.id, node, at,
             fmt::format("settled, and the copies of {} differ: {} documents with digest {:016x} "
                         "at {}, {} with {:016x} at {}; {}",
                         shard.id, content.documents, content.digest, node, expected.documents,
                         expected.digest, first, difference_text(view, shard.id, node, first)));
    }
  }
}

}  // namespace shardproof::sim::check
