// SPDX-License-Identifier: Apache-2.0
#include "core/coordinator/describe_awaited.hpp"

#include <algorithm>

#include "core/coordinator/failover.hpp"
#include "core/coordinator/migration_driver.hpp"

namespace shardproof {
namespace {

using message::ShardEvent;

/// Walks one tenure and notes what it waits for.
class Describer {
 public:
  Describer(const Tenure& tenure, const ShardTable& table, const NodeConfig& config, Instant now,
            AwaitedList& awaited)
      : tenure_(tenure), table_(table), config_(config), now_(now), awaited_(awaited) {}

  void describe(const ShardInfo& shard) {
    if (const auto since = tenure_.proposals.open_since({RecordKind::Shard, shard.id.value()})) {
      awaited_.push_back({shard.id, "CommitReply", Endpoint::metadata(), *since});
      return;
    }
    const ShardNotes* notes = find_notes(shard);
    if (needs_leader(shard, notes)) return describe_failover(shard, notes);
    if (!tenure_.detector.is_alive(shard.leader)) {
      return note(shard, "Heartbeat", shard.leader);
    }
    if (is_fencing(shard)) note(shard, "Heartbeat with the newer table", shard.fencing);
    if (shard.migration) describe_migration(shard, notes);
    for (const NodeId learner : shard.learners) {
      if (shard.migration && shard.migration->target == learner) continue;
      note(shard, fmt::format("ShardReport CaughtUp of {}", learner), shard.leader);
    }
    const bool is_at_rest = !shard.migration && shard.learners.empty();
    if (is_at_rest && has_surplus(shard, *table_.find_collection(shard.collection))) {
      note(shard, "ShardReport Surplus", shard.leader);
    }
    describe_missing_copies(shard);
  }

  void describe(const NodeRecord& node) {
    if (node.state == NodeState::Removed) return;
    const bool is_alive = tenure_.detector.is_alive(node.id);
    if (!is_alive && !tenure_.detector.is_dead(node.id)) {
      awaited_.push_back(awaited_of(ShardId::none(), "first Heartbeat of the term", node.id));
    } else if (is_alive && !tenure_.loads.node(node.id).is_known) {
      awaited_.push_back(awaited_of(ShardId::none(), "Heartbeat with a load report", node.id));
    }
  }

 private:
  void note(const ShardInfo& shard, std::string message, NodeId from,
            Instant since = Instant::never()) {
    awaited_.push_back(awaited_of(shard.id, std::move(message), from, since));
  }

  const ShardNotes* find_notes(const ShardInfo& shard) const {
    const auto found = tenure_.notes.find(shard.id);
    if (found == tenure_.notes.end() || found->second.epoch != shard.epoch) return nullptr;
    return &found->second;
  }

  bool needs_leader(const ShardInfo& shard, const ShardNotes* notes) const {
    if (shard.leader.is_none() || tenure_.detector.is_dead(shard.leader)) return true;
    return notes != nullptr && notes->find(ShardEvent::Restarted, shard.leader) != nullptr;
  }

  bool is_fencing(const ShardInfo& shard) const {
    const RecordKey key{RecordKind::Shard, shard.id.value()};
    return shard.fencing.has_value() && !tenure_.detector.is_dead(shard.fencing) &&
           tenure_.detector.known_revision(shard.fencing) < table_.modified(key);
  }

  void describe_failover(const ShardInfo& shard, const ShardNotes* notes) {
    for (const NodeId node : holders_to_ask(shard)) {
      if (tenure_.detector.is_dead(node)) {
        note(shard, "Heartbeat of a dead holder", node, tenure_.detector.dead_since(node));
      } else if (!tenure_.detector.is_alive(node)) {
        note(shard, "first Heartbeat of the term", node);
      } else if (notes != nullptr && notes->asking && notes->position_of(node) == nullptr) {
        note(shard, "PositionReply", node, notes->asked_first);
      } else if (notes != nullptr && now_ < notes->ask_after) {
        note(shard, "PositionReply with a copy", node);
      }
    }
  }

  void describe_migration(const ShardInfo& shard, const ShardNotes* notes) {
    const auto report = awaited_report(shard, notes);
    if (!report) return;
    const bool is_timed = notes != nullptr && notes->in_phase;
    std::string text = fmt::format("ShardReport {}", message::to_string(report->event));
    if (report->was_at) text += fmt::format(" of {}, not {}", report->needed_at, *report->was_at);
    note(shard, text, report->from, is_timed ? notes->phase_since : Instant::never());
  }

  void describe_missing_copies(const ShardInfo& shard) {
    const std::size_t copies = shard.replicas.size() + shard.learners.size();
    if (copies >= table_.find_collection(shard.collection)->replication_factor) return;
    for (const NodeRecord& node : table_.nodes()) {
      const bool is_away = node.id.has_value() && node.state == NodeState::Active &&
                           tenure_.detector.is_dead(node.id) && !contains(shard.replicas, node.id);
      if (!is_away) continue;
      const Instant since = tenure_.detector.dead_since(node.id);
      if (now_ >= since + config_.timing.repair_delay) continue;
      awaited_.push_back({shard.id, fmt::format("return of {}, or end of repair_delay", node.id),
                          std::nullopt, since});
    }
  }

  const Tenure& tenure_;
  const ShardTable& table_;
  const NodeConfig& config_;
  Instant now_;
  AwaitedList& awaited_;
};

}  // namespace

void describe_awaited(const Tenure& tenure, const ShardTable& table, const NodeConfig& config,
                      Instant now, AwaitedList& awaited) {
  Describer describer(tenure, table, config, now, awaited);
  for (const ShardInfo& shard : table.shards()) {
    const bool exists = shard.id.has_value() && shard.status != ShardStatus::Retired;
    if (exists) describer.describe(shard);
  }
  for (const NodeRecord& node : table.nodes()) {
    if (node.id.has_value()) describer.describe(node);
  }
  for (const auto& [key, command] : tenure.operations.open()) {
    if (command.awaits.empty()) continue;
    awaited.push_back({ShardId::none(), command.awaits, std::nullopt, command.awaits_since, true,
                       command.request->request});
  }
}

}  // namespace shardproof
