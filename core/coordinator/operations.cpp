// SPDX-License-Identifier: Apache-2.0
#include "core/coordinator/operations.hpp"

#include <algorithm>

#include "core/coordinator/cluster_settings.hpp"
#include "core/coordinator/enable_sharding.hpp"
#include "core/coordinator/membership.hpp"
#include "core/coordinator/movement.hpp"
#include "core/coordinator/replication.hpp"
#include "core/coordinator/status_text.hpp"
#include "core/coordinator/tenure.hpp"

namespace shardproof {
namespace {

using message::AdminKind;
using message::AdminOutcome;
using Stage = Progress::Stage;

Progress perform(Operations::Command& command, Tenure& tenure, Step& step) {
  const message::AdminRequest& request = *command.request;
  switch (request.kind) {
    case AdminKind::EnableSharding: return enable_sharding(request, tenure, step);
    case AdminKind::CreateCollection: return create_collection(request, tenure, step);
    case AdminKind::Join: return join(request, tenure, step);
    case AdminKind::Drain: return drain(command, tenure, step);
    case AdminKind::BeginMaintenance: return begin_maintenance(command, tenure, step);
    case AdminKind::EndMaintenance: return end_maintenance(request, tenure, step);
    case AdminKind::Remove: return remove(request, tenure, step);
    case AdminKind::Rebalance: return rebalance(tenure, step);
    case AdminKind::MoveShard: return move_shard(command, tenure, step);
    case AdminKind::AbortMigration: return abort_migration(request, tenure, step);
    case AdminKind::SetReplication: return set_replication(request, tenure, step);
    case AdminKind::SetLimits: return set_limits(request, tenure, step);
    case AdminKind::SetPolicy: return set_policy(request, tenure, step);
    case AdminKind::SetBalancing: return set_balancing(request, tenure, step);
    case AdminKind::ClusterStatus: return {Stage::Done, cluster_status(tenure, step)};
    case AdminKind::ShardStatus: return {Stage::Done, shard_status(request.shard, tenure, step)};
    case AdminKind::MigrationStatus: return {Stage::Done, migration_status(tenure, step)};
  }
  return {Stage::Refused, "not a known command"};
}

AdminOutcome outcome_of(Stage stage) {
  switch (stage) {
    case Stage::Waiting: return AdminOutcome::Unknown;
    case Stage::Running: return AdminOutcome::Accepted;
    case Stage::Done: return AdminOutcome::Done;
    case Stage::Refused: return AdminOutcome::Refused;
  }
  return AdminOutcome::Unknown;
}

}  // namespace

bool Operations::is_settled(Endpoint from, const message::AdminCommand& command) {
  Settled& settled = settled_[from];
  settled.below = std::max(settled.below, command.settled);
  settled.ended.insert(command.ended.begin(), command.ended.end());
  settled.ended.erase(settled.ended.begin(), settled.ended.lower_bound(settled.below));
  ended_.erase(ended_.lower_bound({from, 0}), ended_.lower_bound({from, settled.below}));
  const std::uint64_t request = command.request->request;
  return request < settled.below || settled.ended.count(request) > 0;
}

void Operations::on_admin(Endpoint from, const message::AdminCommand& received, Tenure& tenure,
                          Step& step) {
  const message::AdminRequestRef& request = received.request;
  const Key key{from, request->request};
  if (const auto ended = ended_.find(key); ended != ended_.end()) {
    step.effects.send(from, ended->second);
    return;
  }
  if (is_settled(from, received)) return step.effects.hit(Probe::SettledCommandIgnored);
  Command& command =
      open_.try_emplace(key, Command{request, from, true, false, {}, {}}).first->second;
  command.unanswered = true;
  if (pursue(command, tenure, step)) open_.erase(key);
}

void Operations::on_tick(Tenure& tenure, Step& step) {
  for (auto next = open_.begin(); next != open_.end();) {
    const auto current = next++;
    if (pursue(current->second, tenure, step)) open_.erase(current);
  }
}

bool Operations::pursue(Command& command, Tenure& tenure, Step& step) {
  Progress progress = perform(command, tenure, step);
  if (progress.stage == Stage::Waiting) {
    if (command.awaits != progress.text) command.awaits_since = step.now;
    command.awaits = std::move(progress.text);
    return false;
  }
  command.awaits.clear();
  const std::uint64_t id = command.request->request;
  const AdminOutcome outcome = outcome_of(progress.stage);
  const message::AdminReply reply{id, outcome, std::move(progress.text)};
  if (command.unanswered) step.effects.send(command.from, reply);
  command.unanswered = false;
  if (progress.stage == Stage::Running) return false;
  step.effects.fact(fact::AdminEnded{id, outcome});
  ended_[{command.from, id}] = reply;
  return true;
}

void Operations::abandon(Step& step) {
  for (const auto& [key, command] : open_) {
    if (!command.unanswered) continue;
    step.effects.send(command.from,
                      message::AdminReply{command.request->request, AdminOutcome::Unknown,
                                          "the coordinator has lost its office"});
  }
  open_.clear();
}

}  // namespace shardproof
