// SPDX-License-Identifier: Apache-2.0
#include "sim/observe/peers/asim.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace shardproof::sim::peers {
namespace {

using Values = std::vector<std::uint64_t>;

ThrashSeries series(const Values& values) {
  ThrashSeries made;
  for (const std::uint64_t value : values) made.add(value);
  return made;
}

double percent(const std::vector<Values>& stores) {
  std::vector<ThrashSeries> made;
  for (const Values& values : stores) made.push_back(series(values));
  return thrash_percent(made)->to_double();
}

TEST(Asim, ASeriesThatEndsWhereItBeganThrashesTwiceItsRange) {
  // The bathtub of asim's own tests: tdtv=200.00% (18.0/9.0) uptv=9.0 dntv=9.0 runs=2.
  const Values bathtub = {10, 8, 4, 2, 1, 2, 4, 8, 10};
  EXPECT_TRUE(series(bathtub).up() == 9 && series(bathtub).down() == 9);
  EXPECT_EQ(series(bathtub).runs(), 2u);
  EXPECT_NEAR(percent({bathtub}), 200, 1e-4);
}

TEST(Asim, ATrendIsNoThrashing) {
  EXPECT_EQ(percent({{0, 5, 9, 9, 12}}), 0);
  EXPECT_EQ(percent({{3, 3, 3}}), 0);
  // One step of 1 against a fall of 101 weighs by (1/101)^0.8.
  const double weight = std::pow(1.0 / 101, 0.8);
  EXPECT_NEAR(percent({{100, 90, 91, 85, 80, 70, 60, 50, 40, 30, 20, 10, 0}}),
              weight * 102 + (1 - weight), 1e-4);
}

TEST(Asim, StoresShareTheRange) {
  // The second store's range is ten times as wide: the bathtub is 18 of 90 then.
  EXPECT_NEAR(percent({{10, 8, 4, 2, 1, 2, 4, 8, 10}, {1, 91}}), 20, 1e-4);
  EXPECT_FALSE(thrash_percent({}));
  EXPECT_FALSE(thrash_percent(std::vector<ThrashSeries>(3)));
}

TEST(Asim, ARunEndsWhereTheSignChangesAndStandingStillIsUpwards) {
  EXPECT_EQ(series({1, 2, 3, 2, 3, 2, 1}).runs(), 4u);
  EXPECT_EQ(series({3, 2, 2}).runs(), 2u);
  EXPECT_EQ(series({3}).runs(), 1u);
}

TEST(Asim, BalanceIsTheLargestStoreOverTheMean) {
  EXPECT_TRUE(*balance(std::vector<std::uint64_t>{10, 20, 30, 40}) == Ratio(8, 5));
  EXPECT_TRUE(*balance(std::vector<std::uint64_t>{5, 5}) == Ratio(1, 1));
  EXPECT_FALSE(balance(std::vector<std::uint64_t>{0, 0}));
}

RC_GTEST_PROP(Asim, AgreesWithItsDefinitionInFloatingPoint, ()) {
  const auto side = rc::gen::inRange<std::uint64_t>(0, 1'000'000'000'000);
  const std::uint64_t up = *side;
  const std::uint64_t down = *side;
  const auto less = static_cast<double>(std::min(up, down));
  const auto more = static_cast<double>(std::max(up, down));
  const double weight = less == 0 ? 0 : std::pow(less / more, 0.8);
  const double expected = less == 0 ? 0 : weight * (less + more) + (1 - weight) * less;
  const auto actual = static_cast<double>(trend_discounting_variation_q32(up, down)) / 4294967296.0;
  RC_ASSERT(std::fabs(actual - expected) <= std::ldexp(less + more, -26));
}

}  // namespace
}  // namespace shardproof::sim::peers
