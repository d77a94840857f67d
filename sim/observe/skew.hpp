// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "sim/observe/exact_value.hpp"

namespace shardproof::sim {

/// What is counted on each node.
enum class SkewDimension : std::uint8_t {
  kShards,    ///< shard copies, in-sync or catching up
  kLeaders,   ///< shards led
  kBytes,     ///< of documents held
  kRequests,  ///< served
};
inline constexpr std::size_t kSkewDimensions = 4;
/// "shards", "leaders", "bytes", "requests".
std::string_view to_string(SkewDimension dimension);

/// How uneven loads x_1..x_n with total T and mean m = T / n are.
struct Skew {
  ExactValue max_over_mean;  ///< max x_i / m
  ExactValue min_over_mean;  ///< min x_i / m
  ExactValue cv;    ///< coefficient of variation, of the population: sqrt(mean((x_i - m)^2)) / m
  ExactValue gini;  ///< sum_i (2i - n - 1) x_(i) / (n T), with x_(1) <= .. <= x_(n)
};

/// From integer sums, so exact; nothing if there is no node or no load. Loads are halved together
/// until n T^2 fits into 128 bits, which leaves them exact up to 2^57 bytes on 2^14 nodes.
/// O(n log n).
std::optional<Skew> skew_of(std::span<const std::uint64_t> loads);

/// The same of x_i / w_i, so that a node of twice the capacity may hold twice as much; `weights`
/// all above zero. Loads are scaled to the largest weight, x_i * w_max / w_i, and rounded down.
std::optional<Skew> weighted_skew_of(std::span<const std::uint64_t> loads,
                                     std::span<const std::uint64_t> weights);

/// Skew of every dimension within one scope: the whole cluster or one collection.
struct ScopedSkew {
  std::string scope;  ///< "cluster", or the collection's full name
  std::array<std::optional<Skew>, kSkewDimensions> of{};
  /// By the nodes' disks; nothing if a node's is unlimited.
  std::optional<Skew> bytes_by_capacity;
};

}  // namespace shardproof::sim
