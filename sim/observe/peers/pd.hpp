// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "core/base/units.hpp"
#include "sim/observe/peers/figures.hpp"

/// TiKV's Placement Driver (tikv/pd): scores of stores and the checks of its simulator. `weight` is
/// above zero.
namespace shardproof::sim::peers {

/// (leader size or count + delta) / weight.
double leader_score(double leaders, double delta, double weight);

struct RegionSpace {
  Bytes capacity{};
  Bytes available{};
  Ratio low_space_ratio{8, 10};
  double weight = 1;
};

/// RegionScore v2 of a store whose regions have that size, in MiB. With C capacity and A available
/// space in GiB, F = max(50, C (1 - lowSpaceRatio)), K = 1, M = 256, B = 1e10, it is
///   R                                                    if A >= C or C < 1,
///   (K + M (ln C - ln(A - F + 1)) / (C - A + F - 1)) R   if A > F,
///   (K + M ln C / C) R + B (F - A) / F                   else,
/// over the weight: a store that fills up weighs more and more.
double region_score(double region_mib, const RegionSpace& space);

/// The simulator's isUniform: every load within 5 % of the mean. Nothing without a load.
std::optional<bool> is_uniform(Loads loads);

/// The simulator's check of hot regions: the difference of most and least is to be at most 2.
/// Nothing without a store.
std::optional<std::uint64_t> hot_difference(Loads hot_regions);

/// The simulator's check of imported data, written for ten stores: sum((p - 10)^2) / 100 over the
/// stores' percentages is to be below 0.01. Nothing of another number of stores, or without a load.
std::optional<double> import_deviation(Loads loads);

}  // namespace shardproof::sim::peers
