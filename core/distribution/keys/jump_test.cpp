// SPDX-License-Identifier: Apache-2.0
#include "core/distribution/keys/jump.hpp"

#include <gtest/gtest.h>

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
  for (std::uint32_t buckets = 1; buckets <= 19; ++buckets) {
    EXPECT_EQ(jump_bucket(1, buckets), of_1[buckets - 1]);
    EXPECT_EQ(jump_bucket(0xdeadbeef, buckets), of_deadbeef[buckets - 1]);
    EXPECT_EQ(jump_bucket(0, buckets), 0u);
  }
}

}  // namespace
}  // namespace shardproof::distribution
