// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "core/distribution/rebalance/draft.hpp"

namespace shardproof::distribution {

/// The measures of load, in the order of LoadMeasure.
inline constexpr std::array kLoadMeasures{LoadMeasure::Copies, LoadMeasure::Leaders,
                                          LoadMeasure::Bytes, LoadMeasure::Requests,
                                          LoadMeasure::Cpu};

/// A step between two nodes for evenness: a copy goes from source to target, maybe another one
/// comes back for it, or leadership alone goes.
struct Shift {
  NodeId source{};
  NodeId target{};
  CopyIndex copy = 0;
  std::optional<CopyIndex> back{};  ///< of another shard
  bool leadership_only = false;     ///< `copy` leads, `target` has another one of its shard

  /// What the target has more of the measure afterwards, and the source less.
  std::int64_t amount(const Draft& draft, LoadMeasure measure) const;
  /// Whether it is legal and leaves failure domains as distinct as they are. O(R).
  bool is_legal(const Draft& draft) const;
  /// Copied for it.
  std::uint64_t bytes(const Draft& draft) const;
  void carry_out(Draft& draft) const;
};

}  // namespace shardproof::distribution
