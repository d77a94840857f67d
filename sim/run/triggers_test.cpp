// SPDX-License-Identifier: Apache-2.0
//
// What makes a cluster rebalance, from the scenario's text to the copies that move.
#include <string>

#include <gtest/gtest.h>

#include "sim/run/run_testing.hpp"

namespace shardproof::sim {
namespace {

/// A fourth node joins three that hold 16 copies each, a third more than the new mean.
RunResult run_join(const std::string& policy) {
  const std::string text = R"(
schema = 1
name = "join"
duration = "15s"
policy = )" + policy + R"(
[cluster]
nodes = 3
[[collection]]
database = "shop"
name = "orders"
replication_factor = 3
documents = { count = 160 }
[[at]]
time = "1s"
join = { nodes = 1 }
)";
  RunResult result = run_text(text);
  EXPECT_EQ(result.violations_total, 0u);
  return result;
}

bool has_moved(const RunResult& result, std::uint64_t copies) {
  return *result.find_metric("migrations.completed")->value == Ratio(copies, 1);
}

TEST(Triggers, AJoinByDefault) { EXPECT_TRUE(has_moved(run_join("{}"), 12)); }

TEST(Triggers, NoneIfMembershipIsNoReasonAndNothingElseIs) {
  EXPECT_TRUE(has_moved(run_join("{ on_membership = false }"), 0));
}

TEST(Triggers, ANodeBeyondTheThreshold) {
  EXPECT_TRUE(has_moved(run_join(R"({ on_membership = false, threshold = "30%" })"), 12));
}

TEST(Triggers, NoNodeBeyondTheThreshold) {
  EXPECT_TRUE(has_moved(run_join(R"({ on_membership = false, threshold = "40%" })"), 0));
}

TEST(Triggers, APeriod) {
  EXPECT_TRUE(has_moved(run_join(R"({ on_membership = false, period = "2s" })"), 12));
}

}  // namespace
}  // namespace shardproof::sim
