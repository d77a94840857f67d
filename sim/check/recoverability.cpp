// SPDX-License-Identifier: Apache-2.0
#include "sim/check/recoverability.hpp"

#include <algorithm>

namespace shardproof::sim::check {
namespace {

/// The in-sync copies of a shard, by what has become of them.
struct Copies {
  NodeList alive;
  NodeList unbegun;  ///< the node is up, and its disk never had the copy
  NodeList lost;     ///< the node is up, and its disk has no copy any more
  NodeList away;
};

Copies find_copies(const AuditView& view, const ShardInfo& shard) {
  Copies copies;
  for (const NodeId node : shard.replicas) {
    if (!view.is_up(node)) {
      copies.away.push_back(node);
    } else if (view.store(node).holds(shard.id)) {
      copies.alive.push_back(node);
    } else {
      (view.store(node).has_lost_data() ? copies.lost : copies.unbegun).push_back(node);
    }
  }
  return copies;
}

void list(std::string& text, const NodeList& nodes, const AuditView& view, const char* what) {
  for (const NodeId node : nodes) {
    const bool is_away = !view.is_up(node);
    const char* fate = view.is_broken_for_good(node) ? "is broken for good"
                       : is_away                     ? "is down"
                                                     : what;
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", node, fate);
  }
}

/// Holders that have not lost what they had: an acknowledged write is on the disk of each of them,
/// or of enough.
std::size_t known(const Copies& copies) { return copies.alive.size() + copies.unbegun.size(); }

std::string reason_of(const AuditView& view, const Copies& copies, std::size_t needed) {
  std::string text;
  list(text, copies.alive, view, "is up and in sync, and its disk has a copy");
  list(text, copies.unbegun, view, "is up and in sync, and its disk never had a copy");
  list(text, copies.lost, view, "is up, and its disk has no copy any more");
  list(text, copies.away, view, "");
  if (text.empty()) return "no copy counts as in sync";
  if (known(copies) == 0 || known(copies) >= needed) return text;
  return fmt::format("{}; a write may be on other copies than {} of them, and {} would be needed",
                     text, known(copies), needed);
}

/// Whoever moves a shard keeps its copy until the target has confirmed that it has one.
bool is_kept_by_source(const AuditView& view, const ShardInfo& shard) {
  if (!shard.migration || shard.migration->phase != MigrationPhase::Switch) return false;
  const NodeId source = shard.migration->source;
  return view.is_up(source) && view.store(source).holds(shard.id);
}

}  // namespace

std::size_t copies_needed(const ShardInfo& shard, const CollectionConfig& collection) {
  const std::size_t concern = collection.write_concern;
  const std::size_t promised = collection.replication_factor;
  if (concern == 0 || concern >= promised) return 1;
  const std::size_t in_sync = shard.replicas.size();
  const std::size_t left_since = promised - std::min(promised, in_sync);
  const std::size_t still_on = concern > left_since ? concern - left_since : 1;
  return in_sync < still_on ? 1 : in_sync - still_on + 1;
}

bool is_served(const AuditView& view, const ShardInfo& shard) {
  return shard.leader.has_value() && view.is_up(shard.leader) &&
         view.serves(shard.leader, shard.id);
}

Recoverability recoverability(const AuditView& view, const ShardInfo& shard) {
  const CollectionConfig& collection = *view.committed().find_collection(shard.collection);
  const std::size_t needed = copies_needed(shard, collection);
  const Copies copies = find_copies(view, shard);
  const bool knows_most = copies.away.empty() && known(copies) > 0;
  const bool is_possible = known(copies) >= needed || knows_most;
  const bool is_whole = shard.replicas.size() >= collection.replication_factor;
  if (!is_possible && is_whole && copies.lost.size() == shard.replicas.size() &&
      is_kept_by_source(view, shard)) {
    return {true,
            fmt::format("{}, and {}, the source of {} in Switch, has kept its copy",
                        reason_of(view, copies, 0), shard.migration->source, shard.migration->id)};
  }
  return {is_possible, reason_of(view, copies, is_possible ? 0 : needed)};
}

}  // namespace shardproof::sim::check
