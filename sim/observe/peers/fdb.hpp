// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>

#include "core/base/units.hpp"

/// FoundationDB: for which reasons data was relocated, and the statistics of latencies that its
/// status has.
namespace shardproof::sim::peers {

/// What data distribution relocated shards for. FDB's reasons are finer where it moves for evenness
/// (by disk, by read load), and it has those of splits and merges, which are not made here.
struct Relocations {
  std::uint64_t rebalance = 0;
  std::uint64_t drain = 0;   ///< off servers that are to be excluded
  std::uint64_t domain = 0;  ///< teams that do not satisfy the replication policy
  std::uint64_t manual = 0;  ///< asked for
  std::uint64_t repair = 0;  ///< copies that were lost, made again
};

/// Of successful requests, by nearest rank; nothing without one.
struct Latencies {
  std::optional<Nanoseconds> p25{};
  std::optional<Nanoseconds> median{};
  std::optional<Nanoseconds> p90{};
  std::optional<Nanoseconds> p95{};
  std::optional<Nanoseconds> p99{};
  std::optional<Nanoseconds> max{};
};

}  // namespace shardproof::sim::peers
