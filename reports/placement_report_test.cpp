// SPDX-License-Identifier: Apache-2.0
#include "reports/placement_report.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace shardproof::reports {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

sim::PlacementResult placed() {
  sim::PlacementResult result;
  result.keys = 30;
  result.nodes = 2;
  result.nodes_after = 3;
  sim::AlgorithmPlacement mod;
  mod.algorithm = "mod";
  mod.counts = {14, 16};
  mod.max_over_mean = 16.0 / 15;
  mod.movement.emplace();
  mod.movement->moved = 20;
  mod.movement->between_old = 10;
  mod.movement->minimum = 10;
  mod.movement->counts_after = {10, 10, 10};
  mod.lookup_ns = 2.5;
  result.placements.push_back(mod);
  return result;
}

TEST(PlacementReport, SaysWhatWasPlacedAndWhatMoved) {
  const std::string text = placement_text(placed(), Style{});
  EXPECT_THAT(text, HasSubstr("30 keys on 2 nodes, then on 3\n"));
  EXPECT_THAT(text, HasSubstr("1.0667"));
  EXPECT_THAT(text, HasSubstr("66.67 %"));
  EXPECT_THAT(text, HasSubstr("2.5 ns"));
}

TEST(PlacementReport, HasWholeNumbersWhereNothingWasAveraged) {
  const auto json = nlohmann::json::parse(placement_json(placed()));
  const auto& one = json["placements"][0];
  EXPECT_EQ(one["counts"], (std::vector<int>{14, 16}));
  EXPECT_TRUE(one["moved"].is_number_integer());
  EXPECT_EQ(one["moved_between_old"], 10);
  EXPECT_EQ(json["to"], 3);
}

TEST(PlacementReport, ShowsSharesAsPartsOfOne) {
  sim::PlacementResult result = placed();
  result.nodes_after.reset();
  result.is_of_shares = true;
  result.placements[0].counts.clear();
  result.placements[0].movement.reset();
  result.placements[0].shares = {std::uint64_t{1} << 62, std::uint64_t{3} << 62};
  const auto json = nlohmann::json::parse(placement_json(result));
  EXPECT_EQ(json["placements"][0]["shares"], (std::vector<double>{0.25, 0.75}));
  EXPECT_FALSE(json["placements"][0].contains("counts"));
  EXPECT_THAT(placement_text(result, Style{}), Not(HasSubstr("moved")));
}

}  // namespace
}  // namespace shardproof::reports
