// SPDX-License-Identifier: Apache-2.0
#include "sim/check/unfinished.hpp"

#include <algorithm>
#include <string>

#include <fmt/ranges.h>

#include "sim/check/recoverability.hpp"

namespace shardproof::sim::check {
namespace {

/// "n0, n3"
std::string names(const NodeList& nodes) { return fmt::format("{}", fmt::join(nodes, ", ")); }

/// "2 copies in sync (n0, n3)"
std::string copies_text(const NodeList& replicas) {
  return fmt::format("{} {} in sync ({})", replicas.size(),
                     replicas.size() == 1 ? "copy" : "copies", names(replicas));
}

/// Walks one view and notes what it finds.
class Search {
 public:
  explicit Search(const AuditView& view) : view_(view), committed_(view.committed()) {}

  std::vector<PendingItem> run() {
    for (const CollectionConfig& collection : committed_.collections()) look_at(collection);
    for (const ShardInfo& shard : committed_.shards()) {
      if (shard.id.has_value() && shard.status != ShardStatus::Retired) look_at(shard);
    }
    for (const NodeRecord& node : committed_.nodes()) {
      if (node.id.has_value() && node.state != NodeState::Removed) look_at(node);
    }
    return std::move(found_);
  }

 private:
  void note(ShardId shard, NodeId node, const char* phase, std::string text) {
    found_.push_back({shard, node, phase, std::move(text), {}, 0});
  }

  void look_at(const CollectionConfig& collection) {
    if (collection.moving_to.is_none() || !can_be_resharded(view_, collection)) return;
    note(collection.first_shard, NodeId::none(), "Resharding",
         fmt::format("the documents of {} are on their way from {} to {}", collection.full_name(),
                     collection.id, collection.moving_to));
  }

  void look_at(const ShardInfo& shard) {
    if (is_beyond_help(view_, shard)) return;
    if (shard.migration) {
      note(shard.id, shard.migration->target, to_string(shard.migration->phase),
           fmt::format("the migration of {} from {} to {} is in {}", shard.id,
                       shard.migration->source, shard.migration->target,
                       to_string(shard.migration->phase)));
      return;
    }
    if (!shard.learners.empty()) {
      note(shard.id, shard.learners.front(), "Repair",
           fmt::format("{} is catching up with {} on {}", shard.learners.front(), shard.leader,
                       shard.id));
      return;
    }
    if (shard.fencing.has_value() && !has_heard(shard.fencing, shard.id)) {
      note(shard.id, shard.leader, "Takeover",
           fmt::format("{}, the leader of {}, waits for the lease of {}", shard.leader, shard.id,
                       shard.fencing));
      return;
    }
    if (shard.status == ShardStatus::Offline) return look_at_offline(shard);
    if (is_led_or_held_from_outside(shard)) return;
    if (shard.status != ShardStatus::Active) {
      note(shard.id, shard.leader, to_string(shard.status),
           fmt::format("{} is {}", shard.id, to_string(shard.status)));
      return;
    }
    const CollectionConfig* collection = committed_.find_collection(shard.collection);
    if (shard.replicas.size() > collection->replication_factor) {
      note(shard.id, shard.leader, "Surplus",
           fmt::format("{} has {} in place of {}", shard.id, copies_text(shard.replicas),
                       collection->replication_factor));
      return;
    }
    const std::size_t owed = copies_owed(view_, shard, collection->replication_factor);
    if (owed == 0) return;
    note(shard.id, shard.leader, "Repair",
         fmt::format("{} has {} in place of {}", shard.id, copies_text(shard.replicas), owed));
  }

  /// Whoever does not come back must lead nothing, and nobody must wait for its copy.
  bool is_led_or_held_from_outside(const ShardInfo& shard) {
    if (view_.is_broken_for_good(shard.leader)) {
      note(shard.id, shard.leader, "Failover",
           fmt::format("{} is led by {}, which is broken for good", shard.id, shard.leader));
      return true;
    }
    for (const NodeId node : shard.replicas) {
      if (!view_.is_broken_for_good(node)) continue;
      note(shard.id, node, "Repair",
           fmt::format("{} counts {} as in sync, which is broken for good", shard.id, node));
      return true;
    }
    return false;
  }

  /// A former leader that has heard of its successor is named until the shard's next change.
  bool has_heard(NodeId node, ShardId shard) const {
    const RecordKey key{RecordKind::Shard, shard.value()};
    return view_.is_up(node) && view_.table(node).revision() >= committed_.modified(key);
  }

  void look_at_offline(const ShardInfo& shard) {
    for (const NodeId node : shard.replicas) {
      if (!view_.is_up(node)) continue;
      const Store& store = view_.store(node);
      if (!store.holds(shard.id) && store.has_lost_data()) continue;
      note(shard.id, node, "Failover",
           fmt::format("{} is offline, although {} is up and in sync", shard.id, node));
      return;
    }
  }

  void look_at(const NodeRecord& node) {
    if (view_.is_broken_for_good(node.id)) return;
    if (!view_.is_up(node.id)) {
      note(ShardId::none(), node.id, "", fmt::format("{} is down", node.id));
      return;
    }
    const Revision has = view_.table(node.id).revision();
    if (has == committed_.revision()) return;
    note(
        ShardId::none(), node.id, "",
        fmt::format("{} has the table of {}, not that of {}", node.id, has, committed_.revision()));
  }

  const AuditView& view_;
  const ShardTable& committed_;
  std::vector<PendingItem> found_;
};

}  // namespace

bool is_beyond_help(const AuditView& view, const ShardInfo& shard) {
  if (shard.status == ShardStatus::Retired) return false;
  const bool is_led = shard.leader.has_value() && !view.is_broken_for_good(shard.leader);
  return !is_led && !recoverability(view, shard).is_possible;
}

namespace {

/// How many copies of the shard there can be: those in sync, and one more on each node that could
/// be given one and whose disk has room for it. O(nodes).
std::size_t attainable_copies(const AuditView& view, const ShardInfo& shard) {
  const bool is_known = shard.leader.has_value() && view.is_up(shard.leader) &&
                        view.store(shard.leader).holds(shard.id);
  const Bytes content = is_known ? view.store(shard.leader).summary(shard.id).bytes : Bytes(0);
  std::size_t copies = shard.replicas.size();
  for (const NodeRecord& node : view.committed().nodes()) {
    const bool is_candidate = node.id.has_value() && node.state == NodeState::Active &&
                              view.is_up(node.id) && !contains(shard.replicas, node.id);
    if (!is_candidate) continue;
    copies += has_room(view.disk(node.id), content, view.bounds().disk_high_watermark);
  }
  return copies;
}

/// Members that new copies may be placed on: active and up. O(nodes).
std::size_t able_to_hold(const AuditView& view) {
  const auto& nodes = view.committed().nodes();
  return static_cast<std::size_t>(
      std::count_if(nodes.begin(), nodes.end(), [&](const NodeRecord& node) {
        return node.id.has_value() && node.state == NodeState::Active && view.is_up(node.id);
      }));
}

/// Nodes in maintenance that have no copy in sync. O(nodes).
std::size_t in_maintenance_without(const AuditView& view, const ShardInfo& shard) {
  const auto& nodes = view.committed().nodes();
  return static_cast<std::size_t>(
      std::count_if(nodes.begin(), nodes.end(), [&](const NodeRecord& node) {
        return node.id.has_value() && node.state == NodeState::Maintenance &&
               !contains(shard.replicas, node.id);
      }));
}

/// Whether the shard stays where it is for ever: documents of its collection are being moved, which
/// a lost shard keeps from ending.
bool is_pinned_for_good(const AuditView& view, const ShardInfo& shard) {
  const auto& collections = view.committed().collections();
  return std::any_of(collections.begin(), collections.end(), [&](const CollectionConfig& one) {
    if (one.id.is_none() || one.moving_to.is_none()) return false;
    const bool is_of_it = shard.collection == one.id || shard.collection == one.moving_to;
    return is_of_it && !can_be_resharded(view, one);
  });
}

/// Whether a migration that has switched names the node until it ends: its source, which keeps the
/// copy that it had, or its target, even if that has left the set since.
bool is_named_by_switched(const ShardInfo& shard, NodeId node) {
  return shard.migration && shard.migration->phase == MigrationPhase::Switch &&
         (shard.migration->source == node || shard.migration->target == node);
}

bool is_another_member_up(const AuditView& view, NodeId node) {
  const auto& nodes = view.committed().nodes();
  return std::any_of(nodes.begin(), nodes.end(), [&](const NodeRecord& other) {
    return other.id.has_value() && other.id != node && other.state != NodeState::Removed &&
           view.is_up(other.id);
  });
}

}  // namespace

std::size_t copies_owed(const AuditView& view, const ShardInfo& shard, std::uint32_t factor) {
  const std::size_t copies = shard.replicas.size();
  if (copies >= factor) return 0;
  const std::size_t wanted = std::min<std::size_t>(factor, able_to_hold(view));
  if (copies + in_maintenance_without(view, shard) >= wanted) return 0;
  return copies < attainable_copies(view, shard) ? wanted : 0;
}

bool can_be_emptied(const AuditView& view, NodeId node) {
  if (!is_another_member_up(view, node)) return false;
  const ShardTable& committed = view.committed();
  const auto& shards = committed.shards();
  return std::all_of(shards.begin(), shards.end(), [&](const ShardInfo& shard) {
    if (shard.id.is_none()) return true;
    if (is_named_by_switched(shard, node) && is_beyond_help(view, shard)) return false;
    if (!contains(shard.replicas, node)) return true;
    if (is_beyond_help(view, shard) || is_pinned_for_good(view, shard)) return false;
    const CollectionConfig* collection = committed.find_collection(shard.collection);
    return attainable_copies(view, shard) > collection->replication_factor;
  });
}

bool can_be_resharded(const AuditView& view, const CollectionConfig& collection) {
  const auto& shards = view.committed().shards();
  return std::none_of(shards.begin(), shards.end(), [&](const ShardInfo& shard) {
    const bool is_of_it = shard.id.has_value() && (shard.collection == collection.id ||
                                                   shard.collection == collection.moving_to);
    return is_of_it && is_beyond_help(view, shard);
  });
}

bool can_be_sharded(const AuditView& view, const CollectionConfig& wanted) {
  if (able_to_hold(view) < wanted.replication_factor) return false;
  const auto* known = view.committed().find_collection(wanted.database, wanted.name);
  return known == nullptr || can_be_resharded(view, *known);
}

std::vector<PendingItem> unfinished_changes(const AuditView& view) { return Search(view).run(); }

namespace {

/// The item that a wait belongs to; null if it has none and needs none.
PendingItem* find_item(std::vector<PendingItem>& items, NodeId who, const PendingWait& wait) {
  const auto found = std::find_if(items.begin(), items.end(), [&](const PendingItem& item) {
    if (wait.command != 0) return item.command == wait.command;
    if (wait.shard.has_value()) return item.shard == wait.shard;
    return item.shard.is_none() && item.node == who;
  });
  return found == items.end() ? nullptr : &*found;
}

}  // namespace

void add_waits(const AuditView& view, std::vector<PendingItem>& items) {
  if (items.empty()) return;
  const auto is_lost = [&](ShardId shard) {
    const ShardInfo* info = view.committed().find_shard(shard);
    return info != nullptr && is_beyond_help(view, *info);
  };
  for (std::uint32_t i = 0; i < view.node_count(); ++i) {
    const NodeId who(i);
    if (!view.is_up(who)) continue;
    for (PendingWait& wait : view.waits(who)) {
      PendingItem* item = find_item(items, who, wait);
      if (item == nullptr && wait.shard.has_value() && !is_lost(wait.shard)) {
        items.push_back({wait.shard, who, "", fmt::format("{} is waited for", wait.shard), {}, 0});
        item = &items.back();
      }
      if (item != nullptr) item->waits.push_back(std::move(wait));
    }
  }
}

}  // namespace shardproof::sim::check
