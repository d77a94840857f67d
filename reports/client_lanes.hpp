// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "reports/style.hpp"
#include "sim/observe/run_result.hpp"

namespace shardproof::reports {

/// What clients asked and were told of a document: time goes down, a lane for each client, a line
/// for each question and each answer. What cannot all be true is marked. At most 20 lines of 100
/// columns for eight operations of three clients.
std::string lanes_text(const sim::ClientLanes& lanes, const Style& style);

}  // namespace shardproof::reports
