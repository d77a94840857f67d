// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sim/observe/skew.hpp"

namespace shardproof::sim {

/// What moved when the number of nodes changed.
struct KeyMovement {
  double moved = 0;
  double between_old = 0;  ///< of those from a node that stays to another that was there before
  double minimum = 0;      ///< to reach balance from these counts
  std::vector<std::uint64_t> counts_after;
};

/// How one algorithm spread keys over nodes, and what moved when their number changed. Figures of
/// skew, movement and time are means over `seeds` seeds; counts and shares are those of the first.
struct AlgorithmPlacement {
  std::string algorithm;
  std::vector<std::uint64_t> counts;  ///< keys of each node; empty if shares were asked for
  std::vector<std::uint64_t> shares;  ///< of the key space, in 2^-64; empty if counts were
  double max_over_mean = 0;
  double min_over_mean = 0;
  double cv = 0;
  double gini = 0;
  std::optional<KeyMovement> movement;  ///< only where the number of nodes changes
  std::uint64_t table_bytes = 0;
  double build_ns = 0;
  double lookup_ns = 0;  ///< of one key
};

/// What `shardproof place` found.
struct PlacementResult {
  std::uint64_t keys = 0;
  std::uint32_t nodes = 0;
  std::optional<std::uint32_t> nodes_after;
  std::uint64_t seeds = 1;
  bool is_of_shares = false;
  std::vector<AlgorithmPlacement> placements;
  std::vector<std::string> left_out;  ///< why some of all algorithms are not there, a line each
};

}  // namespace shardproof::sim
