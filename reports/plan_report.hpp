// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "reports/style.hpp"
#include "sim/observe/plan_result.hpp"

namespace shardproof::reports {

/// For each cluster what it is, the least that has to move, and a line for each policy; where there
/// is one policy only, how even it leaves the cluster beside how it was. Named moves come last.
std::string plan_text(const sim::PlanResult& result, const Style& style);
/// The same in Markdown.
std::string plan_markdown(const sim::PlanResult& result);
/// One JSON object (docs/plan.md).
std::string plan_json(const sim::PlanResult& result);

}  // namespace shardproof::reports
