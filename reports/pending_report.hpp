// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "reports/style.hpp"
#include "sim/observe/pending.hpp"

namespace shardproof::reports {

/// What is unfinished, one thing a paragraph, and indented under it who waits for what; long lists
/// are cut. Ends with a newline.
std::string pending_text(const std::vector<sim::PendingItem>& items, const Style& style);

/// All of it: `[{shard, node, phase, text, waits: [{node, coordinator, message, from,
/// since_ns}]}]`, with null for what is none.
nlohmann::ordered_json pending_json(const std::vector<sim::PendingItem>& items);

}  // namespace shardproof::reports
