// SPDX-License-Identifier: Apache-2.0
#include "core/distribution/apportionment.hpp"

#include <algorithm>
#include <queue>

#include "core/base/check.hpp"
#include "core/base/wide.hpp"

namespace shardproof::distribution {
namespace {

/// How many units the claim may get without passing the level.
std::uint64_t units_within(const WeightedLoad& level, const Claim& claim) {
  const UInt128 whole = static_cast<UInt128>(level.amount) * claim.weight / level.weight;
  return static_cast<std::uint64_t>(std::min<UInt128>(whole, claim.most));
}

std::uint64_t left_over(std::uint64_t amount, const std::vector<Portion>& portions) {
  for (const Portion& portion : portions) amount -= portion.floor;
  return amount;
}

/// Raises the floors to the lowest level at which enough claims may be rounded up. All that stand
/// level rise together, so that who is rounded up stays open.
void raise_floors(std::uint64_t left, const std::vector<Claim>& claims,
                  const std::vector<std::uint64_t>& most, std::vector<Portion>& portions) {
  auto open = static_cast<std::uint64_t>(std::count_if(
      portions.begin(), portions.end(), [](const Portion& each) { return each.may_round_up; }));
  while (open < left) {
    std::vector<std::size_t> lowest;
    for (std::size_t i = 0; i < claims.size(); ++i) {
      if (portions[i].floor == most[i]) continue;
      const WeightedLoad level{portions[i].floor + 1, claims[i].weight};
      if (!lowest.empty()) {
        const WeightedLoad least{portions[lowest.front()].floor + 1, claims[lowest.front()].weight};
        if (least < level) continue;
        if (level < least) lowest.clear();
      }
      lowest.push_back(i);
    }
    SHARDPROOF_CHECK(!lowest.empty() && lowest.size() <= left);
    for (const std::size_t claim : lowest) {
      Portion& portion = portions[claim];
      ++portion.floor;
      portion.may_round_up = portion.floor < most[claim];
      if (!portion.may_round_up) --open;
    }
    left -= lowest.size();
  }
}

}  // namespace

std::vector<Portion> rounded_shares(std::uint64_t amount, const std::vector<Claim>& claims) {
  UInt128 weight = 0;
  for (const Claim& claim : claims) weight += claim.weight;
  std::vector<Portion> portions;
  for (const Claim& claim : claims) {
    const UInt128 scaled = static_cast<UInt128>(amount) * claim.weight;
    portions.push_back({static_cast<std::uint64_t>(scaled / weight), scaled % weight != 0});
  }
  return portions;
}

WeightedLoad least_largest_part(std::uint64_t amount, const std::vector<Claim>& claims) {
  struct Next {
    WeightedLoad level;
    std::size_t claim;
    bool operator<(const Next& other) const { return other.level < level; }
  };
  const std::vector<Portion> portions = rounded_shares(amount, claims);
  std::priority_queue<Next> queue;
  const auto add = [&](std::size_t claim, std::uint64_t units) {
    if (units <= claims[claim].most) queue.push({{units, claims[claim].weight}, claim});
  };
  WeightedLoad level;
  for (std::size_t i = 0; i < claims.size(); ++i) {
    level = std::max(level, {portions[i].floor, claims[i].weight});
    add(i, portions[i].floor + 1);
  }
  for (std::uint64_t left = left_over(amount, portions); left > 0; --left) {
    SHARDPROOF_CHECK(!queue.empty(), "the claims cannot take the amount");
    const Next next = queue.top();
    queue.pop();
    level = next.level;
    add(next.claim, next.level.amount + 1);
  }
  return level;
}

std::vector<Portion> apportion(std::uint64_t amount, const std::vector<Claim>& claims) {
  std::vector<Portion> portions = rounded_shares(amount, claims);
  const std::uint64_t left = left_over(amount, portions);
  if (left == 0) return portions;
  const WeightedLoad level = least_largest_part(amount, claims);
  std::vector<std::uint64_t> most;
  for (std::size_t i = 0; i < claims.size(); ++i) {
    most.push_back(units_within(level, claims[i]));
    portions[i].may_round_up = most[i] > portions[i].floor;
  }
  raise_floors(left, claims, most, portions);
  return portions;
}

}  // namespace shardproof::distribution
