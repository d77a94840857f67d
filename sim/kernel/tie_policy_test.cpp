// SPDX-License-Identifier: Apache-2.0
#include "sim/kernel/tie_policy.hpp"

#include <algorithm>
#include <set>
#include <vector>

#include <gtest/gtest.h>

namespace shardproof::sim {
namespace {

/// The actors 0 to 7 from the first to be served to the last, at event `event` of a run.
std::vector<std::uint64_t> order_at(TiePolicy policy, std::uint64_t event) {
  for (std::uint64_t i = 0; i < event; ++i) policy.draw(i % 8);
  std::vector<std::uint64_t> actors = {0, 1, 2, 3, 4, 5, 6, 7};
  std::vector<std::uint32_t> ties;
  for (const std::uint64_t actor : actors) ties.push_back(policy.draw(actor));
  std::stable_sort(actors.begin(), actors.end(),
                   [&](std::uint64_t a, std::uint64_t b) { return ties[a] < ties[b]; });
  return actors;
}

TEST(TiePolicy, PrioritiesOfDepthOneNeverChange) {
  const TiePolicy policy = TiePolicy::pct(Random(5), 1);
  EXPECT_EQ(order_at(policy, 0), order_at(policy, kTieHorizon + 1));
}

TEST(TiePolicy, PrioritiesDependOnTheStream) {
  std::set<std::vector<std::uint64_t>> orders;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    orders.insert(order_at(TiePolicy::pct(Random(seed), 1), 0));
  }
  EXPECT_GT(orders.size(), 15u);
}

TEST(TiePolicy, WhoFallsComesLastFromThenOn) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const TiePolicy policy = TiePolicy::pct(Random(seed), 2);
    const auto before = order_at(policy, 0);
    const auto after = order_at(policy, kTieHorizon);
    const std::uint64_t fallen = after.back();
    auto expected = before;
    std::erase(expected, fallen);
    expected.push_back(fallen);
    EXPECT_EQ(after, expected) << "seed " << seed;
  }
}

TEST(TiePolicy, AtTheLargestDepthEveryChangeIsMade) {
  TiePolicy policy = TiePolicy::pct(Random(3), kTieDepthMax);
  for (std::uint64_t i = 0; i < kTieHorizon; ++i) policy.draw(i);
  std::uint64_t fallen = 0;
  for (std::uint64_t i = 0; i < kTieHorizon; ++i) fallen += policy.draw(i) >> 31;
  EXPECT_EQ(fallen, kTieDepthMax - 1);
}

TEST(TiePolicy, TheSameStreamGivesTheSamePriorities) {
  TiePolicy first = TiePolicy::pct(Random(9), 4);
  TiePolicy second = TiePolicy::pct(Random(9), 4);
  for (std::uint64_t i = 0; i < kTieHorizon; ++i) ASSERT_EQ(first.draw(i % 5), second.draw(i % 5));
}

}  // namespace
}  // namespace shardproof::sim
