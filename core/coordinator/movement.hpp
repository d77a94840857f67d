// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/coordinator/operations.hpp"

namespace shardproof {

/// Operators' commands about single moves and plans.
///
/// Done when planned; the moves follow as the limits allow. Refused while balancing is off.
Progress rebalance(Tenure& tenure, Step& step);
/// One migration, admitted under the limits like any other. Done when the copy is where it was
/// wanted; refused, with the reason, if it cannot start or was aborted.
Progress move_shard(Operations::Command& command, Tenure& tenure, Step& step);
/// Refused once the migration has switched. Done when the shard has no migration.
Progress abort_migration(const message::AdminRequest& request, Tenure& tenure, Step& step);

}  // namespace shardproof
