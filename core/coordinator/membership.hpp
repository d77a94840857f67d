// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/coordinator/operations.hpp"

namespace shardproof {

/// Operators' commands about members. Each is done when the table shows what it is for.
///
/// Refused: a node that is leaving.
Progress join(const message::AdminRequest& request, Tenure& tenure, Step& step);
/// Refused if the nodes that stay active are fewer than some collection has copies of its shards: a
/// last copy, or one that has nowhere to go, is never drained. Done when the node is removed.
Progress drain(Operations::Command& command, Tenure& tenure, Step& step);
/// Done when the node leads nothing that another could lead.
Progress begin_maintenance(Operations::Command& command, Tenure& tenure, Step& step);
Progress end_maintenance(const message::AdminRequest& request, Tenure& tenure, Step& step);
/// Refused if a shard has its only in-sync copy there, or if the node is alive and holds any copy.
/// By force (`flag`) such a node is not heard any more: it is dead when its leases have run out,
/// its copies are struck from the shards, and made anew elsewhere. Refused, and it is heard again,
/// if a shard turns out to have nobody else who could serve it.
Progress remove(const message::AdminRequest& request, Tenure& tenure, Step& step);

/// Removes draining nodes that no shard names any more. O(nodes).
void finish_drains(Tenure& tenure, Step& step);

}  // namespace shardproof
