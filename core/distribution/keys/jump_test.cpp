// SPDX-License-Identifier: Apache-2.0
#include "core/distribution/keys/jump.hpp"

#include <gtest/gtest.h>

#include "core/base/stable_hash.hpp"
#include "core/distribution/keys/moments_testing.hpp"

namespace shardproof::distribution {
namespace {

/// The published vectors (the paper's authors' and other implementations' tests).
TEST(Jump, FindsThePublishedBuckets) {
  EXPECT_EQ(jump_bucket(1, 1), 0u);
  EXPECT_EQ(jump_bucket(42, 57), 43u);
  EXPECT_EQ(jump_bucket(0xDEAD10CC, 1), 0u);
  EXPECT_EQ(jump_bucket(0xDEAD10CC, 666), 361u);
  EXPECT_EQ(jump_bucket(256, 1024), 520u);
  EXPECT_EQ(jump_bucket(10863919174838991u, 11), 6u);
  EXPECT_EQ(jump_bucket(2016238256797177309u, 11), 3u);
  EXPECT_EQ(jump_bucket(1673758223894951030u, 11), 5u);
  EXPECT_EQ(jump_bucket(2, 100001), 80343u);
  EXPECT_EQ(jump_bucket(~std::uint64_t{0}, 10), 9u);
  EXPECT_EQ(jump_bucket(~std::uint64_t{0}, 1000), 313u);
  EXPECT_EQ(jump_bucket(123456789, 1000), 294u);
  EXPECT_EQ(jump_bucket(std::uint64_t{1} << 63, 1'000'000), 802256u);
  EXPECT_EQ(jump_bucket(3, 2147483647), 1315363102u);
}

TEST(Jump, FindsThePublishedBucketsOfTheFirstKeys) {
  const std::uint32_t expected[] = {0,  55, 62, 8,  45, 59, 86, 97, 82, 59,
                                    73, 37, 17, 56, 86, 21, 90, 37, 38, 83};
  for (std::uint64_t key = 0; key < 20; ++key) EXPECT_EQ(jump_bucket(key, 100), expected[key]);
}

TEST(Jump, KeepsAKeyUntilANewBucketTakesIt) {
  const std::uint32_t of_1[] = {0, 0, 0, 0, 0, 0, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 17, 17};
  const std::uint32_t of_deadbeef[] = {0, 1, 2, 3, 3, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 16, 16, 16};
  const std::uint32_t of_coffee[] = {0, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 15, 15, 15, 15};
  for (std::uint32_t buckets = 1; buckets <= 19; ++buckets) {
    EXPECT_EQ(jump_bucket(1, buckets), of_1[buckets - 1]);
    EXPECT_EQ(jump_bucket(0xdeadbeef, buckets), of_deadbeef[buckets - 1]);
    EXPECT_EQ(jump_bucket(0x0ddc0ffeebadf00d, buckets), of_coffee[buckets - 1]);
    EXPECT_EQ(jump_bucket(0, buckets), 0u);
  }
}

/// Each step from k - 1 to k buckets moves a key with chance 1 / k, whatever it did before: up to n
/// buckets H_n - 1 times in the mean, which is how often a look-up goes round beyond the first.
TEST(Jump, MovesAKeyAsOftenAsIndependentStepsWould) {
  constexpr std::uint32_t kBuckets = 100;
  constexpr std::uint64_t kKeys = 20'000;
  const Moments each{harmonic(kBuckets) - 1, harmonic(kBuckets) - harmonic(kBuckets, 2)};
  // The fourth central moment of a sum of indicators is 3 s^4 + sum p q (1 - 6 p q).
  double fourth = 3 * each.variance * each.variance;
  for (std::uint32_t k = 2; k <= kBuckets; ++k) {
    const double pq = (1.0 / k) * (1 - 1.0 / k);
    fourth += pq * (1 - 6 * pq);
  }
  Deviation moves;
  Deviation squares;
  for (std::uint64_t key = 0; key < kKeys; ++key) {
    double moved = 0;
    std::uint32_t before = 0;
    for (std::uint32_t buckets = 2; buckets <= kBuckets; ++buckets) {
      const std::uint32_t now = jump_bucket(mix64(key), buckets);
      if (now == before) continue;
      ASSERT_EQ(now, buckets - 1);
      before = now;
      ++moved;
    }
    moves.add(moved, each);
    const double off = moved - each.mean;
    squares.add(off * off, {each.variance, fourth - each.variance * each.variance});
  }
  EXPECT_LT(std::abs(moves.z()), kFar);
  EXPECT_LT(std::abs(squares.z()), kFar) << "steps are independent";
}

}  // namespace
}  // namespace shardproof::distribution
