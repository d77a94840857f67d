// SPDX-License-Identifier: Apache-2.0
#include "core/distribution/overload.hpp"

#include <algorithm>

#include "core/base/check.hpp"
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

std::string_view to_string(LoadMeasure measure) {
  switch (measure) {
    case LoadMeasure::Copies: return "copies";
    case LoadMeasure::Leaders: return "leaders";
    case LoadMeasure::Bytes: return "bytes";
    case LoadMeasure::Requests: return "requests";
    case LoadMeasure::Cpu: return "cpu";
  }
  return "?";
}

std::uint64_t Holding::amount(LoadMeasure measure) const {
  switch (measure) {
    case LoadMeasure::Copies: return copies;
    case LoadMeasure::Leaders: return leaders;
    case LoadMeasure::Bytes: return bytes;
    case LoadMeasure::Requests: return requests;
    case LoadMeasure::Cpu: return inputs;
  }
  SHARDPROOF_CHECK(false);
}

bool call_for_the_same(const Holdings& a, const Holdings& b,
                       const std::vector<LoadMeasure>& measures) {
  if (a.free_shards != b.free_shards) return false;
  return std::equal(a.nodes.begin(), a.nodes.end(), b.nodes.begin(), b.nodes.end(),
                    [&](const Holding& mine, const Holding& other) {
                      if (mine.takes_copies != other.takes_copies) return false;
                      return std::all_of(measures.begin(), measures.end(), [&](LoadMeasure each) {
                        return mine.amount(each) == other.amount(each);
                      });
                    });
}

Holdings holdings_of(const ClusterView& view) {
  Holdings holdings;
  for (const NodeView& node : view.nodes) holdings.nodes.push_back({takes_copies(node)});
  for (const ShardView& shard : view.shards) {
    holdings.free_shards += is_movable(shard);
    const NodeId leader = planned_leader(shard);
    if (leader.has_value()) {
      holdings.nodes[leader.value()].leaders += 1;
      holdings.nodes[leader.value()].requests += shard.requests_per_second;
    }
    for (const NodeId node : planned_copies(shard)) {
      holdings.nodes[node.value()].copies += 1;
      holdings.nodes[node.value()].bytes += shard.bytes.count();
      holdings.nodes[node.value()].inputs += shard.cpu.of(node == leader);
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
