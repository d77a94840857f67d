// SPDX-License-Identifier: Apache-2.0
#include "sim/campaign/claim_scope.hpp"

#include <gtest/gtest.h>

#include "sim/campaign/cuts.hpp"
#include "sim/run/expectations.hpp"
#include "sim/scenario/scenario_testing.hpp"

namespace shardproof::sim::campaign {
namespace {

/// Four nodes; one joins at 2 s, one crashes from 3 s to 5 s; 20 s; and one expectation.
ScenarioSpec scenario_with(const std::string& expectation) {
  return scenario_of(R"(
schema = 1
name = "claims"
duration = "20s"
[cluster]
nodes = 4
[[collection]]
database = "shop"
name = "orders"
shards = 8
[[traffic]]
rate = "100/s"
[[at]]
time = "2s"
join = { nodes = 1 }
[[at]]
time = "3s"
crash = { node = 1 }
restart_after = "2s"
[[expect]]
)" + expectation);
}

Failure failure_of(const ScenarioSpec& spec, bool is_too_low) {
  Failure failure;
  failure.fingerprint.kind = Fingerprint::Kind::kExpectation;
  failure.fingerprint.text = describe(spec.expectations.front());
  failure.broken_claim = BrokenClaim{false, is_too_low, ExactValue::integer(1)};
  return failure;
}

/// Whether the scenario still says what it said, changed like this.
bool remains(const ScenarioSpec& original, const Failure& failure,
             const std::function<void(ScenarioSpec&)>& change) {
  ScenarioSpec candidate = original;
  change(candidate);
  return is_within_scope(candidate, original, failure);
}

void drop_last_node(ScenarioSpec& spec) { drop_node(spec, 3); }
void lower_shards(ScenarioSpec& spec) { spec.collections[0].shards = 1; }
void drop_all_traffic(ScenarioSpec& spec) { spec.traffic.clear(); }
void drop_join(ScenarioSpec& spec) { keep_events(spec, {1}); }
void drop_crash(ScenarioSpec& spec) { keep_events(spec, {0}); }

TEST(ClaimScope, NodesAndCollectionsStay) {
  const ScenarioSpec spec = scenario_with("metric = \"shards.offline\"\nequals = 0\nalways = true");
  const Failure failure = failure_of(spec, false);
  EXPECT_FALSE(remains(spec, failure, drop_last_node));
  EXPECT_FALSE(remains(spec, failure, lower_shards));
  EXPECT_TRUE(remains(spec, failure, drop_all_traffic));
  EXPECT_TRUE(remains(spec, failure, drop_join));
  EXPECT_TRUE(remains(spec, failure, [](ScenarioSpec& one) { one.duration = seconds(4); }));
}

TEST(ClaimScope, TrafficStaysWhereItIsMeasured) {
  const ScenarioSpec spec = scenario_with("metric = \"client.failed\"\nequals = 0");
  EXPECT_FALSE(remains(spec, failure_of(spec, false), drop_all_traffic));
  EXPECT_TRUE(remains(spec, failure_of(spec, false), [](ScenarioSpec& one) {
    keep_events(one, {});
    one.duration = one.traffic[0].stop = seconds(15);
  })) << "the same traffic, for less time";
}

TEST(ClaimScope, OfAValueThatIsTooLowStaysWhatWouldRaiseIt) {
  const ScenarioSpec spec = scenario_with("metric = \"migrations.completed\"\nmin = 9");
  const Failure failure = failure_of(spec, true);
  EXPECT_FALSE(remains(spec, failure, drop_join));
  EXPECT_TRUE(remains(spec, failure, drop_crash));
  EXPECT_FALSE(remains(spec, failure, drop_all_traffic));
  EXPECT_FALSE(remains(spec, failure, [](ScenarioSpec& one) { one.duration = seconds(19); }));
}

TEST(ClaimScope, OfAValueThatFellStaysWhatItIsAboutAlone) {
  const ScenarioSpec spec = scenario_with("metric = \"nodes.alive\"\nmin = 4\nalways = true");
  Failure failure = failure_of(spec, true);
  failure.broken_claim->held_at_first = true;
  EXPECT_TRUE(remains(spec, failure, drop_join));
  EXPECT_TRUE(remains(spec, failure, drop_all_traffic));
  EXPECT_FALSE(remains(spec, failure, drop_last_node));
}

TEST(ClaimScope, AClaimAboutTheEndKeepsTheTimeInWhichItWasToComeTrue) {
  const ScenarioSpec spec = scenario_with("metric = \"shards.offline\"\nequals = 0");
  const Failure failure = failure_of(spec, false);
  EXPECT_FALSE(remains(spec, failure, [](ScenarioSpec& one) { one.duration = seconds(19); }));
  EXPECT_TRUE(remains(spec, failure, [](ScenarioSpec& one) {
    for (EventSpec& event : one.events) *event.time = *event.time - seconds(2);
    one.duration = seconds(18);
  }));
}

TEST(ClaimScope, WhatIsNoExpectationNeedsNothing) {
  const ScenarioSpec spec = scenario_with("metric = \"client.failed\"\nequals = 0");
  EXPECT_TRUE(remains(spec, Failure{}, drop_last_node));
}

}  // namespace
}  // namespace shardproof::sim::campaign
