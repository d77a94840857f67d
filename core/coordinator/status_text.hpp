// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "core/coordinator/tenure.hpp"

namespace shardproof {

/// Tables to be read by a person. Times are the coordinator's clock, loads as last reported.
///
/// The cluster: office, shards by status, moves in flight and waiting, a line for each member.
/// O(nodes).
std::string cluster_status(const Tenure& tenure, const Step& step);
/// One shard's whole record, a line for each holder with what is known of its position.
std::string shard_status(ShardId shard, const Tenure& tenure, const Step& step);
/// A line for each migration and each learner: phase, since when, and what it waits for.
std::string migration_status(const Tenure& tenure, const Step& step);

}  // namespace shardproof
