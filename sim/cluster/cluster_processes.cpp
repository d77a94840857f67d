// SPDX-License-Identifier: Apache-2.0
//
// Processes of the cluster: how they boot, die, stand still and lose their disks.
#include "core/base/humanise.hpp"
#include "sim/cluster/cluster.hpp"

namespace shardproof::sim {

bool Cluster::is_running(NodeId node) const {
  return machine(node).state == ProcessState::kRunning;
}

bool Cluster::is_down(NodeId node) const {
  return machine(node).state == ProcessState::kDown && !machine(node).is_booting;
}

void Cluster::install(NodeId node, std::uint32_t version) {
  Machine& it = machine(node);
  SHARDPROOF_CHECK(is_down(node), "{} runs", node);
  it.version = version;
  it.process = make_process(it.process.config().record, version, *it.disk);
}

void Cluster::note_version(NodeId node) {
  Machine& it = machine(node);
  if (it.version == it.booted_version) return;
  it.booted_version = it.version;
  const std::string_view name =
      it.version == 0 ? kFirstVersion : std::string_view(spec_.versions[it.version - 1].name);
  observer_->on_version(node, name);
  if (it.incarnation > 1) observer_->on_fault(FaultKind::kUpgrade, node);
}

void Cluster::boot(NodeId node) {
  Machine& it = machine(node);
  if (!is_down(node)) return;
  it.is_booting = true;
  it.life += 1;
  WorldEvent event;
  event.kind = EventKind::Boot;
  event.life = it.life;
  event.from = event.to = Endpoint::node(node);
  scheduler_.schedule_after(it.disk->boot_time(), event);
}

void Cluster::finish_boot(const WorldEvent& event) {
  const NodeId node = event.to.as_node();
  Machine& it = machine(node);
  if (it.life != event.life || it.state != ProcessState::kDown) return;
  if (it.disk->is_stalled()) return it.stalled.push_back(event);
  it.is_booting = false;
  it.state = ProcessState::kRunning;
  it.incarnation += 1;
  if (it.incarnation > 1) observer_->on_fault(FaultKind::kRestart, node);
  it.clock.restart(now());
  observer_->on_process(node, ProcessState::kRunning);
  note_version(node);
  if (!has_cluster_manager()) observer_->on_lease(node, Instant::never());
  const bool is_rotten = it.disk->is_rotten();
  checks_.on_boot(at(node), is_rotten, it.version);
  if (is_rotten) lost_copies_.on_disk_lost(node, committed());
  tell_disk_usage(node);
  const DiskImage image = it.disk->image();
  step(node, Boot{&image});
  checks_.on_booted(at(node));
}

void Cluster::end_process(NodeId node) {
  Machine& it = machine(node);
  it.life += 1;
  it.state = ProcessState::kDown;
  it.process.crash();
  for (const WorldEvent& event : it.inbox) {
    if (event.kind == EventKind::Message) messages_.take(static_cast<std::uint32_t>(event.word));
  }
  for (const SlowCpu::Waiting& one : it.cpu.waiting()) {
    if (one.event.kind == EventKind::Message)
      messages_.take(static_cast<std::uint32_t>(one.event.word));
  }
  it.cpu.forget();
  it.inbox.clear();
  it.inbox_disk.clear();
  for (TimerHandle& timer : it.timers) scheduler_.cancel(timer);
  metadata_.drop_watcher(Endpoint::node(node));
  checks_.on_crash(at(node));
  observer_->on_process(node, ProcessState::kDown);
}

void Cluster::crash(NodeId node, const CrashFate& fate) {
  Machine& it = machine(node);
  if (it.state == ProcessState::kDown) {
    it.is_booting = false;
    it.life += 1;
    return;
  }
  const SectorCounters before = it.disk->counters().sectors;
  const std::uint64_t undeleted_before = it.disk->counters().files_undeleted;
  // lint: stream not shown
  Random random =
      streams_.stream("disk", static_cast<std::uint64_t>(node.value()) << 32 | it.life, "crash");
  it.disk->crash(fate, random);
  observer_->on_fault(FaultKind::kCrash, node);
  const SectorCounters& after = it.disk->counters().sectors;
  for (std::uint64_t i = before.lost; i < after.lost; ++i)
    observer_->on_fault(FaultKind::kSectorLost);
  for (std::uint64_t i = before.torn; i < after.torn; ++i)
    observer_->on_fault(FaultKind::kSectorTorn);
  for (std::uint64_t i = before.garbage; i < after.garbage; ++i)
    observer_->on_fault(FaultKind::kSectorGarbage);
  for (std::uint64_t i = undeleted_before; i < it.disk->counters().files_undeleted; ++i)
    observer_->on_fault(FaultKind::kDeleteUndone, node, "a deleted file is back on its disk");
  end_process(node);
}

void Cluster::lose_disk(NodeId node) {
  Machine& it = machine(node);
  crash(node, CrashFate{});
  it.disk->replace();
  observer_->on_fault(FaultKind::kDiskLost, node, "its disk is lost");
  tell_disk_gone(node);
}

std::string Cluster::why_no_swap(NodeId one, NodeId other) const {
  const Disk& first = *machine(one).disk;
  const Disk& second = *machine(other).disk;
  if (first.size() != second.size()) {
    return fmt::format("the disks of {} and {} are of different sizes", one, other);
  }
  const auto return_text = [](NodeId to, NodeId from) {
    return fmt::format("the disk of {} has been in {} before: what it held then would be back",
                       from, to);
  };
  if (first.has_had_disk_of(second)) return return_text(one, other);
  if (second.has_had_disk_of(first)) return return_text(other, one);
  return {};
}

void Cluster::swap_disks(NodeId one, NodeId other, const CrashFate& fate) {
  crash(one, fate);
  crash(other, fate);
  machine(one).disk->exchange(*machine(other).disk);
  for (const auto& [node, from] : {std::pair(one, other), std::pair(other, one)}) {
    observer_->on_fault(FaultKind::kDiskSwapped, node, fmt::format("it has the disk of {}", from));
    tell_disk_gone(node);
  }
}

void Cluster::tell_disk_gone(NodeId node) {
  checks_.on_disk_destroyed(at(node));
  lost_copies_.on_disk_lost(node, committed());
  tell_disk_usage(node);
}

std::uint32_t Cluster::rot_disk(NodeId node, std::uint32_t sectors) {
  Machine& it = machine(node);
  // lint: stream not shown
  Random random = streams_.stream(
      "disk", static_cast<std::uint64_t>(node.value()) << 32 | it.times_rotten, "rot");
  it.times_rotten += 1;
  const std::uint32_t rotten = it.disk->rot(sectors, random);
  const std::string text = fmt::format("{} on its disk", human_number_of(rotten, "sector"));
  if (rotten > 0) observer_->on_fault(FaultKind::kSectorRotten, node, text);
  for (std::uint32_t i = 1; i < rotten; ++i) observer_->on_fault(FaultKind::kSectorRotten);
  return rotten;
}

std::uint32_t Cluster::misdirect_writes(NodeId node, std::uint32_t sectors) {
  Machine& it = machine(node);
  // lint: stream not shown
  Random random = streams_.stream(
      "disk", static_cast<std::uint64_t>(node.value()) << 32 | it.times_misdirected, "misdirect");
  it.times_misdirected += 1;
  const std::uint32_t misdirected = it.disk->misdirect(sectors, random);
  const std::string text = fmt::format("{} of its disk", human_number_of(misdirected, "sector"));
  if (misdirected > 0) observer_->on_fault(FaultKind::kWriteMisdirected, node, text);
  for (std::uint32_t i = 1; i < misdirected; ++i) observer_->on_fault(FaultKind::kWriteMisdirected);
  return misdirected;
}

void Cluster::stop(NodeId node) {
  if (machine(node).state == ProcessState::kDown) return;
  machine(node).disk->stop();
  end_process(node);
}

FaultId Cluster::stall_disk(NodeId node) {
  observer_->on_fault(FaultKind::kStall, node, "disk stands still");
  return machine(node).disk->add(DiskStall{});
}

void Cluster::end_stall(NodeId node, FaultId stall) {
  Machine& it = machine(node);
  it.disk->heal(stall);
  if (it.disk->is_stalled()) return;
  // What was due ends now, at distinct times: in the same order, whatever order ties have.
  std::deque<WorldEvent> due;
  due.swap(it.stalled);
  Instant at = now();
  for (const WorldEvent& event : due) {
    scheduler_.schedule_at(at, event);
    at = at + Nanoseconds(1);
  }
}

void Cluster::pause(NodeId node) {
  if (!is_running(node)) return;
  machine(node).state = ProcessState::kPaused;
  observer_->on_fault(FaultKind::kPause, node);
  observer_->on_process(node, ProcessState::kPaused);
}

void Cluster::resume(NodeId node) {
  Machine& it = machine(node);
  if (it.state != ProcessState::kPaused) return;
  it.state = ProcessState::kRunning;
  observer_->on_process(node, ProcessState::kRunning);
  // What has arrived meanwhile is handled now, in the order of arrival.
  std::deque<WorldEvent> waiting;
  waiting.swap(it.inbox);
  for (const WorldEvent& event : waiting) {
    const TimerHandle handle = scheduler_.schedule_at(now(), event);
    // A timer that has run out can still be cancelled by what arrived before it.
    if (event.kind == EventKind::Timer) it.timers[event.detail] = handle;
  }
}

}  // namespace shardproof::sim
