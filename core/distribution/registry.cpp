// SPDX-License-Identifier: Apache-2.0
#include "core/distribution/registry.hpp"

#include <algorithm>
#include <deque>
#include <utility>

#include "core/distribution/optimum/optimum_rebalance.hpp"
#include "core/distribution/placement/greedy_ancestor.hpp"
#include "core/distribution/placement/key_map_placement.hpp"
#include "core/distribution/placement/rendezvous.hpp"
#include "core/distribution/rebalance/ancestor.hpp"
#include "core/distribution/rebalance/greedy.hpp"
#include "core/distribution/rebalance/local_search.hpp"
#include "core/distribution/rebalance/mean_band.hpp"
#include "core/distribution/rebalance/prioritised_goals.hpp"
#include "core/distribution/rebalance/random_moves.hpp"
#include "core/distribution/rebalance/region_score.hpp"
#include "core/distribution/rebalance/threshold.hpp"
#include "core/distribution/rebalance/upmap.hpp"
#include "core/distribution/rebalance/weighted_move.hpp"
#include "core/distribution/rebalance/weighted_sum.hpp"

namespace shardproof::distribution {
namespace {

template <typename Policy>
struct Entry {
  PolicyInfo info;
  const Policy* policy;
};

/// Two of their own, and all algorithms that place keys but those that are meant by the same name,
/// or that place ranges of keys: these are shards themselves.
std::vector<Entry<PlacementPolicy>> make_placements() {
  static const RendezvousPlacement kRendezvous;
  static const AncestorPlacement kAncestor;
  static std::deque<KeyMapPlacement> of_key_maps;
  std::vector<Entry<PlacementPolicy>> placements = {
      {{"rendezvous", "highest random weight, by disk capacity, copies in distinct domains"},
       &kRendezvous},
      {{"ancestor", "known bad: the node with the fewest shards, whatever its domain or size"},
       &kAncestor},
  };
  for (const KeyAlgorithm& algorithm : key_algorithms()) {
    if (algorithm.name == "rendezvous" || algorithm.name == "range") continue;
    of_key_maps.emplace_back(algorithm);
    placements.push_back({{algorithm.name, algorithm.about}, &of_key_maps.back()});
  }
  return placements;
}

const std::vector<Entry<PlacementPolicy>>& placements() {
  static const std::vector<Entry<PlacementPolicy>> kPlacements = make_placements();
  return kPlacements;
}

const GreedyRebalance kGreedy;
const NoRebalance kNone;
const AncestorRebalance kAncestorRebalance;
const PrioritisedGoalsRebalance kGoals;
const LocalSearchRebalance kLocalSearch;
const MeanBandRebalance kMeanBand;
const RandomRebalance kRandom;
const RegionScoreRebalance kRegionScore;
const ThresholdRebalance kThreshold;
const ThresholdRebalance kThresholdOfCopies(kShareOfCopies);
const UpmapRebalance kUpmap;
const WeightedMoveRebalance kWeightedMove;
const WeightedSumRebalance kWeightedSum;
const OptimumRebalance kOptimum;
const Entry<RebalancePolicy> kRebalances[] = {
    {{"greedy", "hottest node to coldest: drains, domains, copies, bytes, leaders; few moves"},
     &kGreedy},
    {{"none", "never moves anything"}, &kNone},
    {{"optimum",
      "computed: as few copies as can be for even counts, then cheap exchanges of bytes"},
     &kOptimum},
    {{"ancestor", "known bad: assigns every shard anew, whoever holds it"}, &kAncestorRebalance},
    {{"goals", "ranked: capacity, copies, bytes, cpu, leaders, requests; after Cruise Control"},
     &kGoals},
    {{"local_search", "steepest descent over all measures, by moves and swaps; after Rebalancer"},
     &kLocalSearch},
    {{"mean_band", "copies and leaders within 5 % or 2 of the mean; after CockroachDB"},
     &kMeanBand},
    {{"random", "a control: legal moves that lead nowhere"}, &kRandom},
    {{"region_score", "bytes by how full the disk is, leaders by count; after PD of TiKV"},
     &kRegionScore},
    {{"threshold", "utilisation of disks within 10 points of the mean; after HDFS"}, &kThreshold},
    {{"threshold_copies", "copies within 2 % of the share; after Redis"}, &kThresholdOfCopies},
    {{"upmap", "copies of each collection within 1 of the share, 10 moves a plan; after Ceph"},
     &kUpmap},
    {{"weighted_move", "requests, by most relief for each byte, 9 % of bytes a plan; after Slicer"},
     &kWeightedMove},
    {{"weighted_sum", "one sum of copies, collection, requests, bytes; after Elasticsearch"},
     &kWeightedSum},
};

template <typename Entries>
std::vector<PolicyInfo> infos(const Entries& entries) {
  std::vector<PolicyInfo> result;
  for (const auto& entry : entries) {
    result.push_back(entry.info);
    result.back().options = entry.policy->options();
  }
  return result;
}

template <typename Policy, typename Entries>
const Policy* find(const Entries& entries, std::string_view name) {
  for (const Entry<Policy>& entry : entries) {
    if (entry.info.name == name) return entry.policy;
  }
  return nullptr;
}

}  // namespace

std::vector<PolicyInfo> placement_policies() { return infos(placements()); }
std::vector<PolicyInfo> rebalance_policies() { return infos(kRebalances); }

std::vector<PolicyInfo> policies_with_options() {
  std::vector<PolicyInfo> all = placement_policies();
  for (PolicyInfo& policy : rebalance_policies()) all.push_back(std::move(policy));
  std::erase_if(all, [](const PolicyInfo& policy) { return policy.options.empty(); });
  std::sort(all.begin(), all.end(),
            [](const PolicyInfo& a, const PolicyInfo& b) { return a.name < b.name; });
  return all;
}

std::optional<std::vector<PolicyOption>> options_of_policy(std::string_view name) {
  const PlacementPolicy* placement = find_placement_policy(name);
  const RebalancePolicy* rebalance = find_rebalance_policy(name);
  if (placement == nullptr && rebalance == nullptr) return std::nullopt;
  std::vector<PolicyOption> options;
  if (placement != nullptr) options = placement->options();
  if (rebalance != nullptr) {
    for (const PolicyOption& option : rebalance->options()) options.push_back(option);
  }
  return options;
}

const PlacementPolicy* find_placement_policy(std::string_view name) {
  return find<PlacementPolicy>(placements(), name);
}

const RebalancePolicy* find_rebalance_policy(std::string_view name) {
  return find<RebalancePolicy>(kRebalances, name);
}

}  // namespace shardproof::distribution
