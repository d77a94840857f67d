// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "core/distribution/weighted_load.hpp"

namespace shardproof::distribution {

/// One who takes a part of an amount of whole units.
struct Claim {
  std::uint64_t weight = 1;  ///< at least 1
  std::uint64_t most = 0;    ///< units that it can take
};

/// What a claim is to get: `floor` units, or one more.
struct Portion {
  std::uint64_t floor = 0;
  bool may_round_up = false;

  friend bool operator==(const Portion&, const Portion&) = default;
};

/// Shares `amount` units among the claims so that the largest part by weight is as small as whole
/// units allow, and leaves open all else that may be: whoever rounds up as many portions as there
/// are units left over the floors gets a sum that is right and a largest part that no other sharing
/// is below. The least largest part is that of Jefferson's method (highest averages; Balinski and
/// Young, Fair Representation, 1982, chapter 3). Where shares are large that leaves each claim its
/// exact share, rounded down or up; where they are below one or two units a small claim may get
/// nothing, and a large one more than its share rounded up.
///
/// The claims' exact shares by weight are at most what each can take. O(n log n) for n claims, and
/// O(n) for each unit that somebody gets above its share rounded up, n of these at most.
std::vector<Portion> apportion(std::uint64_t amount, const std::vector<Claim>& claims);

/// The least largest part by weight: units, and the weight of a claim that gets them. The claims'
/// exact shares are at most what each can take. O(n log n).
WeightedLoad least_largest_part(std::uint64_t amount, const std::vector<Claim>& claims);

/// Each claim its exact share, rounded down or up, whatever that makes the largest. O(n).
std::vector<Portion> rounded_shares(std::uint64_t amount, const std::vector<Claim>& claims);

}  // namespace shardproof::distribution
