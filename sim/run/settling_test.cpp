// SPDX-License-Identifier: Apache-2.0
//
// What happens between the end of a scenario and the verdict.
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/run/run_testing.hpp"

namespace shardproof::sim {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;

/// Three copies on five nodes, writes at a rate, and `more`.
RunResult run_with(const std::string& more, std::uint64_t seed = 1) {
  const std::string text = R"(
schema = 1
name = "settling"
duration = "5s"
[cluster]
nodes = 5
[[collection]]
database = "shop"
name = "orders"
replication_factor = 3
documents = { count = 400, size = "1KB" }
[[traffic]]
rate = "200/s"
clients = 16
mix = { read = 0.3, replace = 0.7 }
)" + more;
  return run_text(text, seed);
}

std::uint64_t evaluations(const RunResult& result, std::uint32_t invariant) {
  for (const CheckSummary& summary : result.checks) {
    if (summary.number == invariant) return summary.evaluations;
  }
  return 0;
}

constexpr std::uint32_t kContainment = 8;

TEST(Settling, LossesInTheNetworksOwnSettingsEndWithTheScenario) {
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    const RunResult result = run_with(
        "[network]\nloss = \"10%\"\nduplication = \"5%\"\nlatency = \"exponential(200us, 20ms)\"\n",
        seed);
    EXPECT_EQ(result.violations_total, 0u)
        << seed << ": " << (result.violations.empty() ? "" : result.violations.front().message);
    EXPECT_GT(evaluations(result, kContainment), 0u) << seed;
  }
}

TEST(Settling, LateChangesAreWaitedFor) {
  const RunResult result = run_with("[[at]]\ntime = \"4900ms\"\njoin = { nodes = 1 }\n");
  EXPECT_EQ(result.violations_total, 0u);
  EXPECT_GT(evaluations(result, kContainment), 0u);
}

TEST(Settling, ALineThatClientsHaveNotTakenUpIsNotWorkedOff) {
  const RunResult result = run_with(
      "[checks]\nprogress = \"2s\"\n"
      "[[traffic]]\nname = \"flood\"\nrate = \"4000/s\"\nclients = 1\n");
  EXPECT_EQ(result.violations_total, 0u)
      << (result.violations.empty() ? "" : result.violations.front().message);
  EXPECT_GT(evaluations(result, kContainment), 0u);
}

TEST(Settling, WhatDoesNotComeToRestIsOneFindingThatNamesIt) {
  const RunResult result = run_with(
      "[checks]\nprogress = \"200ms\"\n"
      "[network]\nlatency = \"20ms\"\n"
      "[migration]\nchunk = \"256B\"\nchunks_in_flight = 1\n"
      "[[at]]\ntime = \"4500ms\"\njoin = { nodes = 1 }\n");
  ASSERT_THAT(result.violations, SizeIs(1));
  EXPECT_EQ(result.violations.front().invariant, 35u);
  EXPECT_THAT(result.violations.front().message, HasSubstr("did not come to rest within"));
  EXPECT_THAT(result.violations.front().message, HasSubstr("the migration of s"));
  EXPECT_EQ(evaluations(result, kContainment), 0u);
}

}  // namespace
}  // namespace shardproof::sim
