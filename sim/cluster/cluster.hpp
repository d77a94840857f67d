// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <deque>
#include <memory>
#include <vector>

#include "core/node.hpp"
#include "sim/check/suite.hpp"
#include "sim/clock.hpp"
#include "sim/cluster/event_watch.hpp"
#include "sim/cluster/held_messages.hpp"
#include "sim/cluster/lost_copies.hpp"
#include "sim/cluster/message_slab.hpp"
#include "sim/cluster/run_place.hpp"
#include "sim/cluster/slow_cpu.hpp"
#include "sim/cluster/world_event.hpp"
#include "sim/disk.hpp"
#include "sim/kernel/scheduler.hpp"
#include "sim/kernel/trace_digest.hpp"
#include "sim/metadata_service.hpp"
#include "sim/network.hpp"
#include "sim/observe/observer.hpp"

namespace shardproof::sim {

/// How many messages there are of each kind, as `Message::index`.
using MessageCounts = std::array<std::size_t, kMessageKinds>;

/// Whoever else lives in the world beside the nodes and the metadata store.
class Inhabitant {
 public:
  virtual ~Inhabitant() = default;
  /// A message to a client or to the operator's console has arrived.
  virtual void on_message(Endpoint from, Endpoint to, Message& message) = 0;
  /// An event that it has scheduled is due.
  virtual void on_event(const WorldEvent& event) = 0;
};

/// The nodes, and the world that carries out their effects: delivers messages, fires timers on each
/// node's own clock, lets disks work, and tells checks and observer of everything in the order in
/// which it happens. One event at a time; nothing happens between two.
class Cluster final : public CommitObserver, public check::AuditView {
 public:
  /// `versions`: what nodes are started with that run each version of the software.
  Cluster(const ScenarioSpec& spec, std::vector<NodeConfig> versions, Topology topology,
          Streams streams, check::CheckSuite& checks, Observer& observer);

  // --- Membership of the world, before and during the run ---------------------------------------

  /// A machine with an empty disk and that version of the software; its process is down.
  /// `record.id` is the next free id.
  void add_node(const NodeRecord& record, Clock clock, std::uint32_t version);
  /// Writes what the metadata store holds from the start, and says so to checks and observer.
  void seed(std::vector<Record> records);
  void set_clients(Inhabitant* clients) { clients_ = clients; }
  void set_operator(Inhabitant* console) { operator_ = console; }
  void set_script(Inhabitant* script) { script_ = script; }
  void set_chaos(Inhabitant* chaos) { chaos_ = chaos; }

  // --- Processes
  // ----------------------------------------------------------------------------------

  /// From its next boot on the node, which is down, runs that version of the software.
  void install(NodeId node, std::uint32_t version);
  /// Starts the process after the time it takes to read its disk. Nothing if it is not down.
  void boot(NodeId node);
  /// The process dies, or its boot is cut short; the disk keeps what `fate` says. Nothing if it is
  /// down.
  void crash(NodeId node, const CrashFate& fate);
  /// The process dies, as in `crash`, and what its disk holds is gone.
  void lose_disk(NodeId node);
  /// Why the disks of the two cannot be swapped; empty if they can.
  std::string why_no_swap(NodeId one, NodeId other) const;
  /// The processes die, or were down, as in `crash`, and each node has the disk of the other one.
  void swap_disks(NodeId one, NodeId other, const CrashFate& fate);
  /// So many sectors of its disk rot, or as many as may (see Disk::rot), which it returns.
  std::uint32_t rot_disk(NodeId node, std::uint32_t sectors);
  /// So many sectors of its disk went to the place of others (see Disk::misdirect); returns how
  /// many.
  std::uint32_t misdirect_writes(NodeId node, std::uint32_t sectors);
  /// The process ends cleanly: its disk is synced. Nothing if it is down.
  void stop(NodeId node);
  /// The node's disk ends no operation, and no boot from it, until the fault is healed.
  FaultId stall_disk(NodeId node);
  void end_stall(NodeId node, FaultId stall);
  /// The node's CPU takes so many times longer, of several factors the largest, until the fault is
  /// healed: what it has to do comes one by one, each after what was there before.
  FaultId slow_cpu(NodeId node, Ratio factor) { return machine(node).cpu.add(factor); }
  void end_slow_cpu(NodeId node, FaultId fault) { machine(node).cpu.heal(fault); }
  /// What it has under way still takes long.
  void end_slow_disk(NodeId node, FaultId fault);
  void pause(NodeId node);
  void resume(NodeId node);
  bool is_running(NodeId node) const;
  /// There is no process, and none that is starting.
  bool is_down(NodeId node) const;
  bool is_booting(NodeId node) const { return machine(node).is_booting; }

  Network& network() { return network_; }
  /// Ends a fault of the network, if it has not ended before: what has waited for it alone arrives
  /// now.
  void heal_network(FaultId fault);
  /// Whether the node's commits and their answers can pass between it and the metadata store.
  bool reaches_metadata(NodeId node) const;
  /// The store ends the node's session. False if it has none.
  bool expire_session(NodeId node);
  MetadataService& metadata() { return metadata_; }
  const MetadataService& metadata() const { return metadata_; }
  Disk& disk_of(NodeId node) { return *machines_[node.value()].disk; }
  const Disk& disk_of(NodeId node) const { return *machine(node).disk; }
  /// Whether the copy, if the node is in sync, is all there and would be after a boot.
  bool is_whole(NodeId node, ShardId shard) const {
    return !lost_copies_.contains(node, shard) && !machine(node).disk->is_rotten();
  }
  /// Tells the checks how full the disk is now.
  void tell_disk_usage(NodeId node);
  /// An operator gives a command for the first time.
  void note_command(const message::AdminRequestRef& request) {
    checks_.on_command(request, at(NodeId::none()));
  }
  Clock& clock_of(NodeId node) { return machines_[node.value()].clock; }
  std::size_t machine_count() const { return machines_.size(); }

  // --- Time
  // -----------------------------------------------------------------------------------------

  Instant now() const { return scheduler_.now(); }
  /// When the scenario's time began; until `begin_scenario` it stands at zero.
  Instant origin() const { return origin_; }
  /// `origin` is not before now().
  void begin_scenario(Instant origin);
  /// From now on this observer is told instead.
  void watch_with(Observer& observer) { observer_ = &observer; }
  /// Is told of every event and fact from here on; not owned, null for nobody.
  void watch_events(EventWatch* watch) { watch_ = watch; }
  /// The same for messages.
  void watch_messages(MessageWatch* watch) { message_watch_ = watch; }
  /// Keeps there, event by event, where the run stands; not owned.
  void note_place_in(RunPlace& place) { place_ = &place; }
  /// All but that of the tie policy, which is drawn from once for each event that is scheduled; it
  /// is made anew where the visitor changes the source.
  void visit_streams(StreamVisitor& visitor);
  bool has_begun() const { return has_begun_; }
  /// Time since the scenario began; never negative.
  Instant scenario_time() const;

  /// Delivers the next event unless it is later than `limit`; false then.
  bool run_one(Instant limit);
  TimerHandle schedule(Instant at, const WorldEvent& event) {
    return scheduler_.schedule_at(at, event);
  }
  bool cancel(TimerHandle handle) { return scheduler_.cancel(handle); }
  /// Sends a message of a client or the operator's console.
  void send(Endpoint from, Endpoint to, Message message);

  const TraceDigest& digest() const { return digest_; }
  /// How often the nodes came by each rare place of the protocol, the set-up included.
  const ProbeHits& probe_hits() const { return probe_hits_; }
  /// From now on the scenario's fault points may fire, or none does.
  void arm_fault_points(bool armed) { are_fault_points_armed_ = armed; }
  /// How often each fault point has fired. O(nodes).
  FaultPointFirings fault_point_firings() const;
  Observer& observer() { return *observer_; }
  check::CheckSuite& checks() { return checks_; }
  check::At at(NodeId node);
  /// Messages on their way that may change what somebody stores or knows of the table; what is said
  /// again and again as long as the cluster lives (heartbeats, leases, probes) is not among them,
  /// nor is what has reached a process that stands still, or asks for something of a shard that is
  /// `lost` (ascending). By kind, as `Message::index`. O(messages log lost).
  MessageCounts changes_in_flight(const std::vector<ShardId>& lost = {}) const;
  /// All messages on their way, those that wait for a process included. O(messages).
  std::size_t messages_in_flight() const;
  /// Operations that the node's disk has not ended.
  std::size_t disk_ops_in_flight(NodeId node) const { return machine(node).disk->in_flight(); }
  /// Of those, what is to change something.
  std::size_t disk_changes_in_flight(NodeId node) const {
    return machine(node).disk->changes_in_flight();
  }
  /// What the nodes hold now, in order of id.
  std::vector<NodeSample> sample_nodes() const;

  // --- check::AuditView
  // -----------------------------------------------------------------------------

  const Bounds& bounds() const override { return versions_.front().bounds; }
  std::uint32_t node_count() const override { return static_cast<std::uint32_t>(machines_.size()); }
  bool is_up(NodeId node) const override;
  const ShardTable& table(NodeId node) const override;
  const Store& store(NodeId node) const override;
  std::optional<check::LeaderSight> leader_sight(NodeId node, ShardId shard) const override;
  bool serves(NodeId node, ShardId shard) const override;
  check::DiskUsage disk(NodeId node) const override;
  std::vector<FileId> files(NodeId node) const override { return machine(node).disk->files(); }
  std::vector<PendingWait> waits(NodeId node) const override;
  const ShardTable& committed() const override;

  // --- CommitObserver
  // -------------------------------------------------------------------------------

  void on_commit(Instant now, Term term, NodeId node, const ShardTable& before,
                 const TableDelta& delta) override;

 private:
  /// What its disk held is no longer within the node's reach.
  void tell_disk_gone(NodeId node);
  /// One node's machine: process, disk, clock and timers.
  struct Machine {
    Machine(Node process_in, std::unique_ptr<Disk> disk_in, Clock clock_in)
        : process(std::move(process_in)), disk(std::move(disk_in)), clock(clock_in) {}

    Node process;
    std::unique_ptr<Disk> disk;
    Clock clock;
    /// Of the software: what is installed, and what has booted last (the first one before any has).
    std::uint32_t version = 0;
    std::uint32_t booted_version = 0;
    Random random{0};
    /// Null if the scenario asks for none.
    std::unique_ptr<FaultPoints> fault_points;
    std::array<TimerHandle, kTimerKinds> timers{};
    ProcessState state = ProcessState::kDown;
    /// Down, but reading its disk in order to run.
    bool is_booting = false;
    /// Raised at each boot and each end of the process.
    std::uint32_t life = 0;
    std::uint32_t incarnation = 0;
    std::uint32_t times_rotten = 0;
    std::uint32_t times_misdirected = 0;
    /// What has arrived during a pause, in order.
    std::deque<WorldEvent> inbox;
    std::deque<DiskDone> inbox_disk;
    /// Ends of disk operations and boots that the disk holds back, in the order in which they were
    /// due.
    std::deque<WorldEvent> stalled;
    SlowCpu cpu;
  };

  Node make_process(const NodeRecord& record, std::uint32_t version, Disk& disk);
  void note_version(NodeId node);
  bool has_cluster_manager() const { return versions_.front().has_cluster_manager; }
  void dispatch(const WorldEvent& event);
  /// Takes out what has reached a process that stands still.
  void leave_out_parked(const std::vector<ShardId>& lost, MessageCounts& counts) const;
  bool is_held(const WorldEvent& message) const;
  void deliver_message(const WorldEvent& event);
  void receive(const WorldEvent& event);
  bool waits_for_cpu(const WorldEvent& event, const DiskDone& done = {});
  void schedule_turn(NodeId node);
  void take_turn(const WorldEvent& event);
  void handle_metadata(const WorldEvent& event);
  void tell_watchers();
  void send_answers();
  void finish_boot(const WorldEvent& event);
  void finish_disk(const WorldEvent& event);
  DiskDone complete_disk_op(NodeId node, const WorldEvent& event);
  void fire_timer(const WorldEvent& event);
  void step(NodeId node, const Input& input);
  void carry_out(NodeId node, const check::At& at);
  void tell_facts(NodeId node, const check::At& at);
  void set_timers(NodeId node);
  void submit_disk_ops(NodeId node);
  void send_all(NodeId node, const check::At& at);
  /// What a message says of disks.
  void tell_claims(const Message& message, const check::At& at);
  void post(Endpoint from, Endpoint to, Message message);
  void end_process(NodeId node);
  void on_local_table(NodeId node, const check::At& at);
  void fold(const WorldEvent& event);
  void begin_event(const WorldEvent& event, const Message* message);
  Machine& machine(NodeId node) { return machines_[node.value()]; }
  const Machine& machine(NodeId node) const { return machines_[node.value()]; }

  const ScenarioSpec& spec_;
  std::vector<NodeConfig> versions_;
  Streams streams_;
  check::CheckSuite& checks_;
  Observer* observer_;
  Scheduler<WorldEvent> scheduler_;
  TraceDigest digest_;
  Network network_;
  MetadataService metadata_;
  std::deque<Machine> machines_;
  MessageSlab messages_;
  HeldMessages held_;
  LostCopies lost_copies_;
  Effects effects_;
  ProbeHits probe_hits_{};
  bool are_fault_points_armed_ = false;
  std::vector<MetadataService::Answer> answers_;
  Inhabitant* clients_ = nullptr;
  Inhabitant* operator_ = nullptr;
  Inhabitant* script_ = nullptr;
  Inhabitant* chaos_ = nullptr;
  EventWatch* watch_ = nullptr;
  MessageWatch* message_watch_ = nullptr;
  RunPlace own_place_;
  RunPlace* place_ = &own_place_;
  /// Single-node mode: the node's table as last told to checks and observer.
  ShardTable local_table_;
  Instant origin_;
  bool has_begun_ = false;
};

}  // namespace shardproof::sim
