// SPDX-License-Identifier: Apache-2.0
//
// What befalls several nodes at once or in turn, from the scenario's text to the result.
#include <set>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/run/run_testing.hpp"

namespace shardproof::sim {
namespace {

using ::testing::HasSubstr;

/// Nodes in three zones of two racks each, three copies of each shard, for 20 s, and `more`.
RunResult run_with(const std::string& more, std::uint64_t seed = 1,
                   const std::string& nodes = "6") {
  const std::string text = R"(
schema = 1
name = "domains"
duration = "20s"
[cluster]
nodes = )" + nodes + R"(
zones = ["a", "b", "c"]
racks = ["r1", "r2"]
[[collection]]
database = "shop"
name = "orders"
shards = 6
replication_factor = 3
documents = { count = 60 }
[[traffic]]
rate = "50/s"
)" + more;
  RunResult result = run_text(text, seed);
  EXPECT_EQ(result.violations_total, 0u);
  return result;
}

std::uint64_t struck(const RunResult& result, std::string_view fault) {
  for (const FaultCount& count : result.faults) {
    if (count.name == fault) return count.count;
  }
  return 0;
}

/// The nodes that the records with that text are about, at each of their times.
std::vector<std::vector<NodeId>> nodes_at_once(const RunResult& result, std::string_view text) {
  std::vector<std::vector<NodeId>> groups;
  Instant last = Instant::never();
  for (const LogRecord* record : result.log.records()) {
    if (record->text.find(text) == std::string::npos) continue;
    if (record->time != last) groups.emplace_back();
    last = record->time;
    groups.back().push_back(record->node);
  }
  return groups;
}

std::vector<const LogRecord*> chaos_log(const RunResult& result) {
  std::vector<const LogRecord*> records = result.log.records();
  std::erase_if(records, [](const LogRecord* r) { return !r->text.starts_with("chaos: "); });
  return records;
}

TEST(DomainFaults, ARandomZoneIsOneWholeZone) {
  std::set<std::vector<NodeId>> seen;
  for (std::uint64_t seed = 1; seed <= 12; ++seed) {
    const RunResult result = run_with(
        "[[at]]\ntime = \"3s\"\nlose_disk = { node = { random = \"zone\" } }\n"
        "restart_after = \"1s\"\n",
        seed);
    const auto groups = nodes_at_once(result, "its disk is lost");
    ASSERT_EQ(groups.size(), 1u) << seed;
    ASSERT_EQ(groups[0].size(), 2u) << seed;
    EXPECT_EQ(groups[0][0].value() + 3, groups[0][1].value()) << "zones take nodes in turn";
    seen.insert(groups[0]);
  }
  EXPECT_EQ(seen.size(), 3u) << "each zone at some time";
}

TEST(DomainFaults, ARandomRackIsOneWholeRackOfOneZone) {
  std::set<std::vector<NodeId>> seen;
  for (std::uint64_t seed = 1; seed <= 12; ++seed) {
    const RunResult result = run_with(
        "[[at]]\ntime = \"3s\"\nlose_disk = { node = { random = \"rack\" } }\n"
        "restart_after = \"1s\"\n",
        seed, "12");
    const auto groups = nodes_at_once(result, "its disk is lost");
    ASSERT_EQ(groups.size(), 1u) << seed;
    ASSERT_EQ(groups[0].size(), 2u) << seed << ": a zone has four";
    EXPECT_EQ(groups[0][0].value() + 6, groups[0][1].value()) << "racks of a zone take turns, too";
    seen.insert(groups[0]);
  }
  EXPECT_GT(seen.size(), 3u) << "racks of several zones";
}

TEST(DomainFaults, RandomFaultsOfDomainsStrikeThemAsAWhole) {
  const RunResult result =
      run_with("[chaos]\ndomain_crash = { rate = \"1/2s\", duration = \"300ms\" }\n");
  std::size_t wholes = 0;
  for (const LogRecord* record : chaos_log(result)) {
    if (record->text.find("refused") != std::string::npos) continue;
    EXPECT_THAT(record->text, ::testing::AnyOf(HasSubstr("n0, n3 for"), HasSubstr("n1, n4 for"),
                                               HasSubstr("n2, n5 for")));
    ++wholes;
  }
  EXPECT_GT(wholes, 3u);
  EXPECT_EQ(struck(result, "crash"), wholes * 2);
}

TEST(DomainFaults, TheBudgetGrantsNoDomainWithoutWhichAShardIsOutOfService) {
  const std::string regions =
      "[chaos]\ndomain_crash = { rate = \"1/2s\", duration = \"300ms\", level = \"region\" }\n";
  const RunResult refused = run_with(regions);
  EXPECT_EQ(struck(refused, "crash"), 0u) << "there is one region";
  EXPECT_THAT(refused.warnings, ::testing::Contains(HasSubstr("refused every \"domain_crash\"")));
  EXPECT_GT(struck(run_with(regions + "budget = \"unlimited\"\n"), "crash"), 5u);
}

TEST(DomainFaults, ABatchOfDisksIsAsLargeAsTheBudgetAllows) {
  const RunResult result =
      run_with("[chaos]\ndisk_batch = { rate = \"1/4s\", duration = \"300ms\", disks = 6 }\n");
  const auto groups = nodes_at_once(result, "its disk is lost");
  ASSERT_GT(groups.size(), 1u);
  bool has_several = false;
  for (const auto& group : groups) {
    EXPECT_LT(group.size(), 6u);
    has_several = has_several || group.size() > 1;
  }
  EXPECT_TRUE(has_several);
}

TEST(RollingRestart, RestartsEachNodeOnceWhileItIsInMaintenance) {
  const RunResult result =
      run_with("[[at]]\ntime = \"3s\"\nrolling_restart = {}\nlasts = \"12s\"\n");
  EXPECT_EQ(result.verdict, Verdict::kPass);
  EXPECT_EQ(struck(result, "rolling_restart"), 1u);
  EXPECT_EQ(struck(result, "restart"), 6u);
  EXPECT_EQ(struck(result, "crash"), 0u);
  EXPECT_EQ(result.operators.commands, 12u) << "into maintenance and out of it";
  EXPECT_EQ(result.operators.refused, 0u);
}

TEST(RollingRestart, BringsNobodyBackWhoHasCrashed) {
  const RunResult result = run_with(
      "[[at]]\ntime = \"1s\"\ncrash = { node = 4 }\nrestart_after = \"18s\"\n"
      "[[at]]\ntime = \"3s\"\nrolling_restart = {}\nlasts = \"6s\"\n");
  EXPECT_EQ(struck(result, "restart"), 6u) << "five of them in turn, and n4 at the end";
}

TEST(RollingRestart, EndsWithTheRunInTheMiddleOfATurn) {
  const RunResult result =
      run_with("[[at]]\ntime = \"15s\"\nrolling_restart = { node = [1, 2] }\nlasts = \"9s\"\n");
  EXPECT_EQ(struck(result, "restart"), 1u);
  EXPECT_TRUE(result.settling->came_to_rest);
}

}  // namespace
}  // namespace shardproof::sim
