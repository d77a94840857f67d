// SPDX-License-Identifier: Apache-2.0
//
// What operators order while the cluster runs, and what is promised from then on.
#include <algorithm>

#include "core/distribution/registry.hpp"
#include "sim/check/oracle.hpp"

namespace shardproof::sim::check {

VersionTraits Oracle::traits_of_plan(NodeId node, Revision revision) const {
  VersionTraits traits = version_of(node);
  std::string_view ordered;
  for (const auto& [since, name] : policies_) {
    if (since <= revision) ordered = name;
  }
  const auto* policy = distribution::find_rebalance_policy(ordered);
  if (policy == nullptr) return traits;
  const auto& set = distribution::values_of(ordered, traits.policy_options);
  traits.balance_bound = policy->bound(distribution::with_values({}, set));
  traits.plan_measures = policy->measures();
  traits.plans_keep_domains = policy->keeps_domains();
  return traits;
}

std::uint32_t Oracle::factor_known(ShardId id) const {
  const CollectionConfig& collection = collection_of(id);
  std::uint32_t factor = collection.replication_factor;
  for (const LoweredFactor& lowered : lowered_) {
    const bool was_known = shard(id).proposed_with < lowered.ended;
    if (lowered.collection == collection.id && was_known) factor = std::max(factor, lowered.factor);
  }
  return factor;
}

void Oracle::follow(const CollectionConfig& after, Revision revision) {
  const CollectionConfig* before = table_.find_collection(after.id);
  if (before == nullptr || after.replication_factor >= before->replication_factor) return;
  lowered_.push_back({after.id, revision, before->replication_factor});
  for (std::uint32_t i = 0; i < after.num_shards; ++i) {
    const ShardInfo* info = table_.find_shard(ShardId(after.first_shard.value() + i));
    if (info == nullptr || info->replicas.empty()) continue;
    // Of what is in sync beyond the factor each copy is given up for itself.
    if (info->replicas.size() > after.replication_factor) continue;
    // Who had fallen out of the set is not waited for any more, and may delete what it has.
    ShardFacts& facts = shard(info->id);
    facts.promised = std::min(facts.promised, static_cast<std::uint32_t>(info->replicas.size()));
  }
}

bool Oracle::may_learners_go(ShardId id) const {
  const ShardInfo& info = table_.shards()[id.value()];
  return !info.migration && info.replicas.size() >= collection_of(id).replication_factor;
}

void Oracle::give_up_surplus(const ShardInfo& before, const ShardInfo& after, ShardFacts& facts) {
  const CollectionConfig* collection = table_.find_collection(before.collection);
  const bool is_complete = collection != nullptr && !after.replicas.empty() &&
                           after.replicas.size() >= collection->replication_factor;
  if (before.migration || !is_complete) return;
  const auto any_missing = [](const NodeList& had, const NodeList& has, const NodeList& has_too) {
    return std::any_of(had.begin(), had.end(), [&](NodeId node) {
      return !contains(has, node) && !contains(has_too, node);
    });
  };
  if (!any_missing(before.replicas, after.replicas, {}) &&
      !any_missing(before.learners, after.replicas, after.learners)) {
    return;
  }
  const auto held = static_cast<std::uint32_t>(
      std::count_if(after.replicas.begin(), after.replicas.end(),
                    [&](NodeId node) { return facts.holds(node, facts.acknowledged); }));
  // With none left in the set the copy that leaves is the last one, and has to stay.
  if (held > 0) facts.promised = std::min(facts.promised, held + facts.destroyed);
}

}  // namespace shardproof::sim::check
