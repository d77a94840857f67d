// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "core/shard_table.hpp"

namespace shardproof::sim::check {

/// `s3 is "e5 Active, led by n1 on [n1 n2]" in n2's table and "e6 ..." in the committed one`: the
/// first record in which the table of `node` and the committed one differ, of those that no commit
/// behind `own` has changed. Says so if there is none. O(records).
std::string table_difference(const ShardTable& own, NodeId node, const ShardTable& committed);

}  // namespace shardproof::sim::check
