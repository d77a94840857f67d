// SPDX-License-Identifier: Apache-2.0
#include "sim/campaign/simpler_conditions.hpp"

namespace shardproof::sim::campaign {

std::vector<Condition> simpler_conditions(const Condition& condition) {
  const std::vector<ConditionStep>& steps = condition.steps;
  const auto at = [&](std::size_t i) { return steps.begin() + static_cast<std::ptrdiff_t>(i); };
  std::vector<Condition> simpler;
  std::vector<std::size_t> operands;  ///< where each one that waits for its operator begins
  for (std::size_t i = 0; i < steps.size(); ++i) {
    if (steps[i].kind == ConditionStep::Kind::kCompare) {
      operands.push_back(i);
      continue;
    }
    const std::size_t right = operands.back();
    operands.pop_back();
    const std::size_t left = operands.back();
    for (const auto& [begin, end] : {std::pair(left, right), std::pair(right, i)}) {
      std::vector<ConditionStep>& kept = simpler.emplace_back().steps;
      kept.assign(steps.begin(), at(left));
      kept.insert(kept.end(), at(begin), at(end));
      kept.insert(kept.end(), at(i + 1), steps.end());
    }
  }
  return simpler;
}

}  // namespace shardproof::sim::campaign
