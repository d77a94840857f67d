// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>

#include "core/base/units.hpp"
#include "sim/observe/flow_tally.hpp"
#include "sim/observe/peers/figures.hpp"

/// TiKV's Placement Driver (tikv/pd): scores of stores and the checks of its simulator. `weight` is
/// above zero.
namespace shardproof::sim::peers {

/// (leader size or count + delta) / weight.
double leader_score(double leaders, double delta, double weight);

/// RegionScore v2 of a store whose regions hold so much, with lowSpaceRatio 0.8: that of
/// core/distribution/rebalance/region_score.hpp in PD's unit, over the weight.
double region_score(Bytes regions, Bytes capacity, Bytes available, double weight);

/// Where a store stands, by the labels region, zone, rack and host: one number for the domain of
/// each level, and its own for the host.
using Location = std::array<std::uint64_t, 4>;

/// DistinctScore: how distinct a store is from others that hold copies of the same region. Over
/// these the sum of 100^(labels - i - 1), where label i is the first in which they differ; nothing
/// for one at the same location. Source: tikv/pd, server/core/store.go.
std::uint64_t distinct_score(std::span<const Location> others, const Location& store);

/// The simulator's isUniform: every load within 5 % of the mean. Nothing without a load.
std::optional<bool> is_uniform(Loads loads);

/// Whether a region is hot: by any of requests, documents and bytes a second no colder than PD's
/// MinHotThresholds, which are 128, 128 and 8 KiB of reads, 32, 32 and 1 KiB of writes. (Where a
/// store has 60 hot peers or more PD asks for more of them.) `window` is above zero. Source:
/// tikv/pd, pkg/statistics/utils/constant.go.
bool is_hot_read(const FlowTally::ShardFlow& flow, Nanoseconds window);
bool is_hot_write(const FlowTally::ShardFlow& flow, Nanoseconds window);

/// The simulator's check of hot regions, of the stores' numbers of their leaders or peers: the
/// difference of most and least is to be at most 2 (of reads below 2). Nothing without a store.
/// Source: tikv/pd, tools/pd-simulator/simulator/cases/hot_read.go and hot_write.go.
std::optional<std::uint64_t> hot_difference(Loads hot_regions);

/// The simulator's check of imported data, written for ten stores: sum((p - 10)^2) / 100 over the
/// stores' percentages is to be below 0.01. Nothing of another number of stores, or without a load.
std::optional<double> import_deviation(Loads loads);

}  // namespace shardproof::sim::peers
