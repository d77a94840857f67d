// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/replica_state.hpp"

namespace shardproof {

/// Tells the coordinator, if one is known, something about a shard. Reports are repeated by their
/// authors until the table shows the consequence, so that none need arrive.
inline void report_to_coordinator(const ReplicaState& state, message::ShardEvent event,
                                  NodeId subject, Version position, std::uint64_t digest,
                                  Step& step) {
  const NodeId coordinator = step.table.coordinator().node;
  if (coordinator.is_none() || step.fires(FaultPoint::ReportWithheld)) return;
  const ShardInfo* info = step.table.find_shard(state.id);
  const MigrationId migration =
      info != nullptr && info->migration ? info->migration->id : MigrationId::none();
  if (event == message::ShardEvent::Copied) {
    step.effects.fact(fact::CopyReported{state.id, state.epoch, migration, position, digest});
  }
  step.effects.send(
      Endpoint::node(coordinator),
      message::ShardReport{state.id, state.epoch, migration, event, subject, position, digest});
}

}  // namespace shardproof
