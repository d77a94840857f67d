// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sim/scenario/spec.hpp"

namespace shardproof::sim::campaign {

/// Makes a scenario of which parts were cut off one that the reader accepts again: what is beyond
/// its end goes or ends with it, what names a node, shard or domain that is gone goes, and limits
/// that contradict each other go back to their defaults. A valid scenario stays as it is. The
/// indices and names of collections, and those of metrics and policies, must be good.
void make_valid(ScenarioSpec& spec);

}  // namespace shardproof::sim::campaign
