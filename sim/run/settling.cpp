// SPDX-License-Identifier: Apache-2.0
//
// The last part of a run: the world comes to rest, and what must hold then is judged.
#include "core/base/humanise.hpp"
#include "sim/run/simulation.hpp"

namespace shardproof::sim {
namespace {

constexpr Nanoseconds kSettleStep = milliseconds(100);

}  // namespace

std::vector<check::Unfinished> Simulation::unfinished() const {
  std::vector<check::Unfinished> found = check::unfinished_changes(cluster_);
  const auto note = [&](std::uint64_t count, NodeId node, const char* noun,
                        const std::string& what) {
    if (count == 0) return;
    found.push_back({ShardId::none(), node, human_number_of(count, noun) + " " + what});
  };
  std::uint64_t requests = 0;
  for (const auto& workload : workloads_) requests += workload->outstanding();
  note(requests, NodeId::none(), "request", "of clients not over");
  for (const message::AdminRequestRef& command : console_.open_commands()) {
    const bool is_drain = command->kind == message::AdminKind::Drain;
    if (is_drain && !check::can_be_emptied(cluster_, command->node)) continue;
    found.push_back({command->shard, command->node,
                     fmt::format("the operator's `{}` not done", describe(*command))});
  }
  note(cluster_.changes_in_flight(), NodeId::none(), "message",
       "on the way that may change something");
  for (std::uint32_t i = 0; i < cluster_.machine_count(); ++i) {
    const NodeId node(i);
    note(cluster_.disk_ops_in_flight(node), node, "operation",
         fmt::format("under way on the disk of {}", node));
  }
  return found;
}

bool Simulation::settle(Observer& aftermath) {
  cluster_.watch_with(aftermath);
  script_.stop_watching();
  cluster_.arm_fault_points(false);
  effects_.end_all();
  cluster_.network().heal_settings();
  cluster_.metadata().heal_settings();
  // How long clients would work on a line says how fast they are, not whether the cluster goes on:
  // while a shard is lost for good, each request takes all its attempts.
  for (const auto& workload : workloads_) workload->drop_line();
  Instant limit = cluster_.origin() + spec_.duration;
  const Instant deadline = limit + spec_.checks.progress;
  // At rest means: for the whole settle time. Quiet that the deadline interrupts is waited for.
  Instant rest_since = limit;
  Revision seen = cluster_.committed().revision();
  while (limit - rest_since < spec_.checks.settle) {
    limit = limit + kSettleStep;
    if (!advance_to(limit)) return false;
    if (checks_.violations_total() > 0) return true;
    std::vector<check::Unfinished> pending = unfinished();
    const Revision now = cluster_.committed().revision();
    if (now != seen) {
      pending.push_back({ShardId::none(), NodeId::none(),
                         fmt::format("the table was at {} {} ago and is at {}", seen,
                                     human_duration(kSettleStep), now)});
      seen = now;
    }
    if (pending.empty()) continue;
    rest_since = limit;
    if (limit < deadline) continue;
    if (options_.with_checks) {
      checks_.on_unsettled(cluster_, pending, spec_.checks.progress, cluster_.at(NodeId::none()));
    }
    return true;
  }
  if (options_.with_checks) checks_.on_settled(cluster_, cluster_.at(NodeId::none()));
  return true;
}

}  // namespace shardproof::sim
