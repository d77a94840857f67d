// SPDX-License-Identifier: Apache-2.0
//
// One clock in all that a user reads: the scenario's, negative while the cluster is set up.
#include <gtest/gtest.h>

#include "sim/run/runner.hpp"
#include "sim/scenario/reader.hpp"

namespace shardproof::sim {
namespace {

RunResult run_crash() {
  const auto loaded = read_scenario(R"(
schema = 1
name = "crash"
duration = "4s"
[cluster]
nodes = 3
[[collection]]
database = "shop"
name = "orders"
[[at]]
time = "2s"
crash = { node = 1 }
)",
                                    "crash.toml");
  auto result = run(loaded.value().spec, RunOptions{});
  return std::move(result.value());
}

TEST(Clock, TheLogBeginsWithTheWorldAndCountsFromTheScenario) {
  const RunResult result = run_crash();
  const auto records = result.log.records();
  ASSERT_FALSE(records.empty());
  EXPECT_EQ(records.front()->time, Instant(seconds(-10)));
  Instant previous = records.front()->time;
  bool has_crashed = false;
  for (const LogRecord* record : records) {
    EXPECT_LE(previous, record->time);
    previous = record->time;
    const bool is_crash = record->kind == LogKind::kProcess && record->text == "down";
    if (!is_crash) continue;
    EXPECT_EQ(record->time, Instant(seconds(2)));
    EXPECT_EQ(record->node, NodeId(1));
    has_crashed = true;
  }
  EXPECT_TRUE(has_crashed);
}

TEST(Clock, TheSeriesBeginsAndEndsWithTheScenario) {
  const RunResult result = run_crash();
  ASSERT_FALSE(result.series.rows().empty());
  EXPECT_EQ(result.series.rows().front().time, Instant());
  EXPECT_EQ(result.series.rows().back().time, Instant(seconds(4)));
  EXPECT_EQ(result.simulated, seconds(4));
}

}  // namespace
}  // namespace shardproof::sim
