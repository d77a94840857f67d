// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "reports/style.hpp"
#include "sim/observe/trace_result.hpp"

namespace shardproof::reports {

enum class TraceLevel : std::uint8_t {
  kEvents,    ///< a line for each event
  kFacts,     ///< below it what nodes stated and what the event log says
  kMessages,  ///< and what is in the messages
};

/// The events in aligned columns, of at most 120 columns; the one of number `marked` has a mark.
std::string trace_text(const std::vector<sim::TraceLine>& trace, TraceLevel level,
                       std::uint64_t marked, const Style& style);
/// The same as an array of objects.
nlohmann::ordered_json trace_json(const std::vector<sim::TraceLine>& trace, TraceLevel level);

/// Where the world stands: nodes in a table, shards in change, what is pending; at most 120
/// columns.
std::string world_text(const sim::WorldState& state, const Style& style);
nlohmann::ordered_json world_json(const sim::WorldState& state);

}  // namespace shardproof::reports
