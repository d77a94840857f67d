// SPDX-License-Identifier: Apache-2.0
//
// What can be seen of the cluster between two events.
#include <algorithm>

#include "sim/cluster/cluster.hpp"
#include "sim/cluster/message_text.hpp"
#include "sim/cluster/node_fault_points.hpp"

namespace shardproof::sim {
namespace {

/// Operators' commands are not among them: their console counts those that are open.
bool may_change_something(const Message& message, const std::vector<ShardId>& lost) {
  if (const auto* request = std::get_if<message::ShardRequest>(&message)) {
    return !std::binary_search(lost.begin(), lost.end(), request->shard);
  }
  if (const auto* append = std::get_if<message::AppendEntries>(&message)) {
    return !append->entries.empty();
  }
  return std::holds_alternative<message::ClientRequest>(message) ||
         std::holds_alternative<message::FenceRequest>(message) ||
         std::holds_alternative<message::FenceReply>(message) ||
         std::holds_alternative<message::CopyChunk>(message) ||
         std::holds_alternative<message::Commit>(message) ||
         std::holds_alternative<message::TableUpdate>(message);
}

}  // namespace

bool Cluster::is_up(NodeId node) const { return machine(node).process.is_up(); }
const ShardTable& Cluster::table(NodeId node) const { return machine(node).process.table(); }
const Store& Cluster::store(NodeId node) const { return machine(node).process.store(); }

std::optional<check::LeaderSight> Cluster::leader_sight(NodeId node, ShardId shard) const {
  const ShardReplica* replica = machine(node).process.find_replica(shard);
  if (replica == nullptr || replica->leader() == nullptr) return std::nullopt;
  const ReplicaLog& log = replica->state().log;
  check::LeaderSight sight{log.base().index, {}};
  for (const PeerProgress& peer : replica->leader()->peers()) {
    const LogIndex matched = peer.matched();
    const bool is_known =
        matched != LogIndex() && matched >= log.base().index && matched <= log.last().index;
    if (!peer.is_required() || !is_known) continue;
    sight.followers.push_back({peer.node(), log.version_at(matched)});
  }
  return sight;
}

bool Cluster::serves(NodeId node, ShardId shard) const {
  const ShardReplica* replica = machine(node).process.find_replica(shard);
  return replica != nullptr && replica->leader() != nullptr && replica->leader()->is_serving();
}

check::DiskUsage Cluster::disk(NodeId node) const {
  const Disk& disk = *machine(node).disk;
  return {disk.used(), disk.capacity()};
}

std::vector<PendingWait> Cluster::waits(NodeId node) const {
  const Machine& it = machine(node);
  // A copy: a clock never shows less than it has shown once, and nobody is to notice this look.
  Clock clock = it.clock;
  const Instant local = clock.read(now());
  std::vector<PendingWait> waits;
  for (Awaited& one : it.process.awaited(local)) {
    PendingWait wait{one.shard, node, one.as_coordinator, std::move(one.message),
                     {},        {},   one.command};
    if (one.from) wait.from = text_of(*one.from);
    // In the world's time: how long it is by the node's own clock is near enough.
    if (one.since != Instant::never()) {
      wait.since = now() - (local - one.since) - origin_.since_start();
    }
    waits.push_back(std::move(wait));
  }
  return waits;
}

const ShardTable& Cluster::committed() const {
  return has_cluster_manager() ? metadata_.committed() : local_table_;
}

MessageCounts Cluster::changes_in_flight(const std::vector<ShardId>& lost) const {
  MessageCounts counts{};
  messages_.for_each([&](const Message& message) {
    if (may_change_something(message, lost)) ++counts[message.index()];
  });
  leave_out_parked(lost, counts);
  return counts;
}

std::size_t Cluster::messages_in_flight() const {
  std::size_t count = 0;
  messages_.for_each([&](const Message&) { ++count; });
  return count;
}

void Cluster::leave_out_parked(const std::vector<ShardId>& lost, MessageCounts& counts) const {
  const auto leave_out = [&](const WorldEvent& event) {
    if (event.kind != EventKind::Message) return;
    const Message& message = messages_.peek(static_cast<std::uint32_t>(event.word));
    if (may_change_something(message, lost)) --counts[message.index()];
  };
  for (const Machine& one : machines_) {
    for (const WorldEvent& event : one.inbox) leave_out(event);
    if (one.state != ProcessState::kPaused) continue;
    for (const SlowCpu::Waiting& waiting : one.cpu.waiting()) leave_out(waiting.event);
  }
}

FaultPointFirings Cluster::fault_point_firings() const {
  FaultPointFirings sum{};
  for (const Machine& it : machines_) {
    if (it.fault_points == nullptr) continue;
    for (std::size_t i = 0; i < kFaultPoints; ++i) sum[i] += it.fault_points->firings()[i];
  }
  return sum;
}

std::vector<NodeSample> Cluster::sample_nodes() const {
  std::vector<NodeSample> samples;
  for (std::uint32_t i = 0; i < machines_.size(); ++i) {
    const NodeId node(i);
    if (!is_up(node)) continue;
    const check::DiskUsage usage = disk(node);
    NodeSample sample{node, usage.used, usage.capacity, {}};
    const Store& held = store(node);
    for (const ShardId shard : held.copies()) {
      const CopySummary summary = held.summary(shard);
      sample.copies.push_back({shard, summary.bytes, summary.documents});
    }
    samples.push_back(std::move(sample));
  }
  return samples;
}

}  // namespace shardproof::sim
