// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "core/messages.hpp"
#include "core/shard_table.hpp"

namespace shardproof::sim::check {

/// What the table has in place of the effect of an operator's command, for a person; empty if it
/// has that, or if what the command is for does not stay in a table. O(1).
std::string missing_effect(const ShardTable& table, const message::AdminRequest& request);

}  // namespace shardproof::sim::check
