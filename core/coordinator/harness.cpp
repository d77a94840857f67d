// SPDX-License-Identifier: Apache-2.0
#include "core/coordinator/harness.hpp"

#include <algorithm>

#include "core/base/check.hpp"
#include "core/coordinator/lease_bound.hpp"

namespace shardproof::test {

using message::ShardEvent;

// --- FakeStore ----------------------------------------------------------------------------------

void FakeStore::check(const ShardInfo& shard) const {
  const ShardInfo* before = table_.find_shard(shard.id);
  if (before == nullptr) return;
  SHARDPROOF_CHECK(shard.epoch == before->epoch.next(), "{}: {} after {}", shard.id, shard.epoch,
                   before->epoch);
  const auto phase = [](const ShardInfo& info) {
    return info.migration ? std::optional(info.migration->phase) : std::nullopt;
  };
  SHARDPROOF_CHECK(is_legal_transition(phase(*before), phase(shard)), "{}", shard.id);
  SHARDPROOF_CHECK(is_legal_transition(before->status, shard.status), "{}", shard.id);
}

void FakeStore::write(std::vector<Record> records) {
  auto delta = std::make_shared<TableDelta>();
  delta->revision = table_.revision().next();
  delta->records = std::move(records);
  table_.apply(*delta);
  deltas_.push_back(delta);
}

message::CampaignReply FakeStore::campaign(Instant now, NodeId from,
                                           const message::Campaign& request) {
  if (refuses_campaigns || (holder(now).has_value() && holder(now) != from)) {
    return {false, term_, holder(now), request.asked_at};
  }
  const bool has_left = request.term == Term() && request.asked_at != term_asked_at_;
  const bool is_new = holder(now).is_none() || has_left;
  lease_end_ = now + request.lease;
  if (is_new) {
    holder_ = from;
    term_ = term_.next();
    term_asked_at_ = request.asked_at;
    write({CoordinatorRecord{from, term_}});
  }
  return {true, term_, from, request.asked_at};
}

message::CommitReply FakeStore::commit(NodeId from, const message::Commit& request) {
  using message::CommitOutcome;
  if (from != holder_ || request.term != term_) {
    return {request.request, CommitOutcome::Deposed, table_.revision()};
  }
  for (const message::Guard& guard : request.guards) {
    if (table_.modified(guard.key) == guard.modified) continue;
    return {request.request, CommitOutcome::GuardFailed, table_.revision()};
  }
  for (const Record& record : request.records) {
    if (const auto* shard = std::get_if<ShardInfo>(&record)) check(*shard);
  }
  write(request.records);
  return {request.request, CommitOutcome::Committed, table_.revision()};
}

std::vector<FakeStore::Answer> FakeStore::handle(Instant now, NodeId from, const Message& message) {
  std::vector<Answer> answers;
  const std::size_t before = deltas_.size();
  if (const auto* campaigns = std::get_if<message::Campaign>(&message)) {
    answers.push_back({from, campaign(now, from, *campaigns)});
  } else if (const auto* commits = std::get_if<message::Commit>(&message)) {
    commits_received += 1;
    if (is_deaf) return {};
    const message::CommitReply reply = commit(from, *commits);
    if (is_mute) return {};
    answers.push_back({from, reply});
  } else if (const auto* range = std::get_if<message::RangeRequest>(&message)) {
    watchers_.insert(from);
    message::RangeReply reply{range->request, table_.revision(), {}};
    for (const TableDeltaRef& delta : deltas_) {
      if (delta->revision > range->since) reply.deltas.push_back(delta);
    }
    answers.push_back({from, reply});
  }
  for (std::size_t i = before; i < deltas_.size(); ++i) {
    const Revision previous = i == 0 ? Revision() : deltas_[i - 1]->revision;
    for (const NodeId watcher : watchers_) {
      answers.push_back({watcher, message::TableUpdate{previous, deltas_[i]}});
    }
  }
  return answers;
}

// --- Harness ------------------------------------------------------------------------------------

struct Harness::Candidate {
  NodeConfig config;
  TableWatcher watcher;
  Coordinator coordinator;
  Random random{0};
  std::map<TimerKind, Instant> timers;
  bool is_up = true;

  template <typename Call>
  Effects step(Instant at, Call call) {
    Effects effects;
    Step step{config, watcher.table(), watcher, at, random, effects};
    call(step);
    return effects;
  }
};

NodeConfig quiet_config() {
  NodeConfig config;
  config.distribution.rebalance = "none";
  config.distribution.rebalance_interval = Nanoseconds(0);
  return config;
}

Harness::Harness(std::uint32_t nodes, std::uint32_t coordinators, NodeConfig base)
    : now(seconds(100)), node_count_(nodes) {
  std::vector<Record> records{ClusterSettings{true, lease_bound(base.timing)}};
  for (std::uint32_t i = 0; i < nodes; ++i) {
    NodeRecord record;
    record.id = NodeId(i);
    records.push_back(record);
    positions[NodeId(i)] = Version{Epoch(1), LogIndex(1)};
  }
  store.write(std::move(records));
  for (std::uint32_t i = 0; i < coordinators; ++i) {
    auto candidate = std::make_unique<Candidate>();
    candidate->config = base;
    candidate->config.id = NodeId(i);
    candidate->random = Random(i + 1);
    candidates_.push_back(std::move(candidate));
    Candidate& added = *candidates_.back();
    carry_out(added, added.step(now, [&](Step& step) {
      added.watcher.refresh(step);
      added.coordinator.on_boot(step);
    }));
  }
}

Harness::~Harness() = default;

void Harness::carry_out(Candidate& candidate, Effects effects) {
  for (Fact& fact : effects.facts()) facts.push_back(std::move(fact));
  for (const Effects::Timer& timer : effects.timers()) {
    candidate.timers.erase(timer.kind);
    if (timer.delay >= Nanoseconds(0)) candidate.timers[timer.kind] = now + timer.delay;
  }
  for (const Effects::Send& send : effects.sends()) {
    if (send.to.is_metadata()) {
      for (auto& answer : store.handle(now, candidate.config.id, send.message)) {
        if (std::holds_alternative<message::CampaignReply>(answer.message)) {
          campaign_answers_.push_back(answer);
        }
        deliver(*candidates_[answer.to.value()], Endpoint::metadata(), std::move(answer.message));
      }
    } else if (const auto* query = std::get_if<message::PositionQuery>(&send.message)) {
      const NodeId node = send.to.as_node();
      if (down.count(node) > 0 || mute.count(node) > 0) continue;
      deliver(candidate, send.to, position_of(node, *query));
    } else if (const auto* check = std::get_if<message::ReshardCheck>(&send.message)) {
      if (down.count(send.to.as_node()) > 0) continue;
      deliver(candidate, send.to,
              message::ReshardCheckReply{check->shard, check->epoch,
                                         record_digest(*check->collection), reshard_fault});
    } else if (const auto* reply = std::get_if<message::AdminReply>(&send.message)) {
      answers_[reply->request] = *reply;
    }
  }
}

message::PositionReply Harness::position_of(NodeId node, const message::PositionQuery& query) {
  using message::CopyOnDisk;
  const auto answer = [&](CopyOnDisk copy, Version last) {
    return message::PositionReply{query.shard, query.epoch, query.asked_at, copy, last};
  };
  if (not_begun.count(node) > 0) return answer(CopyOnDisk::NotBegun, {});
  const auto found = positions.find(node);
  if (found == positions.end()) return answer(CopyOnDisk::Lost, {});
  return answer(CopyOnDisk::Kept, found->second);
}

void Harness::hear(NodeId node, NodeId from) {
  const std::set<NodeId> before = std::exchange(cut_off, {});
  deliver(*candidates_[node.value()], Endpoint::node(from),
          message::HeartbeatReply{now, Term(), Nanoseconds(0), Revision()});
  cut_off = before;
}

void Harness::deliver(Candidate& to, Endpoint from, Message message) {
  if (!to.is_up) return;
  Coordinator& coordinator = to.coordinator;
  const NodeId self = to.config.id;
  const bool is_of_another = from.is_node() && from != Endpoint::node(self);
  if (is_of_another && cut_off.count(self) > 0) return;
  carry_out(to, to.step(now, [&](Step& step) {
    if (is_of_another) coordinator.on_heard(step);
    std::vector<TableDeltaRef> adopted;
    if (const auto* range = std::get_if<message::RangeReply>(&message)) {
      adopted = to.watcher.on_range_reply(*range, step);
    } else if (const auto* update = std::get_if<message::TableUpdate>(&message)) {
      adopted = to.watcher.on_update(*update, step);
    } else if (const auto* campaign = std::get_if<message::CampaignReply>(&message)) {
      coordinator.on_campaign_reply(*campaign, step);
    } else if (const auto* commit = std::get_if<message::CommitReply>(&message)) {
      coordinator.on_commit_reply(*commit, step);
    } else if (const auto* position = std::get_if<message::PositionReply>(&message)) {
      coordinator.on_position_reply(from.as_node(), *position, step);
    } else if (const auto* check = std::get_if<message::ReshardCheckReply>(&message)) {
      coordinator.on_reshard_check_reply(from.as_node(), *check, step);
    } else if (const auto* heartbeat = std::get_if<message::Heartbeat>(&message)) {
      coordinator.on_heartbeat(from.as_node(), *heartbeat, step);
    } else if (const auto* report = std::get_if<message::ShardReport>(&message)) {
      coordinator.on_shard_report(from.as_node(), *report, step);
    } else if (const auto* admin = std::get_if<message::AdminCommand>(&message)) {
      coordinator.on_admin(from, *admin, step);
    }
    for (const TableDeltaRef& delta : adopted) coordinator.on_table_change(*delta, step);
  }));
}

void Harness::run(Nanoseconds duration) {
  const Instant end = now + duration;
  while (now < end) tick();
}

void Harness::tick() {
  now = now + milliseconds(10);
  for (const auto& candidate : candidates_) {
    for (std::size_t kind = 0; kind < kTimerKinds && candidate->is_up; ++kind) {
      const auto timer = candidate->timers.find(static_cast<TimerKind>(kind));
      if (timer == candidate->timers.end() || timer->second > now) continue;
      candidate->timers.erase(timer);
      carry_out(*candidate, candidate->step(now, [&](Step& step) {
        if (static_cast<TimerKind>(kind) == TimerKind::Table) {
          candidate->watcher.on_timer(step);
        } else {
          candidate->coordinator.on_timer(static_cast<TimerKind>(kind), step);
        }
      }));
    }
  }
  const std::int64_t tick_number = now.count() / 10'000'000;
  if (tick_number % 50 == 0) {
    for (std::uint32_t i = 0; i < node_count_; ++i) heartbeat(NodeId(i));
  }
  if (tick_number % 10 != 0) return;
  const std::vector<ShardInfo> shards = store.table().shards();
  for (const ShardInfo& info : shards) act(info);
}

void Harness::heartbeat(NodeId node) {
  const NodeId holder = store.table().coordinator().node;
  if (down.count(node) > 0 || holder.is_none()) return;
  const auto found = revisions.find(node);
  const Revision revision = found != revisions.end() ? found->second : store.table().revision();
  deliver(
      *candidates_[holder.value()], Endpoint::node(node),
      message::Heartbeat{now, revision, std::make_shared<const message::NodeReport>(loads[node]),
                         Timing{}.heartbeat_interval});
}

void Harness::tell(NodeId from, const ShardInfo& info, ShardEvent event, NodeId subject,
                   std::uint64_t digest) {
  if (down.count(from) > 0 || idle.count(from) > 0) return;
  const MigrationId migration = info.migration ? info.migration->id : MigrationId::none();
  report(from,
         {info.id, info.epoch, migration, event, subject, Version{Epoch(1), LogIndex(9)}, digest});
}

void Harness::act(const ShardInfo& info) {
  act_in_resharding(info);
  for (const NodeId node : info.learners) {
    if (info.migration && info.migration->target == node) continue;
    if (down.count(node) > 0 || idle.count(node) > 0) continue;
    tell(info.leader, info, ShardEvent::CaughtUp, node, 0);
  }
  const bool is_at_rest = !info.migration && info.learners.empty() && info.leader.has_value();
  if (is_at_rest && has_surplus(info, *store.table().find_collection(info.collection))) {
    tell(info.leader, info, ShardEvent::Surplus, info.leader, 0);
  }
  if (info.migration && stuck.count(info.migration->phase) == 0) act_in_migration(info);
}

void Harness::act_in_resharding(const ShardInfo& info) {
  const CollectionConfig& collection = *store.table().find_collection(info.collection);
  if (collection.moving_to.is_none() || !reshard_end || info.leader.is_none()) return;
  const bool moved = *reshard_end == ReplyStatus::Ok;
  tell(info.leader, info, moved ? ShardEvent::Moved : ShardEvent::Failed, info.leader,
       static_cast<std::uint64_t>(*reshard_end));
}

void Harness::act_in_migration(const ShardInfo& info) {
  const Migration& migration = *info.migration;
  switch (migration.phase) {
    case MigrationPhase::Prepare:
      tell(info.leader, info, ShardEvent::Prepared, info.leader, 0);
      tell(migration.target, info, ShardEvent::Prepared, migration.target, 0);
      break;
    case MigrationPhase::Copy:
      tell(migration.target, info, ShardEvent::Copied, migration.target, target_digest);
      tell(info.leader, info, ShardEvent::SourceReady, info.leader, 7);
      break;
    case MigrationPhase::Sync:
      tell(migration.target, info, ShardEvent::Copied, migration.target, target_digest);
      tell(info.leader, info, ShardEvent::Synced, info.leader, 7);
      break;
    case MigrationPhase::Switch: {
      const bool is_there = contains(info.replicas, migration.target);
      const NodeId holder = is_there ? migration.target : info.leader;
      tell(holder, info, ShardEvent::Copied, holder, target_digest);
      break;
    }
    case MigrationPhase::Cleanup:
      tell(migration.source, info, ShardEvent::Dropped, migration.source, 0);
      break;
  }
}

bool Harness::run_into_office() {
  if (!run_until([&] { return in_office().has_value(); })) return false;
  run(milliseconds(600));
  return true;
}

std::size_t Harness::copies_on(NodeId node) const {
  const auto& shards = store.table().shards();
  return static_cast<std::size_t>(
      std::count_if(shards.begin(), shards.end(), [&](const ShardInfo& shard) {
        return contains(shard.replicas, node) || contains(shard.learners, node);
      }));
}

ShardId Harness::add_shard(const NodeList& replicas, std::uint32_t write_concern,
                           std::uint32_t replication_factor) {
  const auto index = static_cast<std::uint32_t>(store.table().shards().size());
  CollectionConfig collection;
  collection.id = CollectionId(static_cast<std::uint32_t>(store.table().collections().size()));
  collection.database = "db";
  collection.name = fmt::format("c{}", collection.id.value());
  collection.num_shards = 1;
  collection.replication_factor =
      replication_factor != 0 ? replication_factor : static_cast<std::uint32_t>(replicas.size());
  collection.write_concern = write_concern;
  collection.first_shard = ShardId(index);
  ShardInfo info;
  info.id = ShardId(index);
  info.collection = collection.id;
  info.epoch = Epoch(1);
  info.leader = replicas.front();
  info.replicas = replicas;
  publish({collection, info});
  return info.id;
}

void Harness::set_node(NodeId node, NodeState state) {
  NodeRecord record = *store.table().find_node(node);
  record.state = state;
  publish({record});
}

void Harness::set_zone(NodeId node, std::uint16_t zone) {
  NodeRecord record = *store.table().find_node(node);
  record.domain.zone = zone;
  publish({record});
}

void Harness::publish(std::vector<Record> records) {
  const Revision previous = store.table().revision();
  store.write(std::move(records));
  const TableDeltaRef delta = store.commits().back();
  for (const auto& candidate : candidates_) {
    deliver(*candidate, Endpoint::metadata(), message::TableUpdate{previous, delta});
  }
}

std::uint64_t Harness::command(message::AdminRequest request, std::optional<Term> term) {
  request.request = requests_.size() + 1;
  requests_[request.request] = std::make_shared<const message::AdminRequest>(request);
  repeat(request.request, 0, {}, term);
  return request.request;
}

void Harness::repeat(std::uint64_t request, std::uint64_t settled, std::vector<std::uint64_t> ended,
                     std::optional<Term> term) {
  const NodeId holder = in_office();
  Candidate& to = *candidates_[holder.is_none() ? 0 : holder.value()];
  deliver(to, Endpoint::operator_console(),
          message::AdminCommand{requests_.at(request), term.value_or(store.term()), settled,
                                std::move(ended)});
}

message::AdminReply Harness::answer(std::uint64_t request) const {
  const auto found = answers_.find(request);
  return found == answers_.end() ? message::AdminReply{} : found->second;
}

void Harness::report(NodeId from, const message::ShardReport& report) {
  const NodeId holder = store.table().coordinator().node;
  if (holder.is_none()) return;
  deliver(*candidates_[holder.value()], Endpoint::node(from), report);
}

void Harness::repeat_campaign_answers() {
  for (const FakeStore::Answer& answer : campaign_answers_) {
    deliver(*candidates_[answer.to.value()], Endpoint::metadata(), answer.message);
  }
}

void Harness::crash_coordinator(NodeId node) {
  Candidate& candidate = *candidates_[node.value()];
  candidate.is_up = false;
  candidate.timers.clear();
  candidate.coordinator = Coordinator();
}

Coordinator& Harness::coordinator(NodeId node) { return candidates_[node.value()]->coordinator; }

NodeId Harness::in_office() const {
  for (const auto& candidate : candidates_) {
    if (candidate->is_up && candidate->coordinator.in_office()) return candidate->config.id;
  }
  return NodeId::none();
}

std::vector<ShardInfo> Harness::history(ShardId id) const {
  std::vector<ShardInfo> found;
  for (const TableDeltaRef& delta : store.commits()) {
    for (const Record& record : delta->records) {
      const auto* info = std::get_if<ShardInfo>(&record);
      if (info != nullptr && info->id == id) found.push_back(*info);
    }
  }
  return found;
}

message::AdminRequest about(message::AdminKind kind, NodeId node) {
  message::AdminRequest request;
  request.kind = kind;
  request.node = node;
  return request;
}

message::AdminRequest move(ShardId shard, NodeId source, NodeId target) {
  message::AdminRequest request;
  request.kind = message::AdminKind::MoveShard;
  request.shard = shard;
  request.source = source;
  request.target = target;
  return request;
}

message::AdminRequest enable(std::uint32_t num_shards, std::uint32_t replication_factor) {
  message::AdminRequest request;
  request.kind = message::AdminKind::EnableSharding;
  request.collection.database = "mydb";
  request.collection.name = "mycollection";
  request.collection.num_shards = num_shards;
  request.collection.replication_factor = replication_factor;
  return request;
}

}  // namespace shardproof::test
