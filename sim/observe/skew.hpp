// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "sim/observe/exact_value.hpp"
#include "sim/observe/skew_measures.hpp"
#include "sim/observe/skew_over_time.hpp"

namespace shardproof::sim {

/// How uneven loads x_1..x_n with total T and mean m = T / n are; x_(1) <= .. <= x_(n).
struct Skew {
  ExactValue max_over_mean;    ///< x_(n) / m: peak to average
  ExactValue min_over_mean;    ///< x_(1) / m
  ExactValue range_over_mean;  ///< (x_(n) - x_(1)) / m
  ExactValue p99_over_mean;    ///< x_(i) / m with i = ceil(0.99 n), the nearest rank
  ExactValue cv;      ///< coefficient of variation, of the population: sqrt(mean((x_i - m)^2)) / m
  ExactValue gini;    ///< sum_i (2i - n - 1) x_(i) / (n T)
  ExactValue jain;    ///< T^2 / (n sum_i x_i^2) = 1 / (1 + cv^2)
  ExactValue hoover;  ///< sum_i |x_i - m| / (2 T)
  /// sqrt(sum_i (x_i - m)^2 / (n - 1)) / m; nothing of a single node.
  std::optional<ExactValue> cv_sample{};
  /// sum_i (x_i - m)^2 / m: chi-square with n - 1 degrees of freedom, if T things were thrown at n
  /// nodes with equal chances. Nothing if the loads had to be halved.
  std::optional<ExactValue> chi_square{};
  /// chi_square / (n - 1) = cv^2 over its expectation (n - 1) / T; nothing of a single node.
  std::optional<ExactValue> over_chance{};
  /// sum_i p_i ln(n p_i) with p_i = x_i / T, that is ln n - H; to 2^-46. Only if asked for.
  std::optional<ExactValue> theil{};
  /// H / ln n with H = - sum_i p_i ln p_i; to 2^-46. Only if asked for, and not of a single node.
  std::optional<ExactValue> entropy{};
};

/// Whether to take the logarithms too: 100 ns for each node.
enum class SkewDetail : std::uint8_t { kSums, kLogarithms };

/// From integer sums, so exact but for the logarithms; nothing if there is no node or no load.
/// Loads are halved together until n T^2 fits into 128 bits, which leaves them exact up to 2^57
/// bytes on 2^14 nodes. O(n log n).
std::optional<Skew> skew_of(std::span<const std::uint64_t> loads,
                            SkewDetail detail = SkewDetail::kSums);

/// One of its figures; nothing if that has none.
std::optional<ExactValue> figure_of(const Skew& skew, SkewMeasure measure);

/// The same of x_i / w_i, so that a node of twice the capacity may hold twice as much; `weights`
/// all above zero. Loads are scaled to the largest weight, x_i * w_max / w_i, with at least 50
/// bits, and rounded down; they are no counts any more, so there is no chi-square.
std::optional<Skew> weighted_skew_of(std::span<const std::uint64_t> loads,
                                     std::span<const std::uint64_t> weights,
                                     SkewDetail detail = SkewDetail::kSums);

/// Skew of every dimension among some: logarithms included.
struct ScopedSkew {
  ScopeKey key{};
  /// "cluster", "zones", "zone 0.1", "racks", "rack 0.1.2" or the collection's full name.
  std::string scope{};
  std::array<std::optional<Skew>, kSkewDimensions> of{};
  /// In relation to the nodes' disks (shards, bytes) and processors (leaders, requests); nothing if
  /// one of them is unlimited or unknown. Of cluster and collections only.
  std::array<std::optional<Skew>, kSkewDimensions> by_capacity{};
  /// From sample to sample; of a finished run only.
  std::array<SkewTimes, kSkewDimensions> over_time{};
};

}  // namespace shardproof::sim
