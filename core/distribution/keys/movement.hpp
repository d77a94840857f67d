// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace shardproof::distribution {

/// How many of `keys` each of the nodes 0..nodes_after-1 is to hold: in proportion to its weight
/// (empty: equal), rounded down or up, and up first where a node holds more than its share rounded
/// down (`held`, by node; nodes beyond its end hold nothing), then on lower nodes. O(n).
std::vector<std::uint64_t> balanced_targets(std::uint64_t keys, std::span<const std::uint64_t> held,
                                            std::uint32_t nodes_after,
                                            std::span<const std::uint64_t> weights_after);

/// The least number of keys that have to move so that nodes 0..nodes_after-1 hold all of them in
/// proportion to their weights (empty: equal), each a whole number of keys at most one from its
/// share. `counts` are the keys of each node before; nodes beyond `nodes_after` give up all, new
/// ones begin with none.
///
/// With t_i the share rounded down or up, and up where most is saved, it is the sum of
/// max(0, a_i - t_i). O(n).
std::uint64_t least_moved(std::span<const std::uint64_t> counts, std::uint32_t nodes_after,
                          std::span<const std::uint64_t> weights_after);

}  // namespace shardproof::distribution
