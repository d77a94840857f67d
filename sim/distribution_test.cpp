// SPDX-License-Identifier: Apache-2.0
#include "sim/distribution.hpp"

#include <algorithm>
#include <vector>

#include <gtest/gtest.h>

namespace shardproof::sim {
namespace {

constexpr int kDraws = 100'001;

std::vector<std::int64_t> sorted_draws(const DelayDistribution& distribution) {
  Random random(7);
  std::vector<std::int64_t> draws;
  for (int i = 0; i < kDraws; ++i) draws.push_back(sample(distribution, random).count());
  std::sort(draws.begin(), draws.end());
  return draws;
}

std::int64_t quantile(const std::vector<std::int64_t>& sorted, std::size_t percent) {
  return sorted[(sorted.size() - 1) * percent / 100];
}

double average(const std::vector<std::int64_t>& values) {
  double sum = 0;
  for (const std::int64_t value : values) sum += static_cast<double>(value);
  return sum / static_cast<double>(values.size());
}

TEST(Distribution, ConstantDrawsNothing) {
  Random random(1);
  const Random before = random;
  EXPECT_EQ(sample(DelayDistribution::constant(milliseconds(3)), random), milliseconds(3));
  EXPECT_EQ(random, before);
}

TEST(Distribution, UniformReachesBothEnds) {
  const auto draws = sorted_draws(DelayDistribution::uniform(nanoseconds(5), nanoseconds(9)));
  EXPECT_EQ(draws.front(), 5);
  EXPECT_EQ(draws.back(), 9);
  EXPECT_NEAR(average(draws), 7.0, 0.02);
}

TEST(Distribution, ExponentialHasItsMinimumAndMean) {
  const auto distribution = DelayDistribution::exponential(microseconds(200), microseconds(500));
  const auto draws = sorted_draws(distribution);
  EXPECT_GE(draws.front(), 200'000);
  EXPECT_LT(draws.front(), 200'100);
  EXPECT_NEAR(average(draws), 500'000.0, 4'000.0);
  EXPECT_EQ(mean(distribution), microseconds(500));
}

TEST(Distribution, TailedIsRareAsOftenAsItSaysAndHasItsMean) {
  const auto distribution =
      DelayDistribution::tailed(microseconds(1), milliseconds(1), Ratio(1, 100));
  const auto draws = sorted_draws(distribution);
  EXPECT_NEAR(static_cast<double>(quantile(draws, 50)), 700.0, 30.0);
  // Nothing of a mean of 1 us is above 30 us, and 97 % of a mean of 1 ms is.
  const auto rare = std::count_if(draws.begin(), draws.end(), [](auto ns) { return ns > 30'000; });
  EXPECT_NEAR(static_cast<double>(rare), 970.0, 100.0);
  EXPECT_EQ(mean(distribution), Nanoseconds(10'990));
  EXPECT_NEAR(average(draws), 10'990.0, 1'500.0);
}

TEST(Distribution, LognormalHasItsMedianAndNinetyNinthPercentile) {
  const auto distribution = DelayDistribution::lognormal(microseconds(100), microseconds(400));
  const auto draws = sorted_draws(distribution);
  EXPECT_NEAR(static_cast<double>(quantile(draws, 50)), 100'000.0, 1'000.0);
  EXPECT_NEAR(static_cast<double>(quantile(draws, 99)), 400'000.0, 12'000.0);
  EXPECT_NEAR(average(draws), static_cast<double>(mean(distribution).count()), 1'000.0);
}

TEST(Distribution, ParetoHasItsTail) {
  const auto distribution = DelayDistribution::pareto(milliseconds(1), Ratio(5, 2));
  const auto draws = sorted_draws(distribution);
  EXPECT_GE(draws.front(), 999'999);
  EXPECT_NEAR(static_cast<double>(quantile(draws, 50)), 1'319'508.0, 5'000.0);    // 2^(1/2.5) ms
  EXPECT_NEAR(static_cast<double>(quantile(draws, 99)), 6'309'573.0, 150'000.0);  // 100^(1/2.5) ms
  EXPECT_EQ(mean(distribution).count(), 1'666'666);
}

TEST(Distribution, TailsAreCutAndNeverOverflow) {
  Random random(3);
  const auto heavy = DelayDistribution::pareto(hours(1'000'000), Ratio(1, 1'000'000));
  for (int i = 0; i < 1000; ++i) {
    const Nanoseconds drawn = sample(heavy, random);
    EXPECT_GT(drawn.count(), 0);
    EXPECT_LE(drawn.count(), std::int64_t{1} << 62);
  }
  EXPECT_EQ(mean(heavy).count(), std::int64_t{1} << 62);
}

TEST(Distribution, DrawsAreTheSameOnEveryMachine) {
  Random random(42);
  EXPECT_EQ(sample(SizeDistribution::uniform(Bytes(1), Bytes(1'000'000)), random), Bytes(83863));
  EXPECT_EQ(sample(SizeDistribution::exponential(Bytes(0), Bytes(1'000'000)), random),
            Bytes(970271));
  EXPECT_EQ(sample(SizeDistribution::lognormal(Bytes(1'000), Bytes(4'000)), random), Bytes(2226));
  EXPECT_EQ(sample(SizeDistribution::pareto(Bytes(1'000), Ratio(3, 2)), random), Bytes(1199));
}

}  // namespace
}  // namespace shardproof::sim
