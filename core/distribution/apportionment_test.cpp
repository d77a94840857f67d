// SPDX-License-Identifier: Apache-2.0
#include "core/distribution/apportionment.hpp"

#include <gtest/gtest.h>

namespace shardproof::distribution {
namespace {

using Portions = std::vector<Portion>;

/// Claims of these weights that could take everything.
std::vector<Claim> claims(std::initializer_list<std::uint64_t> weights) {
  std::vector<Claim> all;
  for (const std::uint64_t weight : weights) all.push_back({weight, 1'000});
  return all;
}

TEST(ApportionmentTest, EqualClaimsAreFreeToRoundUp) {
  EXPECT_EQ(apportion(7, claims({5, 5, 5})), (Portions{{2, true}, {2, true}, {2, true}}));
  EXPECT_EQ(apportion(6, claims({5, 5, 5})), (Portions{{2, false}, {2, false}, {2, false}}));
}

TEST(ApportionmentTest, WholeSharesAreGivenExactly) {
  EXPECT_EQ(apportion(8, claims({1, 3})), (Portions{{2, false}, {6, false}}));
  EXPECT_EQ(apportion(0, claims({1, 3})), (Portions{{0, false}, {0, false}}));
}

// One unit would be 4.4 of the small one's share of 0.23; ten are 1.02 of the large one's 9.77.
TEST(ApportionmentTest, AClaimToMuchLessThanAUnitGetsNone) {
  EXPECT_EQ(apportion(10, claims({1, 43})), (Portions{{0, false}, {9, true}}));
}

// Shares 0.4 (five times) and 8: for one unit a small one would be at 2.5; ten are 1.25 of 8.
TEST(ApportionmentTest, ALargeClaimTakesMoreThanItsShareRoundedUp) {
  EXPECT_EQ(apportion(10, claims({1, 1, 1, 1, 1, 20})),
            (Portions{{0, false}, {0, false}, {0, false}, {0, false}, {0, false}, {9, true}}));
}

// Shares 10 (three times) and 0.25 (four times): one unit more than 10 is 1.1, for a small one 4.
TEST(ApportionmentTest, ThoseThatStandLevelStayFreeToRoundUp) {
  EXPECT_EQ(
      apportion(31, claims({40, 40, 40, 1, 1, 1, 1})),
      (Portions{
          {10, true}, {10, true}, {10, true}, {0, false}, {0, false}, {0, false}, {0, false}}));
}

TEST(ApportionmentTest, NobodyGetsMoreThanItCanTake) {
  std::vector<Claim> bounded = claims({1, 1, 20});
  bounded[2].most = 9;
  EXPECT_EQ(apportion(10, bounded), (Portions{{0, true}, {0, true}, {9, false}}));
}

TEST(ApportionmentTest, RoundedSharesLeaveAllFractionsOpen) {
  EXPECT_EQ(rounded_shares(10, claims({1, 43})), (Portions{{0, true}, {9, true}}));
}

}  // namespace
}  // namespace shardproof::distribution
