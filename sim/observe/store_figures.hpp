// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/ids.hpp"
#include "sim/observe/cluster_tally.hpp"
#include "sim/observe/exact_value.hpp"
#include "sim/observe/load_tally.hpp"
#include "sim/observe/store_tally.hpp"

namespace shardproof::sim {

/// One member as asim prints a store. Rates are of the last 64 samples, counts of the run.
struct StoreFigures {
  NodeId node;
  std::optional<ExactValue> qps{};  ///< requests served, a second; nothing if no time has passed
  std::optional<ExactValue> cpu{};  ///< nanoseconds of the processor that were used, a second
  std::optional<ExactValue> cpu_util{};  ///< the same over its capacity, of one processor
  std::optional<ExactValue> write_bytes_per_second{};
  std::uint64_t replicas = 0;
  std::uint64_t leases = 0;
  StoreTally::Store counts{};
  std::optional<ExactValue> disk_fraction_used{};  ///< nothing of an unlimited disk
};

/// Of every member, in order of id. O(nodes).
std::vector<StoreFigures> store_figures(const ClusterTally& cluster, const LoadTally& loads,
                                        const StoreTally& stores, Instant now);

inline constexpr std::size_t kStoreFigures = 15;
using NamedStoreFigures =
    std::array<std::pair<std::string_view, std::optional<ExactValue>>, kStoreFigures>;
/// All figures of a store, by the names that asim has for them, in its order.
NamedStoreFigures named_figures(const StoreFigures& store);

}  // namespace shardproof::sim
