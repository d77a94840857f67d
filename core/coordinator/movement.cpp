// SPDX-License-Identifier: Apache-2.0
#include "core/coordinator/movement.hpp"

#include "core/coordinator/leadership.hpp"
#include "core/coordinator/migration_driver.hpp"
#include "core/coordinator/move_start.hpp"

namespace shardproof {
namespace {

using Stage = Progress::Stage;
using Command = Operations::Command;

bool is_migration_of(const ShardInfo& shard, const message::AdminRequest& request) {
  return shard.migration && shard.migration->source == request.source &&
         shard.migration->target == request.target;
}

bool is_moved(const ShardInfo& shard, const message::AdminRequest& request) {
  return contains(shard.replicas, request.target) && !contains(shard.replicas, request.source);
}

Progress queue_move(Command& command, Tenure& tenure, Step& step) {
  const message::AdminRequest& request = *command.request;
  distribution::Move move;
  move.shard = request.shard;
  move.source = request.source;
  move.target = request.target;
  // Among the classes of admission an operator's order is one of those that do not wait for
  // windows.
  move.reason = distribution::MoveReason::Drain;
  if (const std::string reason = why_not(move, tenure, step); !reason.empty()) {
    return {Stage::Refused, reason};
  }
  tenure.planner.add_manual(move);
  command.started = true;
  return {Stage::Running, fmt::format("{} is going to move from {} to {}", request.shard,
                                      request.source, request.target)};
}

}  // namespace

Progress rebalance(Tenure& tenure, Step& step) {
  if (!step.table.settings().balancing_enabled) return {Stage::Refused, "balancing is off"};
  if (!knows_all_loads(tenure, step.table)) return waiting("load reports of all members");
  if (tenure.planner.has_to_wait(tenure, step)) return waiting("commits of planned moves");
  return {Stage::Done, tenure.planner.plan(tenure, step)};
}

Progress move_shard(Command& command, Tenure& tenure, Step& step) {
  const message::AdminRequest& request = *command.request;
  const ShardInfo* shard = step.table.find_shard(request.shard);
  if (shard == nullptr) return {Stage::Refused, fmt::format("{} does not exist", request.shard)};
  if (is_migration_of(*shard, request)) {
    command.started = true;
    return {Stage::Running,
            fmt::format("{} is in phase {}, waiting for {}", shard->id,
                        to_string(shard->migration->phase), describe_waiting(*shard, nullptr))};
  }
  if (is_moved(*shard, request)) {
    return {Stage::Done, fmt::format("{} is on {}", shard->id, request.target)};
  }
  if (!command.started) return queue_move(command, tenure, step);
  if (tenure.planner.has_manual(shard->id) || tenure.proposals.is_busy(shard->id)) {
    return {Stage::Running, fmt::format("the move of {} waits for its turn", shard->id)};
  }
  return {Stage::Refused, fmt::format("the move of {} was aborted", shard->id)};
}

Progress abort_migration(const message::AdminRequest& request, Tenure& tenure, Step& step) {
  const ShardInfo* shard = step.table.find_shard(request.shard);
  if (shard == nullptr) return {Stage::Refused, fmt::format("{} does not exist", request.shard)};
  if (!shard->migration) return {Stage::Done, fmt::format("{} has no migration", shard->id)};
  if (!aborts(shard->migration->phase, MigrationInput::AbortOrdered)) {
    return {Stage::Refused, fmt::format("the migration of {} has switched already", shard->id)};
  }
  if (!tenure.proposals.is_busy(shard->id)) {
    propose_abort(without_past_fencing(*shard, tenure, step), "abort", tenure, step);
  }
  return waiting("the commit of the abort");
}

}  // namespace shardproof
