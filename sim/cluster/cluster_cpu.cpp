// SPDX-License-Identifier: Apache-2.0
//
// Nodes whose CPU is slow: inputs wait for it one behind the other.
#include "sim/cluster/cluster.hpp"

namespace shardproof::sim {

bool Cluster::waits_for_cpu(const WorldEvent& event, const DiskDone& done) {
  const NodeId node = event.to.as_node();
  Machine& it = machine(node);
  if (it.state != ProcessState::kRunning) return false;
  const bool is_free = it.cpu.waiting().empty();
  if (is_free && !it.cpu.is_slow()) return false;
  it.cpu.push(event, done);
  if (is_free) schedule_turn(node);
  return true;
}

void Cluster::schedule_turn(NodeId node) {
  const Machine& it = machine(node);
  WorldEvent event;
  event.kind = EventKind::Cpu;
  event.life = it.life;
  event.from = event.to = Endpoint::node(node);
  scheduler_.schedule_after(it.cpu.delay(spec_.process.step), event);
}

void Cluster::take_turn(const WorldEvent& event) {
  const NodeId node = event.to.as_node();
  Machine& it = machine(node);
  if (it.life != event.life) return;
  if (it.state == ProcessState::kPaused) return it.inbox.push_back(event);
  const SlowCpu::Waiting next = it.cpu.pop();
  if (!it.cpu.waiting().empty()) schedule_turn(node);
  if (next.is_void) return;
  const bool is_message = next.event.kind == EventKind::Message;
  begin_event(next.event,
              is_message ? &messages_.peek(static_cast<std::uint32_t>(next.event.word)) : nullptr);
  switch (next.event.kind) {
    case EventKind::Message: return receive(next.event);
    case EventKind::Timer: return step(node, TimerFired{static_cast<TimerKind>(next.event.detail)});
    default: return step(node, next.done);
  }
}

}  // namespace shardproof::sim
