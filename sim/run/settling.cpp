// SPDX-License-Identifier: Apache-2.0
//
// The last part of a run: the world comes to rest, and what must hold then is judged.
#include <algorithm>
#include <numeric>

#include "core/base/humanise.hpp"
#include "sim/check/recoverability.hpp"
#include "sim/cluster/core_choice.hpp"
#include "sim/observe/record_text.hpp"
#include "sim/run/simulation.hpp"
#include "sim/scenario/document_space.hpp"
#include "sim/scenario/message_names.hpp"

namespace shardproof::sim {
namespace {

constexpr Nanoseconds kSettleStep = milliseconds(100);

/// "AppendReply, CopyAck": the kinds of which there are any.
std::string names_of(const MessageCounts& counts) {
  std::string names;
  for (std::size_t kind = 0; kind < counts.size(); ++kind) {
    if (counts[kind] == 0) continue;
    if (!names.empty()) names += ", ";
    names += message_names()[kind];
  }
  return names;
}

}  // namespace

// --- Who comes back -----------------------------------------------------------------------------

check::CoreView Simulation::view() const { return {cluster_, outside_}; }

void Simulation::heal() {
  CoreChoice choice;
  const bool is_core = spec_.checks.heal == HealMode::kCore;
  if (is_core) choice = choose_core(cluster_, streams_);
  script_.stop();
  cluster_.arm_fault_points(false);
  effects_.end_all();
  cluster_.network().heal_settings();
  cluster_.metadata().heal_settings();
  settling_.emplace();
  settling_->heal = is_core ? "core" : "all";
  settling_->core = choice.core;
  if (choice.outside.empty()) return;
  break_for_good(cluster_, choice.outside, {spec_.disk.unsynced, spec_.disk.undeleted});
  for (const auto& [node, fault, slowdown] : choice.outside) {
    if (is_out_of_service(fault)) outside_.push_back(node);
    settling_->broken.push_back({node, std::string(to_string(fault))});
  }
  checks_.on_broken_for_good(outside_);
  // The core has to get over their loss first: deadlines count from now on.
  checks_.on_held_up(cluster_.at(NodeId::none()).true_time);
}

/// How long every copy takes to be made anew, once over, at the least bandwidth that a version or
/// an operator gives to copying.
Nanoseconds Simulation::copying_time() const {
  const UInt128 amount = document_bytes(spec_) * 2;
  const Bytes bytes(static_cast<std::uint64_t>(std::min<UInt128>(amount, Bytes::max().count())));
  constexpr Nanoseconds kMost = seconds(86'400);
  Nanoseconds longest;
  // Unlimited it takes none.
  const auto note = [&](Bandwidth limit) { longest = std::max(longest, limit.time_for(bytes)); };
  for (const check::VersionTraits& version : check_config_.versions) note(version.limits.bandwidth);
  for (const EventSpec& event : spec_.events) {
    const auto* order = std::get_if<LimitsAction>(&event.action);
    if (order != nullptr && order->limits.bandwidth) note(*order->limits.bandwidth);
  }
  return std::min(longest, kMost);
}

/// Copies are made anew for those that are broken for good only when they could not return in time,
/// and nobody knows of a dead disk sooner than the node itself.
Nanoseconds Simulation::patience() const {
  const Nanoseconds patience = spec_.checks.progress + copying_time();
  if (outside_.empty()) return patience;
  return patience + check_config_.longest.repair_delay + check_config_.longest.disk_timeout;
}

void Simulation::note_unserved() {
  const check::CoreView those = view();
  for (const ShardInfo& shard : cluster_.committed().shards()) {
    if (shard.id.is_none() || shard.status == ShardStatus::Retired) continue;
    if (check::is_served(those, shard)) continue;
    const check::Recoverability judged = check::recoverability(those, shard);
    settling_->unserved.push_back({shard.id, judged.is_possible, judged.reason});
  }
}

// --- What is left to do -------------------------------------------------------------------------

bool Simulation::is_hopeless(const message::AdminRequest& command) const {
  const check::CoreView those = view();
  const bool is_drain = command.kind == message::AdminKind::Drain;
  if (is_drain && !check::can_be_emptied(those, command.node)) return true;
  for (const NodeId node : {command.node, command.source, command.target}) {
    if (those.is_broken_for_good(node)) return true;
  }
  if (command.kind == message::AdminKind::EnableSharding) {
    return !check::can_be_sharded(those, command.collection);
  }
  const ShardInfo* shard = cluster_.committed().find_shard(command.shard);
  return shard != nullptr && check::is_beyond_help(those, *shard);
}

/// Those that nobody can ever serve, ascending: whoever asks for something of them asks in vain,
/// and may go on with it.
std::vector<ShardId> Simulation::lost_shards() const {
  std::vector<ShardId> lost;
  if (outside_.empty()) return lost;
  const check::CoreView those = view();
  for (const ShardInfo& shard : cluster_.committed().shards()) {
    if (shard.id.has_value() && check::is_beyond_help(those, shard)) lost.push_back(shard.id);
  }
  return lost;
}

std::vector<PendingItem> Simulation::unfinished() const {
  const check::CoreView those = view();
  std::vector<PendingItem> found = check::unfinished_changes(those);
  const auto note = [&](std::uint64_t count, NodeId node, const char* noun,
                        const std::string& what) {
    if (count == 0) return;
    found.push_back({ShardId::none(), node, "", human_number_of(count, noun) + " " + what, {}, 0});
  };
  std::uint64_t requests = 0;
  for (const auto& workload : workloads_) requests += workload->outstanding();
  note(requests, NodeId::none(), "request", "of clients not over");
  for (const OperatorConsole::Open& command : console_.open_commands()) {
    const message::AdminRequest& request = *command.request;
    if (is_hopeless(request)) continue;
    found.push_back(
        {request.shard,
         request.node,
         "",
         fmt::format("the operator's `{}` is not done: it {}", describe(request), command.stage),
         {},
         request.request});
  }
  const MessageCounts changes = cluster_.changes_in_flight(lost_shards());
  note(std::accumulate(changes.begin(), changes.end(), std::uint64_t{0}), NodeId::none(), "message",
       "on the way that may change something: " + names_of(changes));
  for (std::uint32_t i = 0; i < cluster_.machine_count(); ++i) {
    const NodeId node(i);
    if (those.is_broken_for_good(node)) continue;
    note(cluster_.disk_changes_in_flight(node), node, "operation",
         fmt::format("under way on the disk of {}", node));
  }
  return found;
}

std::vector<PendingItem> Simulation::pending() const {
  std::vector<PendingItem> items = unfinished();
  check::add_waits(view(), items);
  return items;
}

// --- Coming to rest -----------------------------------------------------------------------------

void Simulation::on_rest(Nanoseconds counted) {
  settling_->came_to_rest = true;
  if (!options_.with_checks) return;
  RestingWorld world{check_config_.shortest, spec_.sample_every, cluster_.machine_count(), 0,
                     quiet_.backlog()};
  for (const ShardInfo& shard : cluster_.committed().shards()) {
    world.shards_unserved += shard.id.has_value() && check::is_beyond_help(view(), shard) ? 1 : 0;
  }
  const check::At now = cluster_.at(NodeId::none());
  checks_.on_rested(counted, quiet_.events(events()), resting_events_max(world, counted),
                    quiet_.most_sent(cluster_.network().counters()), now);
  checks_.on_settled(view(), now);
}

bool Simulation::come_to_rest() {
  Instant limit = cluster_.origin() + spec_.duration;
  const Instant deadline = limit + patience();
  // At rest means: for the whole settle time. Quiet that the deadline interrupts is waited for.
  Instant rest_since = limit;
  Revision seen = cluster_.committed().revision();
  // Events are counted from the middle of the rest on: what was left just before it may end in a
  // burst, as a disk that syncs many entries at once has each of them answered.
  Instant counted_since = Instant::never();
  while (limit - rest_since < spec_.checks.settle) {
    limit = limit + kSettleStep;
    if (!advance_to(limit)) return false;
    if (checks_.violations_total() > 0) return true;
    std::vector<PendingItem> left = unfinished();
    const Revision now = cluster_.committed().revision();
    if (now != seen) left.push_back(unrest(seen));
    seen = now;
    if (left.empty()) {
      const bool is_counting = counted_since != Instant::never();
      if (is_counting || (limit - rest_since) * 2 < spec_.checks.settle) continue;
      counted_since = limit;
      quiet_.begin(events(), cluster_.messages_in_flight(), cluster_.network().counters());
      continue;
    }
    counted_since = Instant::never();
    rest_since = limit;
    if (limit < deadline) continue;
    check::add_waits(view(), left);
    if (options_.with_checks) {
      checks_.on_unsettled(cluster_, left, patience(), cluster_.at(NodeId::none()));
    }
    return true;
  }
  on_rest(limit - counted_since);
  return true;
}

PendingItem Simulation::unrest(Revision before) const {
  const ShardTable& table = cluster_.committed();
  PendingItem item;
  item.text = fmt::format("the table was at {} {} ago and is at {}", before,
                          human_duration(kSettleStep), table.revision());
  for (const ShardInfo& shard : table.shards()) {
    const RecordKey key{RecordKind::Shard, shard.id.value()};
    if (shard.id.is_none() || table.modified(key) != table.revision()) continue;
    item.shard = shard.id;
    item.text += fmt::format(", by a change of {} to {}", shard.id, text_of(shard));
  }
  return item;
}

bool Simulation::settle(Observer& aftermath) {
  cluster_.watch_with(aftermath);
  heal();
  // How long clients would work on a line says how fast they are, not whether the cluster goes on:
  // while a shard is lost for good, each request takes all its attempts.
  for (const auto& workload : workloads_) workload->drop_line();
  const bool went_on = come_to_rest();
  note_unserved();
  return went_on;
}

}  // namespace shardproof::sim
