// SPDX-License-Identifier: Apache-2.0
#include "core/fault_points.hpp"

#include <set>

#include <gtest/gtest.h>

namespace shardproof {
namespace {

FaultPoints armed(FaultPoint point, Ratio chance) {
  FaultPointChances chances{};
  chances[static_cast<std::size_t>(point)] = chance;
  std::vector<Random> streams;
  for (std::size_t i = 0; i < kFaultPoints; ++i) streams.emplace_back(i + 1);
  return {chances, std::move(streams)};
}

TEST(FaultPoints, AreListedCompletelyAndInTheirOrder) {
  const auto& all = fault_point_catalogue();
  ASSERT_EQ(all.size(), kFaultPoints);
  std::set<std::string_view> names;
  for (std::size_t i = 0; i < all.size(); ++i) {
    EXPECT_EQ(static_cast<std::size_t>(all[i].point), i) << all[i].name;
    EXPECT_TRUE(names.insert(all[i].name).second) << all[i].name;
    EXPECT_GT(all[i].usual, Ratio()) << all[i].name;
    EXPECT_LT(all[i].usual, Ratio(1, 1)) << all[i].name;
  }
}

TEST(FaultPoints, OneThatIsNotArmedNeverFiresAndDrawsNothing) {
  FaultPoints points = armed(FaultPoint::SmallChunk, Ratio(1, 2));
  const Random before = points.stream(FaultPoint::QueueFull);
  for (int i = 0; i < 100; ++i) EXPECT_FALSE(points.fires(FaultPoint::QueueFull));
  EXPECT_EQ(points.stream(FaultPoint::QueueFull), before);
}

TEST(FaultPoints, FireWithTheirChanceAndAreCounted) {
  FaultPoints points = armed(FaultPoint::SmallChunk, Ratio(1, 4));
  std::uint64_t fired = 0;
  for (int i = 0; i < 4000; ++i) fired += points.fires(FaultPoint::SmallChunk) ? 1 : 0;
  EXPECT_GT(fired, 900u);
  EXPECT_LT(fired, 1100u);
  EXPECT_EQ(points.firings()[static_cast<std::size_t>(FaultPoint::SmallChunk)], fired);
}

TEST(FaultPoints, WhatOneDrawsMovesNoOther) {
  FaultPoints points = armed(FaultPoint::SmallChunk, Ratio(1, 4));
  const Random other = points.stream(FaultPoint::ChunkRefused);
  points.fires(FaultPoint::SmallChunk);
  EXPECT_EQ(points.stream(FaultPoint::ChunkRefused), other);
}

}  // namespace
}  // namespace shardproof
