// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "sim/observe/peers/figures.hpp"

/// ScyllaDB's tablet load balancer: overcommit, how much more than its ideal share the fullest has.
namespace shardproof::sim::peers {

/// The largest load over its ideal, which is the total by capacity. Nothing without a load;
/// capacities above zero.
std::optional<double> overcommit(Loads loads, Loads capacities);

/// The worst overcommit of a table's nodes in a rack, where the ideal is what the rack holds of the
/// table over the rack's capacity. `tables` are bytes by node; `racks` one number for the rack of
/// each node. Nothing if no table holds anything. O(tables x nodes).
std::optional<double> table_overcommit(std::span<const std::vector<std::uint64_t>> tables,
                                       Loads capacities, Loads racks);

/// Overcommit over the states of a run: of the first with a load and the worst.
class OvercommitHistory {
 public:
  /// O(nodes).
  void add(Loads loads, Loads capacities);

  /// Nothing while there was no load.
  const std::optional<double>& init() const { return init_; }
  const std::optional<double>& worst() const { return worst_; }

 private:
  std::optional<double> init_;
  std::optional<double> worst_;
};

/// One tablet: its size, and how many nodes are to have it.
struct Tablet {
  std::uint64_t bytes = 0;
  std::uint32_t copies = 1;
};

/// best_shard_overcommit: the same of a packing that places the largest tablets first, each copy on
/// the node that is least full for its capacity and has none of it, the lowest of equals. What no
/// node can take is left out. As packing.hpp does it, without domains, and at its cost.
std::optional<double> best_overcommit(const std::vector<Tablet>& tablets, Loads capacities);

/// The loads of that packing.
std::vector<std::uint64_t> pack_largest_first(const std::vector<Tablet>& tablets, Loads capacities);

/// The balancer's stop rule (most - least) / most, to be below size_based_balance_threshold.
/// Nothing without a load.
std::optional<double> size_imbalance(Loads loads);

}  // namespace shardproof::sim::peers
