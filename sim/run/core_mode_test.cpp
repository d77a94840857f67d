// SPDX-License-Identifier: Apache-2.0
//
// A core heals, and everybody else stays broken for good.
#include <set>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/run/run_testing.hpp"

namespace shardproof::sim {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

/// Two copies on five nodes, writes at a rate, and `more`; at the end a core heals.
RunResult run_with(const std::string& more, std::uint64_t seed) {
  const std::string text = R"(
schema = 1
name = "core"
duration = "3s"
[cluster]
nodes = 5
[[collection]]
database = "shop"
name = "orders"
shards = 6
replication_factor = 2
documents = { count = 200, size = "1KB" }
[[traffic]]
rate = "200/s"
clients = 8
mix = { read = 0.3, replace = 0.7 }
[migration]
phase_timeout = "2s"
)" + more;
  return run_text(text, seed);
}

const std::string kCore = "[checks]\nheal = \"core\"\n";

std::string first_message(const RunResult& result) {
  return result.violations.empty() ? "" : result.violations.front().message;
}

TEST(CoreMode, TheCoreGoesOnWhoeverIsOutside) {
  std::set<std::string> ways;
  std::size_t lost = 0;
  for (std::uint64_t seed = 1; seed <= 12; ++seed) {
    const RunResult result = run_with(kCore, seed);
    EXPECT_EQ(result.violations_total, 0u) << seed << ": " << first_message(result);
    ASSERT_TRUE(result.settling) << seed;
    const SettlingFigures& settling = *result.settling;
    EXPECT_EQ(settling.heal, "core");
    EXPECT_TRUE(settling.came_to_rest) << seed;
    EXPECT_EQ(settling.core.size() + settling.broken.size(), 5u) << seed;
    EXPECT_THAT(settling.core, Not(IsEmpty())) << seed;
    for (const auto& broken : settling.broken) ways.insert(broken.how);
    for (const auto& shard : settling.unserved) {
      EXPECT_FALSE(shard.is_possible) << seed << ": " << shard.reason;
      EXPECT_THAT(shard.reason, HasSubstr("is broken for good")) << seed;
    }
    lost += settling.unserved.size();
  }
  EXPECT_THAT(ways, SizeIs(4)) << "down, paused, cut off, dead disk";
  EXPECT_GT(lost, 0u) << "some cores lack a copy of a shard";
}

TEST(CoreMode, WhoeverWasDownWhenTheScenarioEndedStaysSoOrIsOfTheCore) {
  for (std::uint64_t seed = 1; seed <= 4; ++seed) {
    const RunResult result =
        run_with(kCore + "[[at]]\ntime = \"2s\"\ncrash = { node = \"n1\" }\n", seed);
    EXPECT_EQ(result.violations_total, 0u) << seed << ": " << first_message(result);
    for (const auto& broken : result.settling->broken) {
      if (broken.node != NodeId(1)) continue;
      EXPECT_EQ(broken.how, "down") << seed;
    }
  }
}

TEST(CoreMode, WhoseDiskIsSlowKeepsItAndTakesPart) {
  std::size_t slow = 0;
  for (std::uint64_t seed = 1; seed <= 8; ++seed) {
    const RunResult result = run_with(
        kCore + "[[at]]\ntime = \"2s\"\nslow = { node = \"all\", disk = \"40x\" }\n", seed);
    EXPECT_EQ(result.violations_total, 0u) << seed << ": " << first_message(result);
    EXPECT_TRUE(result.settling->came_to_rest) << seed;
    EXPECT_THAT(result.settling->unserved, IsEmpty()) << seed << ": nobody is missing";
    for (const auto& broken : result.settling->broken) slow += broken.how == "slow disk" ? 1 : 0;
    EXPECT_EQ(result.settling->core.size() + result.settling->broken.size(), 5u) << seed;
  }
  EXPECT_GT(slow, 8u);
}

TEST(CoreMode, OthersTakeOverFromAProcessWhoseDiskAnswersNothing) {
  std::size_t dead = 0;
  for (std::uint64_t seed = 1; seed <= 8; ++seed) {
    const RunResult result =
        run_with(kCore + "[[at]]\ntime = \"2s\"\nstall = { node = [\"n1\", \"n3\"] }\n", seed);
    EXPECT_EQ(result.violations_total, 0u) << seed << ": " << first_message(result);
    EXPECT_TRUE(result.settling->came_to_rest) << seed;
    for (const auto& broken : result.settling->broken) {
      const bool is_stalled = broken.node == NodeId(1) || broken.node == NodeId(3);
      if (!is_stalled) continue;
      EXPECT_EQ(broken.how, "dead disk") << seed;
      dead += 1;
    }
  }
  EXPECT_GE(dead, 4u);
}

TEST(CoreMode, WithoutItEverybodyComesBack) {
  const RunResult result = run_with("[[at]]\ntime = \"2s\"\ncrash = { node = \"n1\" }\n", 1);
  EXPECT_EQ(result.violations_total, 0u) << first_message(result);
  EXPECT_EQ(result.settling->heal, "all");
  EXPECT_THAT(result.settling->broken, IsEmpty());
  EXPECT_THAT(result.settling->unserved, IsEmpty());
}

TEST(CoreMode, ACopyThatIsNeverFinishedIsFoundAndTheWaitsAreNamed) {
  const std::string slow =
      "chunk = \"64B\"\nchunks_in_flight = 1\n[network]\nlatency = \"25ms\"\n"
      "[checks]\nheal = \"core\"\n";
  std::size_t found = 0;
  for (std::uint64_t seed = 1; seed <= 6 && found == 0; ++seed) {
    const RunResult result = run_with(slow + "progress = \"100ms\"\n", seed);
    if (result.violations.empty()) continue;
    ++found;
    EXPECT_EQ(result.violations.front().invariant, 35u);
    EXPECT_THAT(first_message(result), HasSubstr("did not come to rest within"));
    EXPECT_THAT(first_message(result), HasSubstr("coordinator n"));
    EXPECT_THAT(first_message(result), HasSubstr(" awaits "));
    EXPECT_THAT(result.pending, Not(IsEmpty()));
    EXPECT_FALSE(result.settling->came_to_rest);
  }
  EXPECT_EQ(found, 1u);
}

}  // namespace
}  // namespace shardproof::sim
