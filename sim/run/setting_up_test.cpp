// SPDX-License-Identifier: Apache-2.0
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/run/runner.hpp"
#include "sim/scenario/scenario_testing.hpp"

namespace shardproof::sim {
namespace {

using ::testing::HasSubstr;

/// Why a run of 1 MB of documents on three nodes, one with a disk of that size, does not begin;
/// empty if it does.
std::string trouble_with_disk(const std::string& size) {
  const std::string text = R"(
schema = 1
name = "setting up"
duration = "2s"
[[cluster.node]]
[[cluster.node]]
name = "small"
capacity = { disk = ")" + size +
                           R"(" }
[[cluster.node]]
[[collection]]
database = "shop"
name = "orders"
replication_factor = 3
documents = { count = 1000, size = "1KB" }
)";
  const auto result = run(scenario_of(text), RunOptions{});
  return result ? "" : result.error().message;
}

TEST(SettingUp, ADiskThatIsTooSmallIsNamedWithItsSizeAndWhatItWasToHold) {
  const std::string trouble = trouble_with_disk("300KB");
  EXPECT_THAT(trouble, HasSubstr("the disk of n1 (small)"));
  EXPECT_THAT(trouble, HasSubstr("300 kB"));
  EXPECT_THAT(trouble, HasSubstr("1 MB"));
  EXPECT_THAT(trouble, HasSubstr("\"capacity\""));
}

TEST(SettingUp, ADiskThatIsLargeEnoughIsNoTrouble) { EXPECT_EQ(trouble_with_disk("10MB"), ""); }

}  // namespace
}  // namespace shardproof::sim
