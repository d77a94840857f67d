// SPDX-License-Identifier: Apache-2.0
#include "core/distribution/overload.hpp"

#include "core/base/wide.hpp"

namespace shardproof::distribution {
namespace {

/// `value * fraction`, rounded down, or the largest number there is if that is larger.
UInt128 part_of(UInt128 value, Ratio fraction) {
  const UInt128 most = ~static_cast<UInt128>(0);
  const UInt128 whole = value / fraction.denominator();
  if (fraction.is_zero()) return 0;
  if (whole > most / fraction.numerator()) return most;
  const UInt128 rest = value % fraction.denominator();
  return whole * fraction.numerator() + rest * fraction.numerator() / fraction.denominator();
}

}  // namespace

Holdings holdings_of(const ClusterView& view) {
  Holdings holdings;
  for (const NodeView& node : view.nodes) holdings.nodes.push_back({takes_copies(node)});
  for (const ShardView& shard : view.shards) {
    holdings.free_shards += is_movable(shard);
    for (const NodeId node : planned_copies(shard)) {
      holdings.nodes[node.value()].copies += 1;
      holdings.nodes[node.value()].bytes += shard.bytes.count();
    }
  }
  return holdings;
}

bool any_over_mean(const ClusterView& view, const Holdings& holdings, LoadMeasure measure,
                   Ratio fraction) {
  const std::vector<std::uint64_t> weights = node_weights(view);
  std::uint64_t amount = 0;
  std::uint64_t weight = 0;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    if (!holdings.nodes[i].takes_copies) continue;
    amount += holdings.nodes[i].amount(measure);
    weight += weights[i];
  }
  for (std::size_t i = 0; i < weights.size(); ++i) {
    if (!holdings.nodes[i].takes_copies) continue;
    // Both sides times the weight of all. What is held is whole, so rounding down the right side
    // changes nothing.
    const UInt128 share = static_cast<UInt128>(amount) * weights[i];
    const UInt128 held = static_cast<UInt128>(holdings.nodes[i].amount(measure)) * weight;
    if (held > share && held - share > part_of(share, fraction)) return true;
  }
  return false;
}

}  // namespace shardproof::distribution
