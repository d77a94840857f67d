// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "sim/observe/cluster_tally.hpp"
#include "sim/observe/load_tally.hpp"
#include "sim/observe/skew_measures.hpp"
#include "sim/observe/skew_sample.hpp"

namespace shardproof::sim {

/// "cluster", "zones", "zone 0.1", "racks", "rack 0.1.2" or the collection's full name.
std::string scope_name(const ScopeKey& scope, const ClusterTally& cluster);

/// One dimension's load on each member, in order of id.
using MemberLoads = std::vector<std::uint64_t>;
/// By dimension.
using DimensionLoads = std::array<MemberLoads, kSkewDimensions>;

/// Members, by their places among members, of each domain in order.
using DomainMembers = std::map<std::uint64_t, std::vector<std::size_t>>;
/// O(nodes log domains).
DomainMembers domain_members(const ClusterTally& cluster, DomainLevel level);

/// What is followed over time of one scope.
struct ScopeSample {
  ScopeKey scope;
  std::array<std::optional<SkewSample>, kSkewDimensions> of{};
};

/// Of one collection what the committed table says.
struct TableSample {
  std::optional<SkewSample> shards;
  std::optional<SkewSample> leaders;
};
/// By collection id. O(copies).
std::vector<TableSample> table_samples(const ClusterTally& cluster);

/// Of every scope but the cluster, ascending, the same ones as of `scoped_skews`. `members` are
/// what `cluster_loads` gives, `tables` what `table_samples` does. O(copies + nodes x collections),
/// as taking in a sample is.
std::vector<ScopeSample> scope_samples(const DimensionLoads& members,
                                       const std::vector<TableSample>& tables,
                                       const ClusterTally& cluster, const LoadTally& loads);

/// By kind of scope the largest max/mean of each dimension; of a kind without a scope nothing, of
/// scopes without a load in a dimension nothing there.
using WorstOfScopes =
    std::array<std::optional<std::array<std::optional<ExactValue>, kSkewDimensions>>,
               kSkewScopes.size()>;
/// O(samples).
WorstOfScopes worst_of(const std::vector<ScopeSample>& samples);

}  // namespace shardproof::sim
