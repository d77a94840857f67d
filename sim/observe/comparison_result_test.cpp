// SPDX-License-Identifier: Apache-2.0
#include "sim/observe/comparison_result.hpp"

#include <gtest/gtest.h>

namespace shardproof::sim {
namespace {

using Values = std::vector<std::optional<double>>;

TEST(Comparison, PairsAreCountedSeedBySeedAndMissingValuesAreNone) {
  const auto difference = paired_difference({1, 5, 3, std::nullopt, 2}, {2, 4, 3, 1, std::nullopt});
  EXPECT_EQ(difference.lower, 1u);
  EXPECT_EQ(difference.higher, 1u);
  EXPECT_EQ(difference.same, 1u);
  EXPECT_DOUBLE_EQ(difference.p, 1);
}

TEST(Comparison, TheSignTestIsExact) {
  // Ten of ten: 2 / 2^10. Nine of ten: 2 (1 + 10) / 2^10. Eight: 2 (1 + 10 + 45) / 2^10.
  const auto p = [](std::size_t lower, std::size_t n) {
    Values a(n, 1);
    Values b(n, 2);
    for (std::size_t i = lower; i < n; ++i) b[i] = 0;
    return paired_difference(a, b).p;
  };
  EXPECT_DOUBLE_EQ(p(10, 10), 2.0 / 1024);
  EXPECT_DOUBLE_EQ(p(1, 10), 22.0 / 1024);
  EXPECT_DOUBLE_EQ(p(8, 10), 112.0 / 1024);
  EXPECT_DOUBLE_EQ(p(5, 5), 1.0 / 16);
  EXPECT_DOUBLE_EQ(p(3, 6), 1);
  EXPECT_NEAR(p(1000, 2000), 1, 1e-9);
  // Normal approximation: z = (1100 - 1000) / sqrt(500) = 4.47, p about 8e-6.
  EXPECT_NEAR(p(1100, 2000), 8.3e-6, 1e-6);
  EXPECT_TRUE(paired_difference(Values(6, 1), Values(6, 2)).is_significant());
  EXPECT_FALSE(paired_difference(Values(5, 1), Values(5, 2)).is_significant());
}

TEST(Comparison, NothingToCompareIsNoDifference) {
  EXPECT_DOUBLE_EQ(paired_difference({}, {}).p, 1);
  EXPECT_DOUBLE_EQ(paired_difference({1, 1}, {1, 1}).p, 1);
}

TEST(Comparison, TheMedianLeavesOutWhatIsMissing) {
  EXPECT_EQ(median_of({3, std::nullopt, 1, 2}), 2);
  EXPECT_EQ(median_of({4, 1}), 2.5);
  EXPECT_EQ(median_of({std::nullopt}), std::nullopt);
}

}  // namespace
}  // namespace shardproof::sim
