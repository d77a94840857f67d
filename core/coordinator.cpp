// SPDX-License-Identifier: Apache-2.0
#include "core/coordinator.hpp"

#include <optional>

#include "core/coordinator/office.hpp"
#include "core/coordinator/tenure.hpp"
#include "core/table_watcher.hpp"

namespace shardproof {

struct CoordinatorState {
  Office office;
  /// There while the office is held and the table is known to be no older than the term.
  std::optional<Tenure> tenure;
};

namespace {

void leave_office(CoordinatorState& state, Step& step) {
  if (state.tenure) {
    state.tenure->operations.abandon(step);
    step.effects.fact(fact::OfficeLeft{state.tenure->term});
    state.tenure.reset();
  }
  step.effects.cancel_timer(TimerKind::Coordinator);
}

/// Begins to act as soon as the table covers the commit that recorded the term: whatever the
/// predecessor decided is known then.
void take_office(CoordinatorState& state, Step& step) {
  const Term term = state.office.term();
  if (step.config.has_cluster_manager && step.table.coordinator().term != term) {
    step.watcher.refresh(step);
    return;
  }
  state.tenure.emplace(term, step);
  step.effects.fact(fact::OfficeTaken{term});
}

/// False, and out of office, once the lease has run out: to be asked before anything else.
bool may_act(CoordinatorState& state, Step& step) {
  if (state.tenure && !state.office.holds(step.now)) {
    leave_office(state, step);
    state.office.leave(step);
  }
  return state.tenure.has_value();
}

void grant_lease(const Tenure& tenure, NodeId to, const message::Heartbeat& heartbeat, Step& step) {
  step.effects.send(Endpoint::node(to),
                    message::HeartbeatReply{heartbeat.asked_at, tenure.term,
                                            step.config.timing.node_lease, step.table.revision()});
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

bool Coordinator::in_office() const { return state_->tenure.has_value(); }
Term Coordinator::term() const { return state_->tenure ? state_->tenure->term : Term(); }

void Coordinator::on_boot(Step& step) {
  state_->office.on_boot(step);
  if (step.config.has_cluster_manager) return;
  step.effects.set_timer(TimerKind::Coordinator, Nanoseconds(0));
}

void Coordinator::on_timer(TimerKind kind, Step& step) {
  const bool acts = may_act(*state_, step);
  if (kind == TimerKind::Campaign) {
    state_->office.on_timer(step);
    return;
  }
  if (!state_->office.holds(step.now)) return;
  step.effects.set_timer(TimerKind::Coordinator, step.config.timing.coordinator_interval);
  if (!acts) {
    take_office(*state_, step);
    return;
  }
  Tenure& tenure = *state_->tenure;
  for (const NodeId node : tenure.detector.on_tick(step.now)) {
    step.effects.fact(fact::NodeSuspected{node});
  }
  tenure.proposals.on_tick(step);
  tenure.operations.on_tick(tenure, step);
}

void Coordinator::on_campaign_reply(const message::CampaignReply& reply, Step& step) {
  may_act(*state_, step);
  const Office::Change change = state_->office.on_reply(reply, step);
  if (change == Office::Change::None) return;
  leave_office(*state_, step);
  if (change == Office::Change::Lost) return;
  step.effects.set_timer(TimerKind::Coordinator, step.config.timing.coordinator_interval);
  take_office(*state_, step);
}

void Coordinator::on_table_change(const TableDelta& delta, Step& step) {
  if (step.table.coordinator().term > state_->office.term() && state_->tenure) {
    leave_office(*state_, step);
    state_->office.leave(step);
  }
  if (!state_->office.holds(step.now)) return;
  if (!state_->tenure) {
    take_office(*state_, step);
    return;
  }
  Tenure& tenure = *state_->tenure;
  tenure.proposals.on_table_change(delta, step);
  for (const Record& record : delta.records) {
    if (const auto* node = std::get_if<NodeRecord>(&record)) {
      tenure.detector.watch(node->id, step.now, step.config.timing);
    } else if (const auto* shard = std::get_if<ShardInfo>(&record)) {
      tenure.copies.on_shard(*shard, step.table);
    }
  }
  tenure.operations.on_tick(tenure, step);
}

void Coordinator::on_commit_reply(const message::CommitReply& reply, Step& step) {
  if (!may_act(*state_, step) || !state_->tenure->proposals.is_open(reply.request)) return;
  if (reply.outcome == message::CommitOutcome::Deposed) {
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
  if (tenure.detector.on_heartbeat(from, heartbeat.revision, step.now, step.config.timing)) {
    step.effects.fact(fact::NodeTrusted{from});
  }
  grant_lease(tenure, from, heartbeat, step);
  if (heartbeat.report) tenure.loads.on_report(from, *heartbeat.report, step.config.timing);
}

void Coordinator::on_shard_report(NodeId, const message::ShardReport&, Step&) {}
void Coordinator::on_position_reply(NodeId, const message::PositionReply&, Step&) {}

void Coordinator::on_admin(Endpoint from, const message::AdminRequestRef& request, Step& step) {
  if (may_act(*state_, step)) {
    state_->tenure->operations.on_admin(from, request, *state_->tenure, step);
    return;
  }
  step.effects.send(from, message::AdminReply{request->request,
                                              message::AdminOutcome::NotCoordinator,
                                              fmt::format("{}", step.table.coordinator().node)});
}

}  // namespace shardproof
