// SPDX-License-Identifier: Apache-2.0
#include "sim/campaign/shrunk_text.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/campaign/large_scenario_testing.hpp"

namespace shardproof::sim::campaign {
namespace {

using ::testing::HasSubstr;

TEST(ShrunkText, CountsWhatAReaderHasToKeepInMind) {
  const ScenarioSize size = size_of(large_scenario());
  EXPECT_EQ(size.events, 10u);
  EXPECT_EQ(size.traffic, 2u);
  // tie, rebalance, two limits, loss, links, drift, attempts.
  EXPECT_EQ(size.settings, 8u);
  EXPECT_EQ(size.entries(), 20u);
  EXPECT_EQ(size.nodes, 6u);
  EXPECT_EQ(size.shards, 12u);
  EXPECT_EQ(size.documents, 400u);
}

TEST(ShrunkText, SaysWhatFailsWhenAndHowToReplayItAndReadsBack) {
  const ScenarioSpec original = large_scenario();
  ScenarioSpec spec = original;
  spec.seed = 3;
  spec.events.clear();
  Failure failure;
  failure.title = "invariant 5, single owner, is violated";
  failure.detail = "a message\nof two lines with \x01 in it, " + std::string(200, 'x');
  failure.statement = "at most one leads";
  failure.time = milliseconds(1234);
  failure.event = 5678;
  const std::string text =
      shrunk_toml({original, spec, failure, "big.toml", "my small.toml", "", 17});
  EXPECT_THAT(text, HasSubstr("# Fails: invariant 5, single owner, is violated at 1.234000000s, "
                              "event 5,678.\n# a message of two lines"));
  EXPECT_THAT(text, HasSubstr("# Must hold: at most one leads\n"));
  EXPECT_THAT(text, HasSubstr("#     shardproof run 'my small.toml' --seed 3\n"));
  EXPECT_THAT(text, HasSubstr("# Reduced in 17 runs from big.toml (seed 42): events 10 to 0,"));
  EXPECT_EQ(scenario_of(text), spec);
}

}  // namespace
}  // namespace shardproof::sim::campaign
