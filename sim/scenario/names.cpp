// SPDX-License-Identifier: Apache-2.0
#include "sim/scenario/names.hpp"

#include "core/distribution/registry.hpp"
#include "core/rules.hpp"

namespace shardproof::sim {

Vocabulary default_vocabulary() {
  Vocabulary vocabulary;
  for (const auto& policy : distribution::placement_policies()) {
    vocabulary.placements.push_back(policy.name);
  }
  for (const auto& policy : distribution::rebalance_policies()) {
    vocabulary.rebalances.push_back(policy.name);
  }
  for (const RuleInfo& rule : rule_catalogue()) vocabulary.rules.push_back(rule.name);
  return vocabulary;
}

std::vector<std::string_view> views(const std::vector<std::string>& names) {
  return {names.begin(), names.end()};
}

}  // namespace shardproof::sim
