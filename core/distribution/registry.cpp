// SPDX-License-Identifier: Apache-2.0
#include "core/distribution/registry.hpp"

#include "core/distribution/optimum/optimum_rebalance.hpp"
#include "core/distribution/placement/greedy_ancestor.hpp"
#include "core/distribution/placement/rendezvous.hpp"
#include "core/distribution/rebalance/ancestor.hpp"
#include "core/distribution/rebalance/greedy.hpp"

namespace shardproof::distribution {
namespace {

template <typename Policy>
struct Entry {
  PolicyInfo info;
  const Policy* policy;
};

const RendezvousPlacement kRendezvous;
const AncestorPlacement kAncestorPlacement;
const Entry<PlacementPolicy> kPlacements[] = {
    {{"rendezvous", "highest random weight, by disk capacity, copies in distinct domains"},
     &kRendezvous},
    {{"ancestor", "known bad: the node with the fewest shards, whatever its domain or size"},
     &kAncestorPlacement},
};

const GreedyRebalance kGreedy;
const NoRebalance kNone;
const AncestorRebalance kAncestorRebalance;
const OptimumRebalance kOptimum;
const Entry<RebalancePolicy> kRebalances[] = {
    {{"greedy", "hottest node to coldest: drains, domains, copies, bytes, leaders; few moves"},
     &kGreedy},
    {{"none", "never moves anything"}, &kNone},
    {{"optimum",
      "computed: as few copies as can be for even counts, then cheap exchanges of bytes"},
     &kOptimum},
    {{"ancestor", "known bad: assigns every shard anew, whoever holds it"}, &kAncestorRebalance},
};

template <typename Policy, std::size_t N>
std::vector<PolicyInfo> infos(const Entry<Policy> (&entries)[N]) {
  std::vector<PolicyInfo> result;
  for (const auto& entry : entries) result.push_back(entry.info);
  return result;
}

template <typename Policy, std::size_t N>
const Policy* find(const Entry<Policy> (&entries)[N], std::string_view name) {
  for (const auto& entry : entries) {
    if (entry.info.name == name) return entry.policy;
  }
  return nullptr;
}

}  // namespace

std::vector<PolicyInfo> placement_policies() { return infos(kPlacements); }
std::vector<PolicyInfo> rebalance_policies() { return infos(kRebalances); }

const PlacementPolicy* find_placement_policy(std::string_view name) {
  return find(kPlacements, name);
}

const RebalancePolicy* find_rebalance_policy(std::string_view name) {
  return find(kRebalances, name);
}

}  // namespace shardproof::distribution
