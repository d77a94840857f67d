// SPDX-License-Identifier: Apache-2.0
#include "core/node.hpp"

#include <algorithm>

namespace shardproof {
namespace {

std::uint64_t writes_in(const EntryList& entries) {
  return static_cast<std::uint64_t>(
      std::count_if(entries.begin(), entries.end(),
                    [](const EntryRef& entry) { return !entry->mutations.empty(); }));
}

}  // namespace

struct Node::Volatile {
  std::unique_ptr<Store> store;
  TableWatcher watcher;
  ClusterManager manager;
  Coordinator coordinator;
  Router router;
  Standalone standalone;
  DurabilityQueue durability;
  /// By shard id; null where this node has nothing to do with the shard.
  std::vector<std::unique_ptr<ShardReplica>> replicas;
  /// Shards with work by time, each once, and whether a shard is among them.
  std::vector<ShardId> active;
  std::vector<bool> is_active;
  bool replication_timer_armed = false;
  /// When a copy stream can go on next, and when the timer is set for.
  Instant copy_due = Instant::never();
  Instant copy_armed = Instant::never();
  bool has_table = false;
};

/// One step at work: the volatile state, and the tools that its parts share.
struct Node::Running {
  Volatile& state;
  ReplicaStep& step;

  void boot(const Boot& boot);
  void handle(Endpoint from, Message& message);
  void on_timer(TimerKind kind);
  void on_disk_done(const DiskDone& done);
  void adopt(const std::vector<TableDeltaRef>& deltas);
  void adopt_locally(const TableDeltaRef& delta);
  void deliver_to_self();
  void drain_durability();
  void arm_timers();

  ShardReplica& replica(ShardId shard);
  void adopt_shard(const ShardInfo& info, bool first_table);
  void adopt_collection(const CollectionConfig& collection);
  bool knows(ShardId shard) const {
    return shard.value() < state.replicas.size() && state.replicas[shard.value()] != nullptr;
  }

  void on(Endpoint from, message::ClientRequest& m) {
    state.router.on_client_request(from, m, step);
  }
  void on(Endpoint from, message::ShardRequest& m) {
    step.watcher.want(m.revision, step);
    state.manager.count_inputs(m.shard, 1);
    replica(m.shard).on_request({from, m.ticket, m.request, std::move(m.operation)}, m.epoch, step);
  }
  void on(Endpoint from, message::ShardReply& m) {
    if (ReshardMover::is_ticket(m.ticket)) {
      replica(ReshardMover::shard_of(m.ticket)).on_mover_reply(m, step);
    } else if (m.ticket != Standalone::kTicket) {
      state.router.on_shard_reply(from.as_node(), m, step);
    } else if (const TableDeltaRef delta = state.standalone.on_shard_reply(m, step)) {
      adopt_locally(delta);
    }
  }
  void on(Endpoint from, message::AppendEntries& m) {
    state.manager.count_inputs(m.shard, 2 * writes_in(m.entries));
    replica(m.shard).on_append(from.as_node(), m, step);
  }
  void on(Endpoint from, message::AppendReply& m) {
    replica(m.shard).on_append_reply(from.as_node(), m, step);
  }
  void on(Endpoint from, message::ReadIndexQuery& m) {
    state.manager.count_inputs(m.shard, 1);
    replica(m.shard).on_read_index_query(from.as_node(), m, step);
  }
  void on(Endpoint, message::ReadIndexReply& m) { replica(m.shard).on_read_index_reply(m); }
  void on(Endpoint from, message::FenceRequest& m) {
    replica(m.shard).on_fence_request(from.as_node(), m, step);
  }
  void on(Endpoint from, message::FenceReply& m) {
    replica(m.shard).on_fence_reply(from.as_node(), m, step);
  }
  void on(Endpoint from, message::CopyChunk& m) {
    replica(m.shard).on_copy_chunk(from.as_node(), m, step);
  }
  void on(Endpoint from, message::CopyAck& m) {
    replica(m.shard).on_copy_ack(from.as_node(), m, step);
  }
  void on(Endpoint from, message::ReshardCheck& m) {
    replica(m.shard).on_reshard_check(from.as_node(), m, step);
  }
  void on(Endpoint from, message::ReshardCheckReply& m) {
    state.coordinator.on_reshard_check_reply(from.as_node(), m, step);
  }
  void on(Endpoint from, message::PositionQuery& m) {
    replica(m.shard).on_position_query(from.as_node(), m, step);
  }
  void on(Endpoint from, message::PositionReply& m) {
    state.coordinator.on_position_reply(from.as_node(), m, step);
  }
  void on(Endpoint from, message::Heartbeat& m) {
    state.coordinator.on_heartbeat(from.as_node(), m, step);
  }
  void on(Endpoint, message::HeartbeatReply& m) { state.manager.on_heartbeat_reply(m, step); }
  void on(Endpoint from, message::ShardReport& m) {
    state.coordinator.on_shard_report(from.as_node(), m, step);
  }
  void on(Endpoint, message::CampaignReply& m) { state.coordinator.on_campaign_reply(m, step); }
  void on(Endpoint, message::CommitReply& m) { state.coordinator.on_commit_reply(m, step); }
  void on(Endpoint, message::RangeReply& m) {
    adopt(state.watcher.on_range_reply(m, step));
    state.router.on_table_read(step);
  }
  void on(Endpoint, message::TableUpdate& m) { adopt(state.watcher.on_update(m, step)); }
  void on(Endpoint from, message::AdminCommand& m) {
    if (step.config.has_cluster_manager) {
      state.coordinator.on_admin(from, m, step);
    } else {
      state.standalone.on_admin(from, m.request, step);
    }
  }
  // What only clients, operators and the metadata store receive.
  void on(Endpoint, message::ClientReply&) {}
  void on(Endpoint, message::AdminReply&) {}
  void on(Endpoint, message::Campaign&) {}
  void on(Endpoint, message::Commit&) {}
  void on(Endpoint, message::RangeRequest&) {}
};

Node::Node(NodeConfig config, StoreFactory make_store)
    : config_(std::move(config)), make_store_(std::move(make_store)) {}

Node::Node(Node&&) noexcept = default;
Node& Node::operator=(Node&&) noexcept = default;
Node::~Node() = default;

void Node::crash() { volatile_.reset(); }

const ShardTable& Node::table() const { return volatile_->watcher.table(); }
const Store& Node::store() const { return *volatile_->store; }
const Coordinator& Node::coordinator() const { return volatile_->coordinator; }

const ShardReplica* Node::find_replica(ShardId shard) const {
  const auto& replicas = volatile_->replicas;
  return shard.value() < replicas.size() ? replicas[shard.value()].get() : nullptr;
}

AwaitedList Node::awaited(Instant now) const {
  AwaitedList awaited;
  const ShardTable& known = table();
  volatile_->coordinator.describe_awaited(known, config_, now, awaited);
  for (const auto& replica : volatile_->replicas) {
    if (replica) replica->describe_awaited(awaited);
  }
  if (volatile_->watcher.is_reading()) {
    awaited.push_back({ShardId::none(), "RangeReply", Endpoint::metadata()});
  }
  if (volatile_->manager.has_dead_disk()) {
    awaited.push_back(awaited_of(ShardId::none(), "an answer of the disk", config_.id));
  }
  const NodeId coordinator = known.coordinator().node;
  const bool has_lease = !config_.has_cluster_manager || now < volatile_->manager.lease_until();
  if (!has_lease && coordinator.has_value()) {
    awaited.push_back(awaited_of(ShardId::none(), "HeartbeatReply with a lease", coordinator));
  }
  return awaited;
}

void Node::step(const Input& input, Context context, Effects& effects) {
  const Boot* boot = std::get_if<Boot>(&input);
  if (boot != nullptr) {
    volatile_ = std::make_unique<Volatile>();
    volatile_->store = make_store_(config_);
  }
  if (!volatile_) return;
  Volatile& state = *volatile_;
  ReplicaStep step{{config_, state.watcher.table(), state.watcher, context.now, context.random,
                    effects, context.fault_points},
                   *state.store,
                   state.manager,
                   state.durability,
                   state.copy_due};
  Running running{state, step};
  if (boot != nullptr) {
    running.boot(*boot);
  } else if (const auto* receive = std::get_if<Receive>(&input)) {
    if (receive->from.is_node()) state.coordinator.on_heard(step);
    running.handle(receive->from, *receive->message);
  } else if (const auto* timer = std::get_if<TimerFired>(&input)) {
    running.on_timer(timer->kind);
  } else {
    running.on_disk_done(std::get<DiskDone>(input));
  }
  running.deliver_to_self();
  running.arm_timers();
}

void Node::Running::boot(const Boot& boot) {
  state.store->recover(*boot.image, step.effects);
  for (const ShardId shard : state.store->copies()) replica(shard).recover(step);
  if (!step.config.has_cluster_manager) {
    for (const ShardId shard : state.store->copies()) replica(shard).commit_all(step);
    return adopt_locally(state.standalone.boot(step));
  }
  step.watcher.refresh(step);
  state.manager.on_boot(step);
  state.coordinator.on_boot(step);
}

void Node::Running::handle(Endpoint from, Message& message) {
  std::visit([&](auto& m) { on(from, m); }, message);
}

/// Messages to oneself do not touch the network: they are handled within the step, in order.
void Node::Running::deliver_to_self() {
  const Endpoint self = Endpoint::node(step.self());
  auto& sends = step.effects.sends();
  bool any = false;
  for (std::size_t i = 0; i < sends.size(); ++i) {
    if (sends[i].to != self) continue;
    any = true;
    Message message = std::move(sends[i].message);
    handle(self, message);
  }
  if (!any) return;
  sends.erase(std::remove_if(sends.begin(), sends.end(),
                             [&](const Effects::Send& send) { return send.to == self; }),
              sends.end());
}

void Node::Running::on_timer(TimerKind kind) {
  switch (kind) {
    case TimerKind::Heartbeat: return state.manager.on_timer(*state.store, step);
    case TimerKind::Campaign:
    case TimerKind::Coordinator: return state.coordinator.on_timer(kind, step);
    case TimerKind::Router: return state.router.on_timer(step);
    case TimerKind::Table: return state.watcher.on_timer(step);
    case TimerKind::Store: state.store->on_timer(step.effects); return drain_durability();
    case TimerKind::Replication: {
      state.replication_timer_armed = false;
      std::vector<ShardId> due;
      due.swap(state.active);
      for (const ShardId shard : due) state.is_active[shard.value()] = false;
      for (const ShardId shard : due) {
        if (state.replicas[shard.value()]->tick(step)) replica(shard);
      }
      return;
    }
    case TimerKind::Copy:
      state.copy_due = Instant::never();
      state.copy_armed = Instant::never();
      // Whoever streams a copy is active.
      for (const ShardId shard : state.active) state.replicas[shard.value()]->pump_copies(step);
      return;
  }
}

void Node::Running::on_disk_done(const DiskDone& done) {
  if (step.fires(FaultPoint::CompactionForced)) state.store->compact_soon();
  state.store->on_disk_done(done, step.effects);
  drain_durability();
}

void Node::Running::drain_durability() {
  while (const auto wait = state.durability.pop(state.store->durable())) {
    replica(wait->shard).on_durable(*wait, step);
  }
}

void Node::Running::arm_timers() {
  if (!state.replication_timer_armed && !state.active.empty()) {
    state.replication_timer_armed = true;
    step.effects.set_timer(TimerKind::Replication, step.config.timing.resend_after / 2);
  }
  if (state.copy_due < state.copy_armed) {
    state.copy_armed = state.copy_due;
    step.effects.set_timer(TimerKind::Copy, state.copy_due - step.now);
  }
}

/// Whoever looks at a replica may give it something to do: it is active until a tick finds it idle.
ShardReplica& Node::Running::replica(ShardId shard) {
  const std::size_t index = shard.value();
  if (index >= state.replicas.size()) state.replicas.resize(index + 1);
  if (!state.replicas[index]) state.replicas[index] = std::make_unique<ShardReplica>(shard);
  if (index >= state.is_active.size()) state.is_active.resize(index + 1);
  if (!state.is_active[index]) {
    state.is_active[index] = true;
    state.active.push_back(shard);
  }
  return *state.replicas[index];
}

// --- Table --------------------------------------------------------------------------------------

void Node::Running::adopt_shard(const ShardInfo& info, bool first_table) {
  const NodeId self = step.self();
  const bool involved = contains(info.replicas, self) || contains(info.learners, self) ||
                        (info.migration && info.migration->source == self);
  if (knows(info.id) || involved) {
    ShardReplica& mine = replica(info.id);
    if (first_table && info.leader == self && step.config.has_cluster_manager) {
      mine.forbid_leading_until_after(info.epoch);
    }
    // A shard that is older than this boot: its copy may have been here.
    if (first_table && state.store->has_lost_data()) mine.forbid_beginning();
    mine.adopt(step);
  }
  state.router.on_shard_change(info.id, step);
}

/// Whoever leads a shard that is to have fewer copies has something to say: who is asked for counts
/// as active, and is ticked.
void Node::Running::adopt_collection(const CollectionConfig& collection) {
  for (std::uint32_t i = 0; i < collection.num_shards; ++i) {
    const ShardId id(collection.first_shard.value() + i);
    const ShardInfo* shard = step.table.find_shard(id);
    const bool leads = knows(id) && shard != nullptr && shard->leader == step.self();
    if (leads && has_surplus(*shard, collection)) replica(id);
  }
}

void Node::Running::adopt(const std::vector<TableDeltaRef>& deltas) {
  const bool first_table = !state.has_table && state.watcher.is_current();
  state.has_table = state.has_table || first_table;
  for (const TableDeltaRef& delta : deltas) {
    for (const Record& record : delta->records) {
      if (const auto* shard = std::get_if<ShardInfo>(&record)) {
        // Several commits may have been adopted at once: the latest record counts.
        adopt_shard(*step.table.find_shard(shard->id), first_table);
      } else if (const auto* collection = std::get_if<CollectionConfig>(&record)) {
        adopt_collection(*collection);
      } else if (std::holds_alternative<CoordinatorRecord>(record)) {
        state.manager.on_coordinator_change(*state.store, step);
      }
    }
    state.coordinator.on_table_change(*delta, step);
  }
}

void Node::Running::adopt_locally(const TableDeltaRef& delta) {
  state.watcher.adopt(delta, step);
  adopt({delta});
}

}  // namespace shardproof
