// SPDX-License-Identifier: Apache-2.0
//
// Apportionment against trying all ways to share.

#include <algorithm>
#include <numeric>
#include <optional>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "core/distribution/apportionment.hpp"

namespace shardproof::distribution {
namespace {

/// Tries every way to share an amount.
class AllSharings {
 public:
  explicit AllSharings(std::vector<Claim> claims) : claims_(std::move(claims)) {
    product_ = 1;
    for (const Claim& claim : claims_) product_ = std::lcm(product_, claim.weight);
  }

  /// The largest part by weight, as a multiple of one over a number common to all.
  std::uint64_t largest(const std::vector<std::uint64_t>& parts) const {
    std::uint64_t most = 0;
    for (std::size_t i = 0; i < parts.size(); ++i) {
      most = std::max(most, parts[i] * (product_ / claims_[i].weight));
    }
    return most;
  }

  std::uint64_t least_largest(std::uint64_t amount) {
    best_.reset();
    parts_.clear();
    share(amount);
    return best_.value();
  }

 private:
  void share(std::uint64_t left) {
    if (parts_.size() == claims_.size()) {
      if (left == 0) best_ = std::min(best_.value_or(largest(parts_)), largest(parts_));
      return;
    }
    for (std::uint64_t part = 0; part <= std::min(left, claims_[parts_.size()].most); ++part) {
      parts_.push_back(part);
      share(left - part);
      parts_.pop_back();
    }
  }

  std::vector<Claim> claims_;
  std::uint64_t product_ = 1;
  std::vector<std::uint64_t> parts_;
  std::optional<std::uint64_t> best_;
};

/// Claims of which none has a larger share than it can take.
std::vector<Claim> any_claims(std::uint64_t amount) {
  const auto weights = *rc::gen::resize(
      5,
      rc::gen::nonEmpty(rc::gen::container<std::vector<std::uint64_t>>(
          rc::gen::weightedOneOf<std::uint64_t>({{2, rc::gen::inRange<std::uint64_t>(1, 4)},
                                                 {1, rc::gen::inRange<std::uint64_t>(4, 30)}}))));
  const std::uint64_t all = std::accumulate(weights.begin(), weights.end(), std::uint64_t{0});
  std::vector<Claim> claims;
  for (const std::uint64_t weight : weights) {
    const std::uint64_t share = (amount * weight + all - 1) / all;
    claims.push_back({weight, share + *rc::gen::inRange<std::uint64_t>(0, 6)});
  }
  return claims;
}

RC_GTEST_PROP(ApportionmentProperty, NoSharingHasASmallerLargestPart, ()) {
  const auto amount = *rc::gen::inRange<std::uint64_t>(0, 14);
  const std::vector<Claim> claims = any_claims(amount);
  const std::vector<Portion> portions = apportion(amount, claims);
  RC_ASSERT(portions.size() == claims.size());

  std::uint64_t left = amount;
  std::vector<std::size_t> open;
  for (std::size_t i = 0; i < portions.size(); ++i) {
    RC_ASSERT(portions[i].floor <= left);
    left -= portions[i].floor;
    if (portions[i].may_round_up) open.push_back(i);
  }
  RC_ASSERT(left <= open.size());

  // Whoever is rounded up: the first of them, or the last.
  for (const bool last : {false, true}) {
    std::vector<std::uint64_t> parts;
    for (const Portion& portion : portions) parts.push_back(portion.floor);
    if (last) std::reverse(open.begin(), open.end());
    for (std::size_t i = 0; i < left; ++i) ++parts[open[i]];
    for (std::size_t i = 0; i < parts.size(); ++i) RC_ASSERT(parts[i] <= claims[i].most);
    AllSharings all(claims);
    RC_ASSERT(all.largest(parts) == all.least_largest(amount));
  }
}

}  // namespace
}  // namespace shardproof::distribution
