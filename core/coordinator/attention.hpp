// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/coordinator/tenure.hpp"

namespace shardproof {

/// What the coordinator does for one shard, the most urgent first: a leader, an honest in-sync set,
/// its migration, leadership off nodes in maintenance, an end to fencing. Each is decided from the
/// committed record, the nodes' lives and what was heard in the present epoch, so that looking
/// again does nothing twice. Nothing is done while a change of the shard is in flight.
void attend(ShardId shard, Tenure& tenure, Step& step);

/// Looks at every shard that is dirty or whose time has come, ascending. O(such shards + notes).
void attend_due(Tenure& tenure, Step& step);

/// Marks the shards that name any of the nodes. O(shards * nodes).
void mark_shards_of(const std::vector<NodeId>& nodes, Tenure& tenure, const ShardTable& table);
/// Marks the shards of which the table alone says that they need something. O(shards).
void mark_unsettled(Tenure& tenure, const ShardTable& table);

/// Takes in what a node says of a shard; ignored if it is about another epoch.
void hear_report(NodeId from, const message::ShardReport& report, Tenure& tenure, Step& step);
void hear_position(NodeId from, const message::PositionReply& reply, Tenure& tenure, Step& step);

}  // namespace shardproof
