// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/check.hpp"
#include "core/base/units.hpp"

namespace shardproof::distribution {

/// What a key map is built of.
struct KeyMapRequest {
  std::uint32_t nodes = 1;             ///< at least 1
  std::vector<std::uint64_t> weights;  ///< as many as nodes, above zero; empty: all equal
  std::uint32_t nodes_later = 0;       ///< the most that there will be, if that is known
  std::uint64_t keys = 0;              ///< how many are going to be placed
  std::uint64_t seed = 0;              ///< of the hashes of nodes
  /// Every option of the algorithm, by name, within its range.
  std::vector<std::pair<std::string_view, Ratio>> options;

  /// That there are at once, as far as is known.
  std::uint32_t nodes_max() const { return std::max(nodes, nodes_later); }
  std::uint64_t weight(std::uint32_t node) const { return weights.empty() ? 1 : weights[node]; }
  /// One for each node.
  std::vector<std::uint64_t> all_weights() const {
    return weights.empty() ? std::vector<std::uint64_t>(nodes, 1) : weights;
  }
  bool has_equal_weights() const {
    return std::all_of(weights.begin(), weights.end(),
                       [&](std::uint64_t weight) { return weight == weights.front(); });
  }

  Ratio ratio(std::string_view name) const {
    for (const auto& [option, value] : options) {
      if (option == name) return value;
    }
    SHARDPROOF_CHECK(false, "an option that the algorithm does not declare");
    return {};
  }
  /// Of an option that is a whole number.
  std::uint64_t number(std::string_view name) const { return ratio(name).of(1); }

  KeyMapRequest with_nodes(std::uint32_t count, std::vector<std::uint64_t> their_weights) const {
    KeyMapRequest changed = *this;
    changed.nodes = count;
    changed.weights = std::move(their_weights);
    return changed;
  }
};

}  // namespace shardproof::distribution
