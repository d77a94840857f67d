// SPDX-License-Identifier: Apache-2.0
#include "sim/check/copies_ahead.hpp"

#include <algorithm>

#include "sim/check/no_stale_overwrite.hpp"

namespace shardproof::sim::check {

void CopiesAhead::on(const fact::CopyInstalled& installed, const At& at) {
  forget(installed.shard, at.node);
  installed_.push_back({installed.shard, at.node, installed.applied, {}, {}});
}

void CopiesAhead::on(const fact::CopyDropped& dropped, const At& at) {
  forget(dropped.shard, at.node);
}

void CopiesAhead::forget(ShardId shard, NodeId node) {
  const auto is_it = [&](const auto& one) { return one.shard == shard && one.node == node; };
  std::erase_if(installed_, is_it);
  std::erase_if(ahead_, is_it);
  std::erase_if(suspects_, is_it);
}

void CopiesAhead::forget(NodeId node) {
  const auto is_its = [&](const auto& one) { return one.node == node; };
  std::erase_if(installed_, is_its);
  std::erase_if(ahead_, is_its);
  std::erase_if(suspects_, is_its);
}

void CopiesAhead::on(const fact::EntryApplied& applied, const At& at) {
  if (ahead_.empty()) return;
  const auto copy = std::find_if(ahead_.begin(), ahead_.end(), [&](const Copy& one) {
    return one.shard == applied.shard && one.node == at.node;
  });
  if (copy == ahead_.end()) return;
  const Version version = applied.entry->version;
  for (const Mutation& mutation : applied.entry->mutations) {
    for (const Key& key : copy->keys) {
      if (version >= key.version || key.name != mutation.document->key) continue;
      suspects_.push_back({copy->shard, copy->node, key, version});
    }
  }
  // The log has caught up.
  if (version >= copy->newest) ahead_.erase(copy);
}

std::uint64_t CopiesAhead::look(const AuditView& view, const At& at) {
  std::uint64_t seen = 0;
  for (Copy& copy : installed_) seen += take_stock(std::move(copy), view);
  installed_.clear();
  for (const Suspect& suspect : suspects_) check(suspect, view, at);
  seen += suspects_.size();
  suspects_.clear();
  return seen;
}

std::uint64_t CopiesAhead::take_stock(Copy copy, const AuditView& view) {
  if (!view.is_up(copy.node) || !view.store(copy.node).holds(copy.shard)) return 0;
  const auto documents = view.store(copy.node).scan(copy.shard);
  for (const VersionedDocument& stored : documents) {
    if (stored.version <= copy.applied) continue;
    copy.newest = std::max(copy.newest, stored.version);
    copy.keys.push_back({stored.document->key, stored.version});
  }
  if (!copy.keys.empty()) ahead_.push_back(std::move(copy));
  return documents.size();
}

void CopiesAhead::check(const Suspect& suspect, const AuditView& view, const At& at) {
  const InvariantInfo& invariant = NoStaleOverwrite::kInvariant;
  findings_.evaluated(invariant.number);
  if (!view.is_up(suspect.node) || !view.store(suspect.node).holds(suspect.shard)) return;
  const Version now = view.store(suspect.node).get(suspect.shard, suspect.key.name).version;
  if (now >= suspect.key.version) return;
  findings_.report(invariant, at, {suspect.shard, {suspect.node}, {}},
                   fmt::format("the copy of {} at {} had {} of \"{}\", and has {} since the log "
                               "repeated {}",
                               suspect.shard, suspect.node, suspect.key.version, suspect.key.name,
                               now, suspect.entry));
}

}  // namespace shardproof::sim::check
