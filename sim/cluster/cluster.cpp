// SPDX-License-Identifier: Apache-2.0
#include "sim/cluster/cluster.hpp"

#include "core/storage_engine.hpp"
#include "sim/cluster/garble.hpp"
#include "sim/cluster/message_shard.hpp"
#include "sim/cluster/node_fault_points.hpp"
#include "sim/cluster/spoiling_store.hpp"

namespace shardproof::sim {
namespace {

constexpr Term kNoTerm{};

TiePolicy make_tie_policy(const ScenarioSpec& spec, const Streams& streams) {
  if (spec.tie == TieOrder::kFifo) return TiePolicy::fifo();
  const Random stream = streams.stream("scheduler", 0, "tie");  // lint: stream not shown
  return spec.tie == TieOrder::kRandom ? TiePolicy::random(stream)
                                       : TiePolicy::pct(stream, spec.tie_depth);
}

}  // namespace

Cluster::Cluster(const ScenarioSpec& spec, std::vector<NodeConfig> versions, Topology topology,
                 Streams streams, check::CheckSuite& checks, Observer& observer)
    : spec_(spec),
      versions_(std::move(versions)),
      streams_(streams),
      checks_(checks),
      observer_(&observer),
      scheduler_(make_tie_policy(spec, streams)),
      network_(spec.network, std::move(topology), streams),
      metadata_(spec.metadata, streams),
      held_(streams.stream("clog", 0, "release")) {
  metadata_.observe(this);
}

Node Cluster::make_process(const NodeRecord& record, std::uint32_t version, Disk& disk) {
  NodeConfig config = versions_[version];
  config.id = record.id;
  config.record = record;
  const auto make_store = [this, at = &disk](const NodeConfig& own) -> std::unique_ptr<Store> {
    return std::make_unique<SpoilingStore>(
        own, *at, [this] { observer_->on_fault(FaultKind::kDocumentGarbled); });
  };
  return Node(std::move(config), make_store);
}

void Cluster::add_node(const NodeRecord& record, Clock clock, std::uint32_t version) {
  SHARDPROOF_CHECK(record.id.value() == machines_.size());
  auto disk = std::make_unique<Disk>(spec_.disk, record.capacity.disk, record.id, streams_);
  Node process = make_process(record, version, *disk);
  machines_.emplace_back(std::move(process), std::move(disk), clock);
  machines_.back().version = version;
  machines_.back().random = streams_.stream("node", record.id.value(), "protocol");
  machines_.back().fault_points = make_fault_points(spec_, record.id, streams_);
  network_.add_node(record.id, record.domain, record.capacity.network);
}

void Cluster::visit_streams(StreamVisitor& visitor) {
  const std::uint64_t seed_before = streams_.run_seed();
  visitor.on_source(streams_);
  if (streams_.run_seed() != seed_before) {
    scheduler_.set_tie_policy(make_tie_policy(spec_, streams_));
  }
  network_.visit_streams(visitor);
  metadata_.visit_streams(visitor);
  visitor.on_stream("clog", 0, "release", held_.stream());
  for (std::uint32_t i = 0; i < machines_.size(); ++i) {
    visitor.on_stream("node", i, "protocol", machines_[i].random);
    machines_[i].disk->visit_streams(NodeId(i), visitor);
    sim::visit_streams(NodeId(i), machines_[i].fault_points.get(), visitor);
  }
}

void Cluster::seed(std::vector<Record> records) { metadata_.seed(std::move(records)); }

check::At Cluster::at(NodeId node) {
  check::At at;
  at.node = node;
  at.true_time = now();
  at.event = digest_.events();
  if (node.has_value()) {
    at.incarnation = machine(node).incarnation;
    at.local_time = machine(node).clock.read(now());
  }
  return at;
}

// --- Time ---------------------------------------------------------------------------------------

void Cluster::begin_scenario(Instant origin) {
  origin_ = origin;
  has_begun_ = true;
  place_->has_begun = true;
  place_->origin = origin;
  checks_.begin_scenario(origin);
  observer_->begin_scenario(origin);
}

Instant Cluster::scenario_time() const {
  if (!has_begun_ || now() < origin_) return Instant();
  return Instant(now() - origin_);
}

void Cluster::fold(const WorldEvent& event) {
  const bool has_message = event.kind == EventKind::Message || event.kind == EventKind::Metadata;
  const Message* message =
      has_message ? &messages_.peek(static_cast<std::uint32_t>(event.word)) : nullptr;
  const std::uint64_t content = has_message ? content_word(*message) : event.word;
  const std::uint64_t kind = static_cast<std::uint64_t>(event.kind) << 8 | event.detail;
  const std::uint64_t between = static_cast<std::uint64_t>(event.from.raw()) << 32 | event.to.raw();
  digest_.fold(now(), kind, between, content);
  begin_event(event, message);
  if (watch_ == nullptr) return;
  watch_->on_delivery({digest_.events(), now(), event, message, digest_.value()});
}

void Cluster::begin_event(const WorldEvent& event, const Message* message) {
  place_->event = digest_.events();
  place_->is_within = true;
  place_->time = now();
  place_->what = event;
  place_->message = message == nullptr ? 0 : static_cast<std::uint8_t>(message->index());
  place_->shard = ShardId::none();
}

bool Cluster::run_one(Instant limit) {
  Event<WorldEvent> next;
  if (!scheduler_.next_until(limit, next)) return false;
  fold(next.payload);
  if (has_begun_) {
    observer_->on_event(scenario_time());
  } else {
    observer_->on_setup_event(now());
  }
  dispatch(next.payload);
  place_->is_within = false;
  return true;
}

void Cluster::dispatch(const WorldEvent& event) {
  switch (event.kind) {
    case EventKind::Message: return deliver_message(event);
    case EventKind::Metadata: return handle_metadata(event);
    case EventKind::Timer: return fire_timer(event);
    case EventKind::DiskDone: return finish_disk(event);
    case EventKind::Boot: return finish_boot(event);
    case EventKind::Client: return clients_->on_event(event);
    case EventKind::Operator: return operator_->on_event(event);
    case EventKind::Script:
    case EventKind::Sample: return script_->on_event(event);
    case EventKind::Chaos: return chaos_->on_event(event);
    case EventKind::Cpu: return take_turn(event);
    case EventKind::Watch: return tell_watchers();
  }
}

// --- Messages -----------------------------------------------------------------------------------

void Cluster::send(Endpoint from, Endpoint to, Message message) {
  post(from, to, std::move(message));
}

void Cluster::post(Endpoint from, Endpoint to, Message message) {
  const Bytes size = wire_size(message);
  if (from.is_node() && from != to) {
    observer_->on_message_sent(from.as_node(), shard_of(message), size);
  }
  const Deliveries deliveries = network_.plan(now(), from, to, size, message.index());
  if (deliveries.size() == 0) return observer_->on_fault(FaultKind::kMessageLost);
  WorldEvent event;
  event.from = from;
  event.to = to;
  const auto deliver = [&](const Deliveries::Copy& copy, Message carried) {
    if (copy.damage != 0 && garble(carried, copy.damage)) {
      observer_->on_fault(FaultKind::kDocumentGarbled);
    }
    event.word = messages_.put(std::move(carried));
    scheduler_.schedule_at(copy.at, event);
  };
  const Deliveries::Copy* copy = deliveries.begin();
  if (deliveries.size() == 2) {
    observer_->on_fault(FaultKind::kMessageDuplicated);
    deliver(*copy++, message);
  }
  deliver(*copy, std::move(message));
}

bool Cluster::is_held(const WorldEvent& message) const {
  const std::size_t kind = messages_.peek(static_cast<std::uint32_t>(message.word)).index();
  return network_.is_held(message.from, message.to, kind);
}

void Cluster::heal_network(FaultId fault) {
  if (!network_.heal(fault)) return;
  for (const WorldEvent& event : held_.release([this](const auto& one) { return is_held(one); })) {
    scheduler_.schedule_at(now(), event);
  }
}

bool Cluster::reaches_metadata(NodeId node) const {
  const Endpoint store = Endpoint::metadata();
  const Endpoint own = Endpoint::node(node);
  const auto is_open = [&](Endpoint from, Endpoint to, std::size_t kind) {
    return !network_.is_cut(from, to, kind) && !network_.is_held(from, to, kind);
  };
  static const std::size_t kCommit = Message(message::Commit{}).index();
  static const std::size_t kReply = Message(message::CommitReply{}).index();
  return is_open(own, store, kCommit) && is_open(store, own, kReply);
}

void Cluster::deliver_message(const WorldEvent& event) {
  if (is_held(event)) {
    held_.hold(event);
    return observer_->on_fault(FaultKind::kMessageHeld);
  }
  if (event.to.is_node() && machine(event.to.as_node()).state == ProcessState::kPaused) {
    machine(event.to.as_node()).inbox.push_back(event);
    return;
  }
  const auto slot = static_cast<std::uint32_t>(event.word);
  if (!network_.admit(event.from, event.to, messages_.peek(slot).index())) {
    messages_.take(slot);
    return observer_->on_fault(FaultKind::kMessageLost);
  }
  if (event.to.is_node()) {
    if (event.from != event.to) {
      observer_->on_message_received(event.to.as_node(), wire_size(messages_.peek(slot)));
    }
    if (waits_for_cpu(event)) return;
  }
  receive(event);
}

void Cluster::receive(const WorldEvent& event) {
  Message message = messages_.take(static_cast<std::uint32_t>(event.word));
  const bool is_taken = !event.to.is_node() || is_running(event.to.as_node());
  if (message_watch_ != nullptr && is_taken) {
    message_watch_->on_received(event.from, event.to, message);
  }
  if (event.to.is_node()) return step(event.to.as_node(), Receive{event.from, &message});
  if (event.to.is_client()) return clients_->on_message(event.from, event.to, message);
  if (event.to.is_operator()) return operator_->on_message(event.from, event.to, message);
  WorldEvent handling = event;
  handling.kind = EventKind::Metadata;
  handling.word = messages_.put(std::move(message));
  scheduler_.schedule_at(metadata_.due(now()), handling);
}

void Cluster::handle_metadata(const WorldEvent& event) {
  const Message message = messages_.take(static_cast<std::uint32_t>(event.word));
  const std::uint64_t lost_before = metadata_.counters().lost_answers;
  answers_.clear();
  metadata_.handle(now(), event.from, message, answers_);
  if (metadata_.counters().lost_answers != lost_before) {
    observer_->on_fault(FaultKind::kMetadataAnswerLost);
  }
  send_answers();
  if (const auto due = metadata_.take_telling_due()) {
    WorldEvent telling;
    telling.kind = EventKind::Watch;
    telling.from = telling.to = Endpoint::metadata();
    scheduler_.schedule_at(*due, telling);
  }
}

void Cluster::tell_watchers() {
  answers_.clear();
  if (metadata_.tell_watchers(answers_) > 1) observer_->on_fault(FaultKind::kWatchCoalesced);
  send_answers();
}

void Cluster::send_answers() {
  for (MetadataService::Answer& answer : answers_) {
    post(Endpoint::metadata(), answer.to, std::move(answer.message));
  }
}

bool Cluster::expire_session(NodeId node) {
  if (!metadata_.expire_session(now(), node)) return false;
  observer_->on_fault(FaultKind::kSessionExpired, node, "its session ends");
  return true;
}

void Cluster::on_commit(Instant, Term term, NodeId node, const ShardTable&,
                        const TableDelta& delta) {
  check::At where = at(NodeId::none());
  checks_.on_commit(delta, node, term, where);
  observer_->on_commit(delta);
}

// --- Steps and their effects --------------------------------------------------------------------

void Cluster::fire_timer(const WorldEvent& event) {
  Machine& it = machine(event.to.as_node());
  if (it.life != event.life) return;
  if (it.state == ProcessState::kPaused) {
    it.inbox.push_back(event);
    return;
  }
  if (waits_for_cpu(event)) return;
  step(event.to.as_node(), TimerFired{static_cast<TimerKind>(event.detail)});
}

void Cluster::finish_disk(const WorldEvent& event) {
  const NodeId node = event.to.as_node();
  Machine& it = machine(node);
  if (it.life != event.life) return;
  // Detail 1: the disk was done during a pause, and the process hears of it now.
  const bool late = event.detail == 1;
  if (!late && it.disk->is_stalled()) return it.stalled.push_back(event);
  DiskDone done;
  if (late) {
    done = it.inbox_disk.front();
    it.inbox_disk.pop_front();
  } else {
    done = complete_disk_op(node, event);
  }
  if (it.state != ProcessState::kPaused) {
    if (!waits_for_cpu(event, done)) step(node, done);
    return;
  }
  WorldEvent again = event;
  again.detail = 1;
  it.inbox.push_back(again);
  it.inbox_disk.push_back(done);
}

void Cluster::end_slow_disk(NodeId node, FaultId fault) {
  Disk& disk = *machine(node).disk;
  disk.heal(fault);
  checks_.on_held_up(disk.slowed_until());
}

void Cluster::tell_disk_usage(NodeId node) {
  const Disk& disk = *machine(node).disk;
  checks_.on_disk_usage(disk.used(), disk.capacity(), at(node));
}

DiskDone Cluster::complete_disk_op(NodeId node, const WorldEvent& event) {
  const DiskDone done = machine(node).disk->complete(static_cast<DiskTicket>(event.word));
  switch (done.outcome) {
    case DiskOutcome::Ok: break;
    case DiskOutcome::Full: observer_->on_fault(FaultKind::kDiskFull, node); break;
    case DiskOutcome::Failed:
    case DiskOutcome::Unknown: observer_->on_fault(FaultKind::kDiskError, node); break;
  }
  tell_disk_usage(node);
  return done;
}

namespace {

ShardId shard_of(const Input& input) {
  const auto* receive = std::get_if<Receive>(&input);
  return receive != nullptr ? sim::shard_of(*receive->message) : ShardId::none();
}

}  // namespace

void Cluster::step(NodeId node, const Input& input) {
  Machine& it = machine(node);
  if (it.state != ProcessState::kRunning) return;
  const check::At where = at(node);
  effects_.clear();
  FaultPoints* fault_points = are_fault_points_armed_ ? it.fault_points.get() : nullptr;
  const std::uint64_t held_up = fault_points == nullptr ? 0 : fault_points->times_held_up();
  place_->shard = shard_of(input);
  if (has_begun_) observer_->on_input(node, place_->shard, it.cpu.busy(spec_.process.step));
  it.process.step(input, Context{where.local_time, it.random, fault_points}, effects_);
  if (fault_points != nullptr && fault_points->times_held_up() != held_up) {
    checks_.on_held_up(where.true_time);
  }
  carry_out(node, where);
}

void Cluster::carry_out(NodeId node, const check::At& at) {
  tell_facts(node, at);
  for (const Probe probe : effects_.hits()) probe_hits_[static_cast<std::size_t>(probe)] += 1;
  set_timers(node);
  submit_disk_ops(node);
  send_all(node, at);
}

void Cluster::tell_facts(NodeId node, const check::At& at) {
  if (!has_cluster_manager()) on_local_table(node, at);
  for (const Fact& fact : effects_.facts()) {
    if (const auto* lease = std::get_if<fact::LeaseTaken>(&fact)) {
      const Nanoseconds left = lease->asked_at + lease->duration - at.local_time;
      const Nanoseconds delay =
          machine(node).clock.true_delay(now(), std::max(left, Nanoseconds(0)));
      observer_->on_lease(node, scenario_time() + delay);
    }
    checks_.on_fact(fact, at);
    lost_copies_.on_fact(node, fact);
    observer_->on_fact(fact, node);
    if (watch_ != nullptr) watch_->on_fact(node, fact);
  }
}

void Cluster::set_timers(NodeId node) {
  Machine& it = machine(node);
  for (const Effects::Timer& timer : effects_.timers()) {
    TimerHandle& handle = it.timers[static_cast<std::size_t>(timer.kind)];
    scheduler_.cancel(handle);
    it.cpu.cancel_timer(timer.kind);
    if (timer.delay < Nanoseconds(0)) continue;
    WorldEvent event;
    event.kind = EventKind::Timer;
    event.detail = static_cast<std::uint8_t>(timer.kind);
    event.life = it.life;
    event.from = event.to = Endpoint::node(node);
    handle = scheduler_.schedule_after(it.clock.true_delay(now(), timer.delay), event);
  }
}

void Cluster::submit_disk_ops(NodeId node) {
  Machine& it = machine(node);
  for (DiskOp& op : effects_.disk_ops()) {
    const DiskSubmitted submitted = it.disk->submit(now(), std::move(op));
    WorldEvent event;
    event.kind = EventKind::DiskDone;
    event.life = it.life;
    event.from = event.to = Endpoint::node(node);
    event.word = submitted.ticket;
    scheduler_.schedule_at(submitted.done_at, event);
  }
}

void Cluster::send_all(NodeId node, const check::At& at) {
  const Endpoint from = Endpoint::node(node);
  for (Effects::Send& send : effects_.sends()) {
    tell_claims(send.message, at);
    post(from, send.to, std::move(send.message));
  }
}

void Cluster::tell_claims(const Message& message, const check::At& at) {
  using message::ShardEvent;
  if (const auto* reply = std::get_if<message::AppendReply>(&message)) {
    if (reply->outcome != message::AppendOutcome::Durable) return;
    return checks_.on_durability_told(reply->shard, reply->epoch, reply->last, at);
  }
  if (const auto* position = std::get_if<message::PositionReply>(&message)) {
    return checks_.on_position_told(*position, at);
  }
  if (const auto* index = std::get_if<message::ReadIndexReply>(&message)) {
    return checks_.on_read_index_told(index->shard, index->epoch, at);
  }
  if (const auto* ack = std::get_if<message::CopyAck>(&message)) {
    if (ack->outcome != message::CopyOutcome::Receiving) return;
    return checks_.on_pieces_told(ack->shard, ack->stream, ack->next, at);
  }
  if (const auto* heartbeat = std::get_if<message::Heartbeat>(&message)) {
    if (heartbeat->report != nullptr) checks_.on_load_told(*heartbeat->report, at);
    return;
  }
  const auto* report = std::get_if<message::ShardReport>(&message);
  if (report == nullptr) return;
  if (report->event == ShardEvent::CaughtUp) {
    checks_.on_up_to_date_told(report->shard, report->epoch, report->subject, at);
  } else if (report->event == ShardEvent::Synced) {
    const ShardInfo* info = machine(at.node).process.table().find_shard(report->shard);
    if (info == nullptr || !info->migration) return;
    checks_.on_up_to_date_told(report->shard, report->epoch, info->migration->target, at);
  }
}

void Cluster::on_local_table(NodeId node, const check::At& at) {
  // Without a metadata store the node's own table is the truth: what changed in it is the commit.
  const ShardTable& table = machine(node).process.table();
  if (table.revision() == local_table_.revision()) return;
  TableDelta delta;
  delta.revision = table.revision();
  const auto add_if_new = [&](const Record& record) {
    const RecordKey key = key_of(record);
    if (table.modified(key) > local_table_.modified(key)) delta.records.push_back(record);
  };
  add_if_new(table.coordinator());
  add_if_new(table.settings());
  for (const NodeRecord& record : table.nodes()) add_if_new(record);
  for (const CollectionConfig& record : table.collections()) add_if_new(record);
  for (const ShardInfo& record : table.shards()) add_if_new(record);
  local_table_ = table;
  checks_.on_commit(delta, node, kNoTerm, at);
  observer_->on_commit(delta);
}

}  // namespace shardproof::sim
