// SPDX-License-Identifier: Apache-2.0
#include "sim/check/recent_facts.hpp"

#include <algorithm>

#include "core/base/humanise.hpp"

namespace shardproof::sim::check {
RecentFacts::RecentFacts() {
  traffic_.entries.resize(kTrafficKept);
  changes_.entries.resize(kChangesKept);
}

void RecentFacts::note_commit(const ShardInfo& shard, Revision revision, const At& at) {
  Entry entry = begin(Happening::Commit, at);
  entry.shard = shard.id;
  entry.version = {shard.epoch, LogIndex(revision.value())};
  entry.other = shard.leader;
  entry.status = shard.status;
  if (shard.migration) {
    entry.migration = shard.migration->id;
    entry.phase = shard.migration->phase;
  }
  changes_.push(entry);
}

void RecentFacts::note_node(Happening happening, const At& at) {
  changes_.push(begin(happening, at));
}

std::string RecentFacts::describe_entry(const Entry& entry) {
  // Commits are the metadata store's doing.
  std::string text = entry.node.has_value() ? fmt::format("{} ", entry.node) : "";
  switch (entry.happening) {
    case Happening::Crash: return text + "crashed";
    case Happening::Boot: return text + "booted";
    case Happening::DiskDestroyed: return text + "lost its disk";
    case Happening::Commit:
      text += fmt::format("committed r{}: {} leader {} {}", entry.version.index.value(),
                          entry.version.epoch, human_node(entry.other), to_string(entry.status));
      if (entry.migration.is_none()) return text;
      return text + fmt::format(" {} {}", entry.migration, to_string(entry.phase));
    case Happening::Fact: break;
  }
  text += fact_name(entry.kind);
  if (entry.version.index != LogIndex()) {
    text += fmt::format(" {}", entry.version);
  } else if (entry.version.epoch != Epoch()) {
    text += fmt::format(" {}", entry.version.epoch);
  }
  if (entry.migration.has_value()) text += fmt::format(" {}", entry.migration);
  if (entry.other.has_value()) text += fmt::format(" to {}", entry.other);
  return text;
}

void RecentFacts::collect(const Ring& ring, ShardId shard, const std::vector<NodeId>& nodes,
                          std::size_t count, std::vector<const Entry*>& found) const {
  const std::uint64_t kept = std::min<std::uint64_t>(ring.noted, ring.entries.size());
  std::size_t taken = 0;
  for (std::uint64_t back = 1; back <= kept && taken < count; ++back) {
    const Entry& entry = ring.entries[(ring.noted - back) % ring.entries.size()];
    const bool of_node = entry.shard.is_none() && entry.happening != Happening::Fact &&
                         std::find(nodes.begin(), nodes.end(), entry.node) != nodes.end();
    if ((shard.has_value() && entry.shard == shard) || of_node) {
      found.push_back(&entry);
      ++taken;
    }
  }
}

std::vector<PastEvent> RecentFacts::last(ShardId shard, const std::vector<NodeId>& nodes,
                                         std::size_t count) const {
  std::vector<const Entry*> found;
  collect(traffic_, shard, nodes, count / 2, found);
  collect(changes_, shard, nodes, count - count / 2, found);
  // Within one event the order of the rings is lost: stable, changes after traffic.
  std::reverse(found.begin(), found.end());
  std::stable_sort(found.begin(), found.end(),
                   [](const Entry* a, const Entry* b) { return a->event < b->event; });
  std::vector<PastEvent> events;
  for (const Entry* entry : found) {
    events.push_back({entry->time, entry->event, describe_entry(*entry)});
  }
  return events;
}

}  // namespace shardproof::sim::check
