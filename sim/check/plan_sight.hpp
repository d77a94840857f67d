// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <utility>

#include "core/base/wide.hpp"
#include "core/facts.hpp"

namespace shardproof::sim::check {

/// Whether no node that takes copies has so many that another one, with `gap` more, would have
/// fewer per weight. O(nodes).
inline bool are_counts_within(const fact::PlanBasis& basis, std::uint32_t gap) {
  const auto& nodes = basis.holdings.nodes;
  const auto heat = [&](std::size_t node, std::uint64_t more) {
    return std::pair<UInt128, UInt128>(nodes[node].copies + more, basis.weights[node]);
  };
  const auto is_less = [](const auto& a, const auto& b) {
    return a.first * b.second < b.first * a.second;
  };
  bool is_first = true;
  std::pair<UInt128, UInt128> hottest;
  std::pair<UInt128, UInt128> coldest;
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    if (!nodes[i].takes_copies) continue;
    if (is_first || is_less(hottest, heat(i, 0))) hottest = heat(i, 0);
    if (is_first || is_less(heat(i, gap), coldest)) coldest = heat(i, gap);
    is_first = false;
  }
  return is_first || !is_less(coldest, hottest);
}

/// Whether the bytes of every node that takes copies are within `band` of its share, by weight, of
/// what they have together, and not just so: `margin` bytes more or fewer must not matter.
/// O(nodes).
inline bool are_bytes_within(const fact::PlanBasis& basis, Ratio band, std::uint64_t margin) {
  const auto& nodes = basis.holdings.nodes;
  UInt128 bytes = 0;
  UInt128 weight = 0;
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    if (!nodes[i].takes_copies) continue;
    bytes += nodes[i].bytes;
    weight += basis.weights[i];
  }
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    if (!nodes[i].takes_copies) continue;
    // Everything times the weight of all, so that nothing is rounded.
    const UInt128 held = nodes[i].bytes * weight;
    const UInt128 share = bytes * basis.weights[i];
    if (held == share) continue;
    const UInt128 distance = (held > share ? held - share : share - held) + margin * weight;
    if (distance * band.denominator() > share * band.numerator()) return false;
  }
  return true;
}

/// Whether a node that takes copies has more than its share of a measure, by weight, and that part
/// of it. O(nodes).
inline bool is_any_over(const fact::PlanBasis& basis, distribution::LoadMeasure measure,
                        Ratio excess) {
  const auto& nodes = basis.holdings.nodes;
  UInt128 all = 0;
  UInt128 weight = 0;
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    if (!nodes[i].takes_copies) continue;
    all += nodes[i].amount(measure);
    weight += basis.weights[i];
  }
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    if (!nodes[i].takes_copies) continue;
    const UInt128 share = all * basis.weights[i];
    const UInt128 mine = nodes[i].amount(measure) * weight;
    if (mine <= share) continue;
    if ((mine - share) * excess.denominator() > share * excess.numerator()) return true;
  }
  return false;
}

}  // namespace shardproof::sim::check
