// SPDX-License-Identifier: Apache-2.0
#include "core/coordinator/status_text.hpp"

#include "core/coordinator/cluster_settings.hpp"
#include "core/coordinator/migration_driver.hpp"

namespace shardproof {
namespace {

const char* life(NodeId node, const Tenure& tenure) {
  if (tenure.detector.is_alive(node)) return "alive";
  return tenure.detector.is_dead(node) ? "dead" : "unheard";
}

std::string node_line(const NodeRecord& node, const Tenure& tenure) {
  const LoadBook::NodeLoad& load = tenure.loads.node(node.id);
  return fmt::format("{:<6} {:<12} {:<8} {:>18} {:>6} {:>6} {:>14} {:>8}\n",
                     fmt::format("{}", node.id), to_string(node.state), life(node.id, tenure),
                     fmt::format("{}", tenure.detector.last_heard(node.id)),
                     tenure.copies.leads(node.id), tenure.copies.named_by(node.id),
                     fmt::format("{}", load.disk_used), load.requests_per_second);
}

/// What operators have ordered; nothing if there is nothing.
std::string settings_line(const ClusterSettings& settings) {
  std::string text;
  if (settings.limits != OrderedLimits{}) {
    text += fmt::format("limits ordered: {}\n", describe(settings.limits));
  }
  if (!settings.rebalance.empty()) text += fmt::format("policy ordered: {}\n", settings.rebalance);
  return text;
}

std::string join_nodes(const NodeList& nodes) {
  std::string text;
  for (const NodeId node : nodes) text += fmt::format("{}{}", text.empty() ? "" : " ", node);
  return text.empty() ? "-" : text;
}

const ShardNotes* find_notes(const Tenure& tenure, const ShardInfo& shard) {
  const auto found = tenure.notes.find(shard.id);
  if (found == tenure.notes.end() || found->second.epoch != shard.epoch) return nullptr;
  return &found->second;
}

std::string holder_line(const ShardInfo& shard, NodeId node, const Tenure& tenure) {
  const char* role = node == shard.leader             ? "leader"
                     : contains(shard.replicas, node) ? "in sync"
                                                      : "learner";
  std::string position = "-";
  if (const ShardNotes* notes = find_notes(tenure, shard)) {
    for (const ShardNotes::Position& known : notes->positions) {
      if (known.node == node) position = fmt::format("{}", known.last);
    }
    for (const ShardNotes::Report& known : notes->reports) {
      if (known.from == node) position = fmt::format("{}", known.report.position);
    }
  }
  return fmt::format("  {:<6} {:<8} {:<8} position {}\n", fmt::format("{}", node), role,
                     life(node, tenure), position);
}

std::string migration_line(const ShardInfo& shard, const Tenure& tenure, const Step& step) {
  const Migration& migration = *shard.migration;
  const ShardNotes* notes = find_notes(tenure, shard);
  const Nanoseconds in_phase =
      notes != nullptr && notes->in_phase ? step.now - notes->phase_since : Nanoseconds(0);
  return fmt::format(
      "{:<7} {} -> {} ({}, {}) {} for {}, started {}, waits for {}\n", fmt::format("{}", shard.id),
      migration.source, migration.target, to_string(migration.reason), to_string(migration.mode),
      to_string(migration.phase), in_phase, migration.started, describe_waiting(shard, notes));
}

std::string learner_line(const ShardInfo& shard, NodeId node) {
  return fmt::format("{:<7} repair: {} learns from {}\n", fmt::format("{}", shard.id), node,
                     shard.leader);
}

}  // namespace

std::string cluster_status(const Tenure& tenure, const Step& step) {
  std::string text = fmt::format(
      "coordinator {} {}, table {}, balancing {}, leases end within {}\n", step.self(), tenure.term,
      step.table.revision(), step.table.settings().balancing_enabled ? "on" : "off",
      step.table.settings().lease_bound);
  text += settings_line(step.table.settings());
  text += fmt::format("shards: {} active, {} migrating, {} syncing, {} offline\n",
                      tenure.copies.with_status(ShardStatus::Active),
                      tenure.copies.with_status(ShardStatus::Migrating),
                      tenure.copies.with_status(ShardStatus::Syncing),
                      tenure.copies.with_status(ShardStatus::Offline));
  text += fmt::format(
      "copies: {} shards short of copies, {} in motion, {} moves waiting, {} plans made\n",
      tenure.copies.short_of_copies().size(), tenure.copies.in_motion().size(),
      tenure.planner.waiting(), tenure.planner.plans());
  text += fmt::format("{:<6} {:<12} {:<8} {:>18} {:>6} {:>6} {:>14} {:>8}\n", "node", "state",
                      "life", "last heard", "leads", "copies", "disk used", "req/s");
  for (const NodeRecord& node : step.table.nodes()) {
    if (node.id.has_value()) text += node_line(node, tenure);
  }
  return text;
}

std::string shard_status(ShardId id, const Tenure& tenure, const Step& step) {
  const ShardInfo* shard = step.table.find_shard(id);
  if (shard == nullptr) return fmt::format("{} does not exist\n", id);
  const LoadBook::ShardLoad& load = tenure.loads.shard(id);
  std::string text =
      fmt::format("{} of {}: {}, epoch {}, leader {}, fencing {}\n", id,
                  step.table.find_collection(shard->collection)->full_name(),
                  to_string(shard->status), shard->epoch, shard->leader, shard->fencing);
  text += fmt::format("  {} documents, {}, {} requests/s\n", load.documents, load.bytes,
                      load.requests_per_second);
  for (const NodeId node : shard->replicas) text += holder_line(*shard, node, tenure);
  for (const NodeId node : shard->learners) text += holder_line(*shard, node, tenure);
  NodeList stale;
  for (const NodeId node : tenure.copies.stale_holders(id)) stale.push_back(node);
  text += fmt::format("  old copies: {}\n", join_nodes(stale));
  if (shard->migration) text += "  migration " + migration_line(*shard, tenure, step);
  if (tenure.proposals.is_busy(id)) text += "  a change is being committed\n";
  return text;
}

std::string migration_status(const Tenure& tenure, const Step& step) {
  std::string text;
  for (const ShardId id : tenure.copies.in_motion()) {
    const ShardInfo& shard = *step.table.find_shard(id);
    if (shard.migration) text += migration_line(shard, tenure, step);
    for (const NodeId node : shard.learners) {
      if (shard.migration && shard.migration->target == node) continue;
      text += learner_line(shard, node);
    }
  }
  text += fmt::format("{} in motion, {} waiting\n", tenure.copies.in_motion().size(),
                      tenure.planner.waiting());
  return text;
}

}  // namespace shardproof
