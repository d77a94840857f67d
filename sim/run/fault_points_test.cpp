// SPDX-License-Identifier: Apache-2.0
//
// Fault points and probes, from the scenario's text to what the result says of them.
#include "core/fault_points.hpp"

#include <string>

#include <gtest/gtest.h>

#include "core/probes.hpp"
#include "sim/run/run_testing.hpp"

namespace shardproof::sim {
namespace {

/// Five nodes whose copies move all the time, with crashes, and `more` at the end.
RunResult run_with(const std::string& mode, const std::string& more) {
  const std::string text = R"(
schema = 1
name = "fault points"
duration = "20s"
tie = "pct"
[cluster]
nodes = 5
[[collection]]
database = "shop"
name = "orders"
shards = 8
documents = { count = 200 }
replication_factor = 3
[[collection]]
database = "shop"
name = "carts"
shards = 4
documents = { count = 100 }
sharded = false
[[traffic]]
collection = "shop.orders"
rate = "150/s"
read_from = "replica"
[migration]
write_mode = ")" + mode + R"toml("
chunk = "1KiB"
[disk]
compaction = "10KiB"
[protocol]
heartbeat = "100ms"
lease = "1s"
clock_error = "50ms"
[network]
latency = "uniform(100us, 20ms)"
[[at]]
time = "3s"
maintenance = { node = 1 }
lasts = "5s"
[[at]]
time = "2s"
enable_sharding = { collection = "shop.carts" }
[[at]]
time = "9s"
join = { nodes = 1 }
[chaos]
until = "16s"
crash = { rate = "1/2s", duration = "2s" }
)toml" + more;
  return run_text(text);
}

std::uint64_t count_of(const std::vector<NamedCount>& counts, std::string_view name) {
  for (const NamedCount& count : counts) {
    if (count.name == name) return count.count;
  }
  SHARDPROOF_CHECK(false, "no {}", name);
  return 0;
}

TEST(FaultPointRuns, EachFiresAndTheProtocolBearsIt) {
  for (const FaultPointInfo& info : fault_point_catalogue()) {
    std::uint64_t firings = 0;
    for (const char* mode : {"queue", "live"}) {
      // Asked at every look at a migration: at a half none would ever come to an end.
      std::string chance = info.point == FaultPoint::PhaseTimeout ? "0.1" : "0.5";
      // Asked once.
      if (info.point == FaultPoint::SmallReshardBatch) chance = "1";
      const RunResult result =
          run_with(mode, "[fault_points]\n" + std::string(info.name) + " = " + chance + "\n");
      EXPECT_EQ(result.violations_total, 0u)
          << info.name << ", " << mode << ": " << result.violations.front().message;
      firings += count_of(result.fault_points, info.name);
      EXPECT_EQ(result.fault_points.size(), 1u);
    }
    EXPECT_GT(firings, 0u) << info.name;
  }
}

TEST(FaultPointRuns, WhatIsNotAskedForIsNotInTheResult) {
  EXPECT_TRUE(run_with("queue", "").fault_points.empty());
}

TEST(FaultPointRuns, ChanceZeroChangesNothing) {
  const RunResult without = run_with("queue", "");
  const RunResult with = run_with("queue", "[fault_points]\nsmall_chunk = 0\n");
  EXPECT_EQ(with.digest, without.digest);
  EXPECT_EQ(count_of(with.fault_points, "small_chunk"), 0u);
}

TEST(FaultPointRuns, AreTheSameEachTime) {
  const std::string points = "[fault_points]\nsmall_chunk = 0.3\ncommit_doubled = 0.3\n";
  EXPECT_EQ(run_with("live", points).digest, run_with("live", points).digest);
}

TEST(ProbeRuns, WhatNodesComeByIsCountedByName) {
  const RunResult result = run_with("queue", "");
  EXPECT_EQ(result.probes.size(), kProbes);
  EXPECT_GT(count_of(result.probes, "learner_promoted"), 0u);
  EXPECT_GT(count_of(result.probes, "failover_of_restarted_leader"), 0u);
  EXPECT_EQ(count_of(result.probes, "damaged_log_given_up"), 0u);
}

TEST(ProbeRuns, AForcedCourseShowsInItsProbe) {
  const RunResult result = run_with("queue", "[fault_points]\nqueue_full = 1\n");
  EXPECT_EQ(count_of(result.probes, "write_queue_refused"),
            count_of(result.fault_points, "queue_full"));
}

}  // namespace
}  // namespace shardproof::sim
