// SPDX-License-Identifier: Apache-2.0
#include "core/distribution/rebalance/region_score.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/distribution/test_views.hpp"

namespace shardproof::distribution {
namespace {

using test::add_shard;
using test::copy_counts;
using test::leader_counts;
using test::make_view;
using test::nodes;
using test::routes;
using test::view_of_counts;
using testing::ElementsAre;

constexpr std::uint64_t kGibibyte = std::uint64_t{1} << 30;
constexpr std::uint64_t kMebibyte = std::uint64_t{1} << 20;

/// In hundredths of the original's unit, rounded to nearest.
std::uint64_t score_in_hundredths(std::uint64_t capacity, std::uint64_t available,
                                  std::uint64_t data) {
  const UInt128 score = region_score(Bytes(capacity * kGibibyte), Bytes(available * kGibibyte),
                                     Bytes(data * kMebibyte));
  return static_cast<std::uint64_t>((score * 100 + (UInt128{1} << 51)) >> 52);
}

TEST(RegionScore, IsThePublishedFormula) {
  // The first two are the catalogue's; the others were computed from the formula apart.
  EXPECT_EQ(score_in_hundredths(1000, 500, 100'000), 14'397'212u);
  EXPECT_EQ(score_in_hundredths(1000, 100, 100'000), 500'027'683'854u);
  EXPECT_EQ(score_in_hundredths(1000, 1000, 100'000), 10'000'000u) << "empty";
  EXPECT_EQ(score_in_hundredths(1000, 999, 1024), 131'648u);
  EXPECT_EQ(score_in_hundredths(100, 60, 40'000), 29'396'062u) << "the reserve is 50, not 20";
  EXPECT_EQ(score_in_hundredths(100, 0, 102'400), 1'000'130'961'773u) << "full";
}

TEST(RegionScore, UnlimitedAndTinyDisksScoreTheirData) {
  EXPECT_EQ(region_score(Bytes(0), Bytes(0), Bytes(77)), UInt128{77} << 32);
  EXPECT_EQ(region_score(Bytes(kGibibyte - 1), Bytes(5), Bytes(77)), UInt128{77} << 32);
}

TEST(RegionScore, RisesAsTheDiskFills) {
  UInt128 previous = 0;
  for (std::uint64_t used = 0; used <= 500; used += 10) {
    const UInt128 score = region_score(Bytes(500 * kGibibyte), Bytes((500 - used) * kGibibyte),
                                       Bytes(used * kGibibyte));
    EXPECT_GE(score, previous) << used;
    previous = score;
  }
}

TEST(RegionScore, ACopyOfTheMeanSizeIsTolerated) {
  // Less a copy on one side and one more on the other, 5 and 3 are equal; 6 and 3 are not.
  EXPECT_TRUE(RegionScoreRebalance().plan(view_of_counts({5, 3}), {}).empty());
  EXPECT_THAT(routes(RegionScoreRebalance().plan(view_of_counts({6, 3}), {})),
              ElementsAre("n0->n1"));
}

TEST(RegionScore, AStoreThatIsNearlyFullGivesAlthoughItHasLessData) {
  // Node 0 has 100 GiB of 1000 left, most of it taken by something else.
  ClusterView view = view_of_counts({4, 8}, kGibibyte);
  test::give_disks(view, 1000 * kGibibyte);
  view.nodes[0].load.disk_used = Bytes(900 * kGibibyte);
  const Plan plan = RegionScoreRebalance().plan(view, {.disk_watermark = Ratio(95, 100)});
  EXPECT_THAT(routes(plan), ElementsAre("n0->n1", "n0->n1", "n0->n1", "n0->n1"));
}

TEST(RegionScore, LeadersMayDifferByTen) {
  ClusterView view = make_view(2);
  for (int i = 0; i < 11; ++i) add_shard(view, nodes({0, 1}));
  EXPECT_THAT(routes(RegionScoreRebalance().plan(view, {})), ElementsAre("n0->n1"));
  add_shard(view, nodes({1, 0}));
  EXPECT_TRUE(RegionScoreRebalance().plan(view, {}).empty()) << "11 less 5 is 1 more 5";
}

}  // namespace
}  // namespace shardproof::distribution
