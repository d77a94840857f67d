// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <string_view>

namespace shardproof::sim {

/// What is counted on each node.
enum class SkewDimension : std::uint8_t {
  kShards,    ///< shard copies, in-sync or catching up
  kLeaders,   ///< shards led
  kBytes,     ///< of documents held
  kRequests,  ///< served
  kCpu,       ///< time that the processor was busy with inputs, in nanoseconds
};
inline constexpr std::size_t kSkewDimensions = 5;
/// "shards", "leaders", "bytes", "requests", "cpu".
std::string_view to_string(SkewDimension dimension);

/// The ways to say how uneven loads are, each defined at its member of `Skew`.
enum class SkewMeasure : std::uint8_t {
  kMaxOverMean,
  kMinOverMean,
  kRangeOverMean,
  kP99OverMean,
  kCv,
  kCvSample,
  kGini,
  kJain,
  kHoover,
  kTheil,
  kEntropy,
  kChiSquare,
  kOverChance,
};

struct SkewMeasureInfo {
  SkewMeasure measure;
  std::string_view name;  ///< "max_over_mean", ...
  /// Its logarithms are too dear for a sample: known at the end of the run only.
  bool is_costly = false;
  /// It compares with things thrown at random, so it says something of counts only.
  bool is_of_counts = false;
  /// Also reported of loads in relation to capacities.
  bool is_by_capacity = false;
  std::string_view definition;  ///< one line; "{}" stands for what the nodes have
};

inline constexpr std::array<SkewMeasureInfo, 13> kSkewMeasures = {{
    {SkewMeasure::kMaxOverMean, "max_over_mean", false, false, true,
     "most {} by a member over the mean"},
    {SkewMeasure::kMinOverMean, "min_over_mean", false, false, false,
     "least {} by a member over the mean"},
    {SkewMeasure::kRangeOverMean, "range_over_mean", false, false, false,
     "difference of most and least {} by a member over the mean"},
    {SkewMeasure::kP99OverMean, "p99_over_mean", false, false, false,
     "99th percentile (nearest rank) of {} over the mean"},
    {SkewMeasure::kCv, "cv", false, false, true, "coefficient of variation (population) of {}"},
    {SkewMeasure::kCvSample, "cv_sample", false, false, false,
     "coefficient of variation (sample) of {}"},
    {SkewMeasure::kGini, "gini", false, false, true, "Gini coefficient of {} over members"},
    {SkewMeasure::kJain, "jain", false, false, false,
     "Jain's index of {}: 1 is even, 1/n is all on one of n members"},
    {SkewMeasure::kHoover, "hoover", false, false, false,
     "Hoover's index of {}: the part that would have to move to be even"},
    {SkewMeasure::kTheil, "theil", true, false, false,
     "Theil's index of {}: 0 is even, ln n is all on one of n members"},
    {SkewMeasure::kEntropy, "entropy", true, false, false,
     "entropy of {} over ln n: 1 is even, 0 is all on one member"},
    {SkewMeasure::kChiSquare, "chi_square", false, true, false,
     "chi-square of {} against equal chances, of n - 1 degrees of freedom"},
    {SkewMeasure::kOverChance, "over_chance", false, true, false,
     "squared cv of {} over what equal chances give, (n - 1) / total"},
}};

/// Whether the measure says something of that dimension.
constexpr bool has_measure(SkewDimension dimension, const SkewMeasureInfo& info) {
  const bool is_count = dimension != SkewDimension::kBytes && dimension != SkewDimension::kCpu;
  return !info.is_of_counts || is_count;
}

/// Among whom it is measured.
enum class SkewScope : std::uint8_t {
  kCluster,
  kBetweenZones,  ///< what the zones have for each of their members
  kWithinZone,
  kBetweenRacks,
  kWithinRack,
  kWithinCollection,  ///< all members, what they have of one collection
};

/// One of the scopes in which skew is measured, for as long as the run lasts. Ordered as
/// `scoped_skews` lists them.
struct ScopeKey {
  SkewScope kind = SkewScope::kCluster;
  std::uint64_t key = 0;  ///< `domain_key` of a zone or rack, a collection's id, or zero

  friend auto operator<=>(const ScopeKey&, const ScopeKey&) = default;
};

/// "cluster", "between_zones", ..., as of `kSkewScopes`.
std::string_view to_string(SkewScope scope);

struct SkewScopeInfo {
  SkewScope scope;
  std::string_view name;        ///< "cluster", "between_zones", ...
  std::string_view definition;  ///< of max_over_mean, as of a measure
};

inline constexpr std::array<SkewScopeInfo, 6> kSkewScopes = {{
    {SkewScope::kCluster, "cluster", "most {} by a member over the mean"},
    {SkewScope::kBetweenZones, "between_zones",
     "most {} for each member of a zone over the mean of the zones"},
    {SkewScope::kWithinZone, "within_zone",
     "most {} by a member over its zone's mean, in the worst zone"},
    {SkewScope::kBetweenRacks, "between_racks",
     "most {} for each member of a rack over the mean of the racks"},
    {SkewScope::kWithinRack, "within_rack",
     "most {} by a member over its rack's mean, in the worst rack"},
    {SkewScope::kWithinCollection, "within_collection",
     "most {} by a member over the mean, of the collection that is worst"},
}};

}  // namespace shardproof::sim
