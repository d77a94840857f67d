// SPDX-License-Identifier: Apache-2.0
#include "core/distribution/keys/movement.hpp"

#include <vector>

#include <gtest/gtest.h>

namespace shardproof::distribution {
namespace {

using Counts = std::vector<std::uint64_t>;

/// `keys` on `nodes`, as even as they can be.
Counts even(std::uint64_t keys, std::uint64_t nodes) {
  Counts counts(nodes, keys / nodes);
  for (std::uint64_t i = 0; i < keys % nodes; ++i) ++counts[i];
  return counts;
}

TEST(LeastMoved, IsWhatTheLiteratureSays) {
  EXPECT_EQ(least_moved(even(16384, 3), 4, {}), 4096u);
  EXPECT_EQ(least_moved(even(16384, 5), 6, {}), 2730u);
  EXPECT_EQ(least_moved(even(1024, 10), 11, {}), 93u);
  EXPECT_EQ(least_moved(even(1024, 10), 12, {}), 170u);
  EXPECT_EQ(least_moved(even(120, 10), 12, {}), 20u);
  EXPECT_EQ(least_moved(even(1000, 7), 8, {}), 125u);
  EXPECT_EQ(least_moved(even(4096, 16), 20, {}), 816u);
}

TEST(LeastMoved, EmptiesNodesThatGo) {
  EXPECT_EQ(least_moved(Counts{5, 5, 5}, 2, {}), 5u);
  EXPECT_EQ(least_moved(Counts{9, 0, 6}, 2, {}), 7u)
      << "8 and 7: one from the first, all of the last";
}

TEST(LeastMoved, GoesByWeight) {
  EXPECT_EQ(least_moved(Counts{6, 6}, 2, Counts{1, 2}), 2u);
  EXPECT_EQ(least_moved(Counts{4, 8}, 2, Counts{1, 2}), 0u);
}

TEST(LeastMoved, OfABalancedStateIsNothing) {
  EXPECT_EQ(least_moved(Counts{4, 3, 3}, 3, {}), 0u);
  EXPECT_EQ(least_moved(Counts{3, 3, 4}, 3, {}), 0u);
  EXPECT_EQ(least_moved(Counts{0, 0}, 5, {}), 0u);
}

}  // namespace
}  // namespace shardproof::distribution
