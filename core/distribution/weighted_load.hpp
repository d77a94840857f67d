// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <cstdint>

#include "core/base/wide.hpp"

namespace shardproof::distribution {

/// A load on a weighted node, for comparing `amount / weight` exactly.
struct WeightedLoad {
  std::uint64_t amount = 0;
  std::uint64_t weight = 1;

  friend std::strong_ordering operator<=>(const WeightedLoad& a, const WeightedLoad& b) {
    return static_cast<UInt128>(a.amount) * b.weight <=> static_cast<UInt128>(b.amount) * a.weight;
  }
  friend bool operator==(const WeightedLoad& a, const WeightedLoad& b) { return (a <=> b) == 0; }
};

}  // namespace shardproof::distribution
