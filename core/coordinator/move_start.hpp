// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/coordinator/tenure.hpp"
#include "core/distribution/rebalance/plan.hpp"

namespace shardproof {

/// Why the move cannot start as the table and the nodes are now; empty if it can. Plans age:
/// everything that they took for granted is looked at again.
std::string why_not(const distribution::Move& move, const Tenure& tenure, const Step& step);

/// Proposes the commit that starts a move for which `why_not` has nothing to say: a migration's
/// Prepare, a learner, or another leader. `share` is what the copy may use.
void start(const distribution::Move& move, MigrationReason reason, Bandwidth share, Tenure& tenure,
           Step& step);

}  // namespace shardproof
