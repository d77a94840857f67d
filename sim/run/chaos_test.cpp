// SPDX-License-Identifier: Apache-2.0
//
// Random faults, from the scenario's text to what the result says of them.
#include <algorithm>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/run/run_testing.hpp"

namespace shardproof::sim {
namespace {

using ::testing::HasSubstr;

/// Four nodes with some traffic, for 30 s, and `chaos` in its table.
RunResult run_with(const std::string& chaos, int copies = 3, const std::string& more = {},
                   const std::string& cluster = {}) {
  const std::string text = R"(
schema = 1
name = "chaos"
duration = "30s"
[cluster]
nodes = 4
)" + cluster + R"([[collection]]
database = "shop"
name = "orders"
shards = 16
documents = { count = 40 }
replication_factor = )" + std::to_string(copies) +
                           R"(
[[traffic]]
rate = "50/s"
)" + more + "[chaos]\n" + chaos;
  RunResult result = run_text(text);
  EXPECT_EQ(result.violations_total, 0u);
  return result;
}

const ChaosCount& count_of(const RunResult& result, std::string_view family) {
  for (const ChaosCount& count : result.chaos->families) {
    if (count.family == family) return count;
  }
  SHARDPROOF_CHECK(false, "no {}", family);
  return result.chaos->families.front();
}

std::vector<const LogRecord*> chaos_log(const RunResult& result) {
  std::vector<const LogRecord*> records = result.log.records();
  std::erase_if(records, [](const LogRecord* r) { return !r->text.starts_with("chaos: "); });
  return records;
}

std::uint64_t faults(const RunResult& result, std::string_view name) {
  for (const FaultCount& count : result.faults) {
    if (count.name == name) return count.count;
  }
  return 0;
}

TEST(Chaos, FaultsComeByThemselvesAndAreCountedAndLogged) {
  const RunResult result =
      run_with("until = \"25s\"\ncrash = { rate = \"1/3s\", duration = \"1s\" }\n");
  EXPECT_EQ(result.verdict, Verdict::kPass);
  EXPECT_EQ(result.chaos->budget, "redundancy");
  const ChaosCount& crashes = count_of(result, "crash");
  EXPECT_GE(crashes.struck, 3u);
  EXPECT_LE(crashes.struck, 25u);
  EXPECT_EQ(crashes.due, crashes.struck + crashes.refused + crashes.idle);
  EXPECT_EQ(faults(result, "crash"), crashes.struck);
  EXPECT_EQ(faults(result, "restart"), crashes.struck);
  ASSERT_EQ(chaos_log(result).size(), crashes.due);
  EXPECT_THAT(chaos_log(result).front()->text, HasSubstr("chaos: crash n"));
  EXPECT_THAT(chaos_log(result).front()->text, HasSubstr("for 1 s"));
}

TEST(Chaos, ARunWithoutSaysNothingOfIt) { EXPECT_FALSE(run_with("").chaos.has_value()); }

TEST(Chaos, EveryFamilyStrikes) {
  const RunResult result = run_with(R"_(
crash           = { rate = "1/6s", duration = "500ms" }
pause           = { rate = "1/6s", duration = "500ms" }
gray            = { rate = "1/6s", duration = "500ms" }
isolate         = { rate = "1/6s", duration = "500ms" }
partition       = { rate = "1/6s", duration = "500ms" }
clog            = { rate = "1/6s", duration = "500ms" }
swizzle         = { rate = "1/6s", duration = "500ms" }
drop            = { rate = "1/6s", duration = "500ms", chance = "50%" }
delay           = { rate = "1/6s", duration = "500ms", by = "20ms" }
slow            = { rate = "1/6s", duration = "500ms", disk = "10x", cpu = "10x" }
disk_full       = { rate = "1/6s", duration = "500ms" }
network         = { rate = "1/6s", duration = "500ms", loss = "10%" }
metadata_outage = { rate = "1/6s", duration = "500ms" }
clock_step      = { rate = "1/6s", step = "10ms" }
lose_disk       = { rate = "1/6s", duration = "500ms" }
corrupt         = { rate = "1/6s", sectors = 3 }
disk_errors     = { rate = "1/6s", duration = "500ms", failed = "10%", unknown = "10%" }
stall           = { rate = "1/6s", duration = "500ms" }
misdirect       = { rate = "1/2s", sectors = 3 }
clock_wobble    = { rate = "1/6s", duration = "500ms", wobble = "periodic(1ms, 100ms)" }
metadata_cut    = { rate = "1/6s", duration = "500ms" }
metadata_slow   = { rate = "1/6s", duration = "500ms", latency = "50ms", lost_answers = "10%", coalesce = "100ms" }
session_expiry  = { rate = "1/6s" }
domain_crash    = { rate = "1/6s", duration = "500ms" }
domain_partition = { rate = "1/6s", duration = "500ms", level = "rack" }
disk_batch      = { rate = "1/6s", duration = "500ms", disks = 2 }
rolling_restart = { rate = "1/6s", duration = "500ms" }
swap_disks      = { rate = "1/4s", duration = "500ms" }
)_",
                                    3, {}, "zones = [\"a\", \"b\", \"c\", \"d\"]\n");
  EXPECT_EQ(result.chaos->families.size(), kChaosFamilies);
  for (const ChaosCount& count : result.chaos->families)
    EXPECT_GT(count.struck, 0u) << count.family;
}

TEST(Chaos, TheBudgetLetsNoShardBeWithoutACopyInService) {
  const std::string crash = "crash = { rate = \"2/s\", duration = \"exponential(1s)\" }\n";
  const RunResult result = run_with(crash, 2,
                                    "[[expect]]\nmetric = \"nodes.alive\"\nmin = 2\n"
                                    "always = true\n");
  EXPECT_GT(count_of(result, "crash").struck, 0u);
  EXPECT_GT(count_of(result, "crash").refused, 0u);
  EXPECT_EQ(result.verdict, Verdict::kPass);
}

TEST(Chaos, WithOneCopyOfEachShardNobodyIsStoppedAndTheRunSaysSo) {
  const std::string crash = "crash = { rate = \"1/s\", duration = \"1s\" }\n";
  const RunResult result = run_with(crash, 1);
  const ChaosCount& crashes = count_of(result, "crash");
  EXPECT_EQ(crashes.struck, 0u);
  EXPECT_EQ(crashes.refused, crashes.due);
  EXPECT_THAT(result.warnings, ::testing::Contains(HasSubstr("refused every \"crash\"")));
  EXPECT_THAT(chaos_log(result).front()->text, HasSubstr("refused by the budget: s"));
  EXPECT_GT(count_of(run_with("budget = \"unlimited\"\n" + crash, 1), "crash").struck, 0u);
}

/// The oracle excuses what is lost with as many disks as had it, so the test looks for what came of
/// it: with a copy left, no shard is offline in the end. Crashes find what is damaged.
TEST(Chaos, WhateverDisksAreLostTheBudgetLeavesEachShardAWholeCopy) {
  const std::string faulty = R"(until = "25s"
lose_disk = { rate = "1/s", duration = "300ms" }
corrupt   = { rate = "1/2s", sectors = 20 }
misdirect = { rate = "1/2s", sectors = 20 }
crash     = { rate = "1/2s", duration = "300ms" }
)";
  const std::string nothing_lost = "[[expect]]\nmetric = \"shards.offline\"\nequals = 0\n";
  for (const int copies : {2, 3}) {
    const RunResult result = run_with(faulty, copies, nothing_lost);
    EXPECT_EQ(result.verdict, Verdict::kPass) << copies;
    const ChaosCount& lost = count_of(result, "lose_disk");
    EXPECT_GT(lost.struck, 2u) << copies;
    EXPECT_EQ(lost.refused > 0, copies == 2) << copies;
    EXPECT_GT(count_of(result, "corrupt").struck, 2u) << copies;
    EXPECT_GT(count_of(result, "misdirect").struck, 0u) << copies;
    EXPECT_EQ(faults(result, "disk_lost"), lost.struck);
  }
}

TEST(Chaos, SwappedDisksCountAsTwoThatAreLost) {
  const std::string swaps = "swap_disks = { rate = \"1/2s\", duration = \"300ms\" }\n";
  const std::string nothing_lost = "[[expect]]\nmetric = \"shards.offline\"\nequals = 0\n";
  for (const int copies : {2, 3}) {
    const RunResult result = run_with(swaps, copies, nothing_lost);
    EXPECT_EQ(result.verdict, Verdict::kPass) << copies;
    const ChaosCount& swapped = count_of(result, "swap_disks");
    // With two copies of each shard spread over four nodes, any two nodes have a shard for
    // themselves.
    EXPECT_EQ(swapped.struck > 0, copies == 3);
    EXPECT_EQ(swapped.refused > 0, copies == 2);
    EXPECT_EQ(faults(result, "disk_swapped"), 2 * swapped.struck);
    EXPECT_EQ(faults(result, "restart"), 2 * swapped.struck);
    for (const LogRecord* record : chaos_log(result)) {
      const bool is_refused = record->text.find("refused") != std::string::npos;
      EXPECT_NE(is_refused, record->text.find(", n") != std::string::npos) << record->text;
    }
  }
}

TEST(Chaos, WithoutABudgetDisksAreLostUntilShardsAre) {
  const std::string disks = "lose_disk = { rate = \"2/s\", duration = \"300ms\" }\n";
  const std::string some_lost = "[[expect]]\nmetric = \"shards.offline\"\nmin = 1\n";
  const RunResult result = run_with("budget = \"unlimited\"\n" + disks, 2, some_lost);
  EXPECT_EQ(result.verdict, Verdict::kPass);
}

/// The last one in service of those that hold a shard, while the other two learn it anew.
TEST(Chaos, ADiskThatTheScriptHasDestroyedCountsForNothing) {
  const std::string script = R"([[at]]
time = "0s"
lose_disk = { node = [0, 1, 2] }
restart_after = "1ms"
)";
  const std::string disks =
      "until = \"100ms\"\nlose_disk = { rate = \"200/s\", duration = \"1ms\" }\n";
  const RunResult result = run_with(disks, 4, script);
  const ChaosCount& lost = count_of(result, "lose_disk");
  EXPECT_GT(lost.refused, 0u);
  for (const LogRecord* record : chaos_log(result)) {
    EXPECT_FALSE(record->text.starts_with("chaos: lose_disk n3 for")) << "the only whole copy";
  }
}

TEST(Chaos, OneFamilysFaultsComeAtTheSameTimesWhateverTheOthersDo) {
  const std::string drop =
      "drop = { rate = \"1/2s\", duration = \"100ms\", message = \"ShardReport\" }\n";
  const auto times = [](const RunResult& result) {
    std::vector<Instant> all;
    for (const LogRecord* record : chaos_log(result)) {
      if (record->text.starts_with("chaos: drop")) all.push_back(record->time);
    }
    return all;
  };
  const std::vector<Instant> alone = times(run_with(drop));
  EXPECT_GT(alone.size(), 3u);
  EXPECT_EQ(times(run_with(drop + "crash = { rate = \"1/3s\", duration = \"1s\" }\n")), alone);
}

TEST(Chaos, BetweenTwoOfAFamilyItIsCalmForSoLong) {
  const RunResult result =
      run_with("crash = { rate = \"20/s\", duration = \"exponential(200ms)\", calm = \"3s\" }\n");
  const auto log = chaos_log(result);
  EXPECT_GE(log.size(), 6u);
  for (std::size_t i = 1; i < log.size(); ++i) {
    EXPECT_GE(log[i]->time - log[i - 1]->time, seconds(3));
  }
}

TEST(Chaos, KeepsToItsTime) {
  const RunResult result = run_with(
      "from = \"10s\"\nuntil = \"20s\"\npause = { rate = \"2/s\", duration = \"50ms\" }\n");
  ASSERT_GT(chaos_log(result).size(), 5u);
  for (const LogRecord* record : chaos_log(result)) {
    EXPECT_GE(record->time, Instant(seconds(10)));
    EXPECT_LT(record->time, Instant(seconds(20)));
  }
}

TEST(Chaos, WhatIsOnAtTheEndOfTheRunEnds) {
  const RunResult result = run_with("isolate = { rate = \"1/s\", duration = \"1h\" }\n");
  EXPECT_GT(count_of(result, "isolate").struck, 0u);
  EXPECT_EQ(result.verdict, Verdict::kPass);
}

TEST(Chaos, WhoIsCutOffByTheScriptCountsForNothing) {
  const std::string script = R"([[at]]
time = "0s"
partition = { isolate = [0, 1, 2] }
)";
  const RunResult result = run_with("crash = { rate = \"1/s\", duration = \"1s\" }\n", 4, script);
  EXPECT_GT(count_of(result, "crash").struck, 5u);
  for (const LogRecord* record : chaos_log(result)) {
    EXPECT_FALSE(record->text.starts_with("chaos: crash n3 for")) << "the last one in service";
  }
}

}  // namespace
}  // namespace shardproof::sim
