// SPDX-License-Identifier: Apache-2.0
#include "core/base/random.hpp"

#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <set>

#include <gtest/gtest.h>

namespace shardproof {
namespace {

using State = std::array<std::uint64_t, 4>;

/// xoshiro256** as published by Blackman and Vigna, kept apart from our own code.
std::uint64_t reference_next(State& s) {
  const auto rotl = [](std::uint64_t x, int k) { return (x << k) | (x >> (64 - k)); };
  const std::uint64_t result = rotl(s[1] * 5, 7) * 9;
  const std::uint64_t t = s[1] << 17;
  s[2] ^= s[0];
  s[3] ^= s[1];
  s[1] ^= s[2];
  s[0] ^= s[3];
  s[2] ^= t;
  s[3] = rotl(s[3], 45);
  return result;
}

/// SplitMix64 as published by Vigna.
std::uint64_t reference_split_mix(std::uint64_t& x) {
  std::uint64_t z = (x += 0x9e3779b97f4a7c15u);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

TEST(RandomTest, ReferenceYieldsThePublishedVectors) {
  State state = {1, 2, 3, 4};
  const std::uint64_t expected[] = {11520u,
                                    0u,
                                    1509978240u,
                                    1215971899390074240u,
                                    1216172134540287360u,
                                    607988272756665600u,
                                    16172922978634559625u,
                                    8476171486693032832u};
  for (const std::uint64_t output : expected) EXPECT_EQ(reference_next(state), output);
}

TEST(RandomTest, IsXoshiroSeededThroughSplitMix) {
  for (const std::uint64_t seed : {std::uint64_t{0}, std::uint64_t{42}, ~std::uint64_t{0}}) {
    std::uint64_t mixed = seed;
    State state;
    for (auto& word : state) word = reference_split_mix(mixed);
    Random random(seed);
    for (int i = 0; i < 1000; ++i) ASSERT_EQ(random.next(), reference_next(state)) << seed;
  }
}

TEST(RandomTest, NamedStreamsDifferInEachPartOfTheName) {
  std::set<std::uint64_t> firsts;
  for (const std::uint64_t seed : {1, 2}) {
    for (const char* component : {"network", "disk"}) {
      for (const std::uint64_t entity : {0, 1, 2}) {
        for (const char* purpose : {"loss", "delay"}) {
          firsts.insert(Random::named(seed, component, entity, purpose).next());
        }
      }
    }
  }
  EXPECT_EQ(firsts.size(), 24u);
  EXPECT_EQ(Random::named(1, "disk", 2, "loss"), Random::named(1, "disk", 2, "loss"));
}

TEST(RandomTest, CopyContinuesWithTheSameNumbers) {
  Random random(9);
  random.next();
  Random copy = random;
  EXPECT_EQ(copy, random);
  EXPECT_EQ(copy.next(), random.next());
}

/// Chi-square of `draws` numbers below `bound` in `Bins` bins of equal width; Bins divides bound.
template <std::size_t Bins>
double chi_square(Random random, std::uint64_t bound, int draws) {
  std::array<int, Bins> counts{};
  for (int i = 0; i < draws; ++i) ++counts[random.below(bound) / (bound / Bins)];
  const double expected = static_cast<double>(draws) / static_cast<double>(Bins);
  double sum = 0;
  for (const int count : counts) sum += (count - expected) * (count - expected) / expected;
  return sum;
}

TEST(RandomTest, BelowIsUniform) {
  // 37.7 is the 99.9 % quantile for 15 degrees of freedom, 13.8 for 2.
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    EXPECT_LT(chi_square<16>(Random(seed), 16, 64'000), 37.7) << seed;
    EXPECT_LT(chi_square<16>(Random(seed), 48'000, 64'000), 37.7) << seed;
  }
}

TEST(RandomTest, BelowIsUniformForABoundThatPlainMultiplicationBiases) {
  // Without rejection the first of every three numbers below 3 * 2^62 comes up twice as often.
  const std::uint64_t bound = std::uint64_t{3} << 62;
  std::array<int, 3> counts{};
  Random random(3);
  for (int i = 0; i < 30'000; ++i) ++counts[random.below(bound) % 3];
  double sum = 0;
  for (const int count : counts) sum += (count - 10'000.0) * (count - 10'000.0) / 10'000.0;
  EXPECT_LT(sum, 13.8);
  EXPECT_LT(chi_square<3>(Random(4), bound, 30'000), 13.8);
}

TEST(RandomTest, BelowStaysBelowItsBound) {
  Random random(5);
  for (std::uint64_t bound = 1; bound < 2'000; ++bound) ASSERT_LT(random.below(bound), bound);
  EXPECT_EQ(random.below(1), 0u);
}

TEST(RandomTest, BetweenReachesBothEndsAndNothingElse) {
  Random random(6);
  std::set<std::int64_t> seen;
  for (int i = 0; i < 500; ++i) seen.insert(random.between(-2, 3));
  EXPECT_EQ(seen, (std::set<std::int64_t>{-2, -1, 0, 1, 2, 3}));
  EXPECT_EQ(random.between(7, 7), 7);
}

TEST(RandomTest, BetweenCoversTheWholeRangeOfIntegers) {
  Random random(7);
  Random raw(7);
  const std::int64_t low = std::numeric_limits<std::int64_t>::min();
  const std::int64_t high = std::numeric_limits<std::int64_t>::max();
  EXPECT_EQ(random.between(low, high), static_cast<std::int64_t>(raw.next()));
}

TEST(RandomTest, ChanceIsTheFractionAndDrawsNothingWhenCertain) {
  Random random(8);
  const Random before = random;
  EXPECT_FALSE(random.chance(Ratio(0, 5)));
  EXPECT_TRUE(random.chance(Ratio(5, 5)));
  EXPECT_TRUE(random.chance(Ratio(7, 5)));
  EXPECT_EQ(random, before);
  int hits = 0;
  for (int i = 0; i < 40'000; ++i) hits += random.chance(Ratio(1, 4)) ? 1 : 0;
  EXPECT_NEAR(hits, 10'000, 350);  // four standard deviations
}

TEST(RandomTest, ExponentialHasUnitMeanAndVariance) {
  Random random(10);
  const int draws = 200'000;
  double sum = 0;
  double squares = 0;
  for (int i = 0; i < draws; ++i) {
    const std::int64_t draw = random.exponential_q32();
    ASSERT_GE(draw, 0);
    const double value = static_cast<double>(draw) / 4294967296.0;
    sum += value;
    squares += value * value;
  }
  const double mean = sum / draws;
  EXPECT_NEAR(mean, 1.0, 0.01);
  EXPECT_NEAR(squares / draws - mean * mean, 1.0, 0.03);
}

TEST(RandomTest, ExponentialIsMinusTheLogarithmOfItsDraw) {
  Random random(11);
  Random raw(11);
  for (int i = 0; i < 20'000; ++i) {
    const double uniform = static_cast<double>(raw.next() | 1) * std::ldexp(1.0, -64);
    const double value = static_cast<double>(random.exponential_q32()) / 4294967296.0;
    ASSERT_NEAR(value, -std::log(uniform), std::ldexp(1.0, -27));
  }
}

TEST(RandomTest, NormalHasZeroMeanUnitVarianceAndEndsAtSixSigma) {
  Random random(12);
  const int draws = 50'000;
  double sum = 0;
  double squares = 0;
  for (int i = 0; i < draws; ++i) {
    const double value = static_cast<double>(random.normal_q32()) / 4294967296.0;
    ASSERT_LE(std::fabs(value), 6.0);
    sum += value;
    squares += value * value;
  }
  EXPECT_NEAR(sum / draws, 0.0, 0.02);
  EXPECT_NEAR(squares / draws, 1.0, 0.03);
}

}  // namespace
}  // namespace shardproof
