// SPDX-License-Identifier: Apache-2.0
#include "core/coordinator.hpp"

#include <algorithm>
#include <optional>

#include "core/coordinator/attention.hpp"
#include "core/coordinator/describe_awaited.hpp"
#include "core/coordinator/lease_bound.hpp"
#include "core/coordinator/membership.hpp"
#include "core/coordinator/office.hpp"
#include "core/coordinator/resharding.hpp"
#include "core/coordinator/tenure.hpp"
#include "core/table_watcher.hpp"

namespace shardproof {

struct CoordinatorState {
  Office office;
  /// There while the office is held and the table is known to be no older than the term.
  std::optional<Tenure> tenure;
  /// Of the last one before, if any: its term, and who was alive then.
  std::optional<std::pair<Term, FailureDetector>> former;
};

namespace {

void leave_office(CoordinatorState& state, Step& step) {
  if (state.tenure) {
    state.tenure->operations.abandon(step);
    step.effects.fact(fact::OfficeLeft{state.tenure->term});
    state.former.emplace(state.tenure->term, std::move(state.tenure->detector));
    state.tenure.reset();
  }
  step.effects.cancel_timer(TimerKind::Coordinator);
}

/// What a successor does with migrations without Rule::MigrationResumes.
void begin_migrations_anew(Tenure& tenure, Step& step) {
  for (const ShardId id : tenure.copies.in_motion()) {
    ShardInfo shard = *step.table.find_shard(id);
    if (!shard.migration) continue;
    shard.migration->phase = MigrationPhase::Prepare;
    shard.epoch = shard.epoch.next();
    shard.status = ShardStatus::Migrating;
    tenure.proposals.propose(std::vector<Record>{shard}, "again", step);
  }
}

Probe resumed_in(MigrationPhase phase) {
  switch (phase) {
    case MigrationPhase::Prepare: return Probe::MigrationResumedInPrepare;
    case MigrationPhase::Copy: return Probe::MigrationResumedInCopy;
    case MigrationPhase::Sync: return Probe::MigrationResumedInSync;
    case MigrationPhase::Switch: return Probe::MigrationResumedInSwitch;
    case MigrationPhase::Cleanup: break;
  }
  return Probe::MigrationResumedInCleanup;
}

void note_resumed_migrations(const Tenure& tenure, Step& step) {
  for (const ShardId id : tenure.copies.in_motion()) {
    const auto& migration = step.table.find_shard(id)->migration;
    if (migration) step.effects.hit(resumed_in(migration->phase));
  }
}

/// Begins to act as soon as the table covers the commit that recorded the term: whatever the
/// predecessor decided is known then.
void take_office(CoordinatorState& state, Step& step) {
  const Term term = state.office.term();
  if (step.table.coordinator().term != term) {
    step.watcher.refresh(step);
    return;
  }
  state.tenure.emplace(term, step);
  if (state.former && state.former->first.next() == term) {
    state.tenure->detector.remember(state.former->second);
  }
  mark_unsettled(*state.tenure, step.table);
  if (!step.config.rules.is_on(Rule::MigrationResumes)) begin_migrations_anew(*state.tenure, step);
  note_resumed_migrations(*state.tenure, step);
  step.effects.fact(fact::OfficeTaken{term});
}

void find_the_dead(Tenure& tenure, Step& step) {
  const std::vector<NodeId> dead = tenure.detector.on_tick(step.now);
  if (dead.empty()) return;
  for (const NodeId node : dead) step.effects.fact(fact::NodeSuspected{node});
  mark_shards_of(dead, tenure, step.table);
  tenure.planner.on_membership_change();
}

void trust(NodeId node, Tenure& tenure, Step& step) {
  step.effects.fact(fact::NodeTrusted{node});
  mark_shards_of({node}, tenure, step.table);
  tenure.planner.on_membership_change();
}

void adopt_node(const NodeRecord& node, Tenure& tenure, Step& step) {
  if (node.state == NodeState::Removed) {
    tenure.detector.forget(node.id);
  } else {
    tenure.detector.watch(node.id, step);
  }
  if (node.state == NodeState::Active) tenure.detector.expect_return(node.id, step.now);
  mark_shards_of({node.id}, tenure, step.table);
  tenure.planner.on_membership_change();
}

/// Its shards may have too few copies now.
void adopt_collection(const CollectionConfig& collection, Revision revision, Tenure& tenure,
                      Step& step) {
  for (std::uint32_t i = 0; i < collection.num_shards; ++i) {
    const ShardInfo* shard = step.table.find_shard(ShardId(collection.first_shard.value() + i));
    if (shard == nullptr) continue;
    // One that this commit or a later one changes comes with its own record.
    if (step.table.modified(key_of(*shard)) >= revision) continue;
    tenure.copies.on_shard(*shard, step.table);
  }
}

void adopt(const TableDelta& delta, Tenure& tenure, Step& step) {
  tenure.proposals.on_table_change(delta, step);
  for (const Record& record : delta.records) {
    if (const auto* node = std::get_if<NodeRecord>(&record)) {
      adopt_node(*node, tenure, step);
    } else if (const auto* collection = std::get_if<CollectionConfig>(&record)) {
      adopt_collection(*collection, delta.revision, tenure, step);
    } else if (const auto* shard = std::get_if<ShardInfo>(&record)) {
      // Several commits may have been adopted at once: the latest record counts.
      tenure.copies.on_shard(*step.table.find_shard(shard->id), step.table);
      tenure.dirty.insert(shard->id);
    }
  }
}

/// False, and out of office, once the lease has run out: to be asked before anything else. Also
/// where the tenure has not begun yet: an answer that came late would prolong the lease of somebody
/// who looks at nothing any more, and nobody else could lead.
bool may_act(CoordinatorState& state, Step& step) {
  const bool by_term = step.config.rules.is_on(Rule::TermGuardsCommit) || !state.tenure;
  if (by_term && state.office.term() != Term() && !state.office.holds(step.now)) {
    step.effects.hit(Probe::OfficeLeaseRanOut);
    leave_office(state, step);
    state.office.leave(step);
  }
  return state.tenure.has_value();
}

/// Whether somebody else should be heard. A member in maintenance may be down by plan.
bool expects_others(const Step& step) {
  const auto& nodes = step.table.nodes();
  return std::any_of(nodes.begin(), nodes.end(), [&](const NodeRecord& node) {
    const bool is_up = node.state == NodeState::Active || node.state == NodeState::Draining;
    return node.id.has_value() && node.id != step.self() && is_up;
  });
}

/// For how long no other member was heard, of those that should be. O(nodes).
Nanoseconds unheard_for(const CoordinatorState& state, const Step& step) {
  return expects_others(step) ? state.office.unheard_for(step.now) : Nanoseconds(0);
}

/// Whoever hears nobody decides nothing: it would find the others dead one by one, and believe its
/// own node that their copies lag, and so take every shard to itself before it leaves. Others may
/// have longer pauses between their heartbeats.
bool is_cut_off(const CoordinatorState& state, const Step& step) {
  const Nanoseconds silence = unheard_for(state, step);
  if (silence <= step.config.timing.heartbeat_interval * 2) return false;
  return !state.tenure || silence > state.tenure->detector.longest_pause() * 2;
}

/// A lease of zero length tells the node that there is a table to catch up with first.
void answer_heartbeat(Tenure& tenure, NodeId to, const message::Heartbeat& heartbeat, Step& step) {
  const bool may_grant =
      !step.config.rules.is_on(Rule::StaleTableRefused) ||
      tenure.leases.may_grant(to, heartbeat.revision, tenure.proposals, step.table);
  if (!may_grant) step.effects.hit(Probe::LeaseWithheld);
  const Nanoseconds lease = may_grant ? grantable_lease(step) : Nanoseconds(0);
  step.effects.send(Endpoint::node(to), message::HeartbeatReply{heartbeat.asked_at, tenure.term,
                                                                lease, step.table.revision()});
}

}  // namespace

Coordinator::Coordinator() : state_(std::make_unique<CoordinatorState>()) {}
Coordinator::Coordinator(const Coordinator& other)
    : state_(std::make_unique<CoordinatorState>(*other.state_)) {}
Coordinator& Coordinator::operator=(const Coordinator& other) {
  if (this != &other) state_ = std::make_unique<CoordinatorState>(*other.state_);
  return *this;
}
Coordinator::Coordinator(Coordinator&&) noexcept = default;
Coordinator& Coordinator::operator=(Coordinator&&) noexcept = default;
Coordinator::~Coordinator() = default;

void Coordinator::describe_awaited(const ShardTable& table, const NodeConfig& config, Instant now,
                                   AwaitedList& awaited) const {
  if (!state_->tenure) return;
  const std::size_t before = awaited.size();
  shardproof::describe_awaited(*state_->tenure, table, config, now, awaited);
  for (std::size_t i = before; i < awaited.size(); ++i) awaited[i].as_coordinator = true;
}

bool Coordinator::in_office() const { return state_->tenure.has_value(); }
Term Coordinator::term() const { return state_->tenure ? state_->tenure->term : Term(); }

void Coordinator::on_boot(Step& step) { state_->office.on_boot(step); }

void Coordinator::on_timer(TimerKind kind, Step& step) {
  const bool acts = may_act(*state_, step);
  if (kind == TimerKind::Campaign) {
    state_->office.on_timer(step);
    return;
  }
  if (!acts && !state_->office.holds(step.now)) return;
  step.effects.set_timer(TimerKind::Coordinator, step.config.timing.coordinator_interval);
  if (!acts) {
    take_office(*state_, step);
    return;
  }
  if (step.fires(FaultPoint::OfficeLeft)) {
    leave_office(*state_, step);
    return state_->office.leave(step);
  }
  Tenure& tenure = *state_->tenure;
  const Timing& timing = step.config.timing;
  if (unheard_for(*state_, step) > timing.node_lease + timing.clock_error_bound) {
    step.effects.hit(Probe::OfficeLeftUnheard);
    leave_office(*state_, step);
    state_->office.leave_unheard(step);
    return;
  }
  if (is_cut_off(*state_, step)) return step.effects.hit(Probe::CutOffCoordinatorWaits);
  find_the_dead(tenure, step);
  keep_lease_bound(tenure, step);
  tenure.proposals.on_tick(step);
  attend_due(tenure, step);
  finish_drains(tenure, step);
  tenure.operations.on_tick(tenure, step);
  tenure.planner.on_tick(tenure, step);
}

void Coordinator::on_heard(Step& step) { state_->office.on_heard(step); }

void Coordinator::on_campaign_reply(const message::CampaignReply& reply, Step& step) {
  may_act(*state_, step);
  const Office::Change change = state_->office.on_reply(reply, step);
  if (change == Office::Change::None) return;
  leave_office(*state_, step);
  if (change == Office::Change::Lost) return;
  const NodeId last = step.table.coordinator().node;
  if (last.has_value() && last != step.self()) step.effects.hit(Probe::OfficeHandedOver);
  step.effects.set_timer(TimerKind::Coordinator, step.config.timing.coordinator_interval);
  take_office(*state_, step);
}

void Coordinator::on_table_change(const TableDelta& delta, Step& step) {
  if (step.table.coordinator().term > state_->office.term() && state_->tenure) {
    leave_office(*state_, step);
    state_->office.leave(step);
  }
  if (!state_->tenure && !state_->office.holds(step.now)) return;
  if (!state_->tenure) {
    take_office(*state_, step);
    return;
  }
  Tenure& tenure = *state_->tenure;
  adopt(delta, tenure, step);
  if (is_cut_off(*state_, step)) return;
  attend_due(tenure, step);
  tenure.operations.on_tick(tenure, step);
}

void Coordinator::on_commit_reply(const message::CommitReply& reply, Step& step) {
  if (!may_act(*state_, step) || !state_->tenure->proposals.is_open(reply.request)) return;
  if (reply.outcome == message::CommitOutcome::Deposed) {
    step.effects.hit(Probe::CommitDeposed);
    leave_office(*state_, step);
    state_->office.leave(step);
    return;
  }
  state_->tenure->proposals.on_reply(reply, step);
}

void Coordinator::on_heartbeat(NodeId from, const message::Heartbeat& heartbeat, Step& step) {
  if (!may_act(*state_, step)) return;
  Tenure& tenure = *state_->tenure;
  if (!tenure.detector.is_member(from)) return;
  const bool may_return = step.config.rules.is_on(Rule::RemovedNodeReturns);
  if (!may_return && tenure.detector.is_dead(from)) return;
  if (tenure.detector.is_expelled(from)) return;
  if (tenure.detector.on_heartbeat(from, heartbeat, step)) {
    tenure.leases.on_return(from, tenure.proposals);
    trust(from, tenure, step);
  }
  answer_heartbeat(tenure, from, heartbeat, step);
  if (heartbeat.report) {
    tenure.loads.on_report(from, heartbeat.asked_at, *heartbeat.report, step.now);
  }
}

void Coordinator::on_shard_report(NodeId from, const message::ShardReport& report, Step& step) {
  if (!may_act(*state_, step) || is_cut_off(*state_, step)) return;
  hear_report(from, report, *state_->tenure, step);
}

void Coordinator::on_position_reply(NodeId from, const message::PositionReply& reply, Step& step) {
  if (may_act(*state_, step)) hear_position(from, reply, *state_->tenure, step);
}

void Coordinator::on_reshard_check_reply(NodeId from, const message::ReshardCheckReply& reply,
                                         Step& step) {
  if (may_act(*state_, step)) hear_check(from, reply, *state_->tenure, step);
}

void Coordinator::on_admin(Endpoint from, const message::AdminCommand& command, Step& step) {
  if (may_act(*state_, step)) {
    // The operator asks again.
    if (is_cut_off(*state_, step)) return;
    const bool is_own = command.term == state_->tenure->term;
    if (is_own || !step.config.rules.is_on(Rule::CommandsOfOwnTerm)) {
      state_->tenure->operations.on_admin(from, command, *state_->tenure, step);
      return;
    }
    step.effects.hit(Probe::CommandOfAnotherTerm);
  }
  step.effects.send(
      from, message::AdminReply{command.request->request, message::AdminOutcome::NotCoordinator,
                                fmt::format("{}", step.table.coordinator().node)});
}

}  // namespace shardproof
