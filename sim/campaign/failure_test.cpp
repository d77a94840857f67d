// SPDX-License-Identifier: Apache-2.0
#include "sim/campaign/failure.hpp"

#include <stdexcept>

#include <gtest/gtest.h>

#include "sim/run/runner.hpp"

namespace shardproof::sim::campaign {
namespace {

Fingerprint violation(std::uint32_t invariant, std::optional<MigrationPhase> phase,
                      std::vector<NodeRole> roles) {
  return {Fingerprint::Kind::kViolation, invariant, phase, std::move(roles), {}};
}

RunResult failed_run() {
  RunResult result;
  ViolationRecord record;
  record.invariant = 5;
  record.name = "single owner";
  record.message = "n1 accepted a write";
  record.statement = "at most one leads";
  record.time = Instant(seconds(3));
  record.event = 77;
  record.phase = MigrationPhase::Switch;
  record.roles = {NodeRole::kSource, NodeRole::kLeader};
  result.violations = {record};
  ExpectationResult broken;
  broken.text = "client.failed == 0 at the end";
  broken.evaluations = 1;
  broken.value = ExactValue::integer(3);
  broken.evaluated_at = Instant(seconds(9));
  result.expectations = {broken};
  return result;
}

TEST(Failure, AViolationCountsBeforeAnExpectation) {
  const RunResult result = failed_run();
  const auto failure = failure_of(result);
  ASSERT_TRUE(failure.has_value());
  EXPECT_EQ(to_string(failure->fingerprint), "invariant 5, phase switch, roles source leader");
  EXPECT_EQ(failure->detail, "n1 accepted a write");
  EXPECT_EQ(failure->statement, "at most one leads");
  EXPECT_EQ(failure->time, seconds(3));
  EXPECT_EQ(failure->event, 77u);
  RunResult other = failed_run();
  other.violations.clear();
  EXPECT_EQ(to_string(failure_of(other)->fingerprint), "expectation client.failed == 0 at the end");
}

TEST(Failure, ARunThatHoldsAndOneThatWasNeverJudgedHaveNone) {
  RunResult result = failed_run();
  result.violations.clear();
  result.expectations[0].evaluations = 0;
  EXPECT_FALSE(failure_of(result).has_value());
  result.expectations[0].evaluations = 1;
  result.expectations[0].held = true;
  EXPECT_FALSE(failure_of(result).has_value());
}

TEST(Failure, AnInternalErrorIsKnownByItsPlaceAndNotByItsValues) {
  const Failure one =
      failure_of(std::logic_error("core/a.cpp:12: check failed: x == 1: x=2\nmore"));
  const Failure other = failure_of(std::logic_error("core/a.cpp:12: check failed: x == 1: x=3"));
  EXPECT_EQ(one.fingerprint, other.fingerprint);
  EXPECT_EQ(one.fingerprint.text, "core/a.cpp:12");
  EXPECT_FALSE(one.time.has_value());
}

TEST(Failure, OneThatEndedARunSaysWhereAndIsTheSameWherever) {
  const std::string what = "core/a.cpp:12: check failed: x == 1: x=2";
  RunPlace place;
  place.event = 77;
  place.time = Instant(seconds(4));
  place.has_begun = true;
  place.origin = Instant(seconds(1));
  place.what.kind = EventKind::Boot;
  place.what.to = Endpoint::node(NodeId(2));
  const Failure failure = failure_of(RunCrash(what, place, {}));
  EXPECT_EQ(failure.fingerprint, failure_of(std::logic_error(what)).fingerprint);
  EXPECT_EQ(failure.detail, what + "; at 3.000000000s, after event 77: n2 booted");
  EXPECT_EQ(failure.time, seconds(3));
  EXPECT_EQ(failure.event, 77u);
}

TEST(Failure, TheSameBugIsTheInvariantThePhaseAndTheOffendersRole) {
  const Fingerprint original =
      violation(5, MigrationPhase::Copy, {NodeRole::kLeader, NodeRole::kReplica});
  EXPECT_TRUE(is_same_bug(violation(5, MigrationPhase::Copy, {NodeRole::kLeader}), original));
  EXPECT_FALSE(is_same_bug(violation(4, MigrationPhase::Copy, {NodeRole::kLeader}), original));
  EXPECT_FALSE(is_same_bug(violation(5, std::nullopt, {NodeRole::kLeader}), original));
  EXPECT_FALSE(is_same_bug(violation(5, MigrationPhase::Copy, {NodeRole::kReplica}), original));
  EXPECT_NE(violation(5, MigrationPhase::Copy, {NodeRole::kLeader}), original);
}

Failure broken_claim(BrokenClaim claim) {
  Failure failure;
  failure.fingerprint = {Fingerprint::Kind::kExpectation, 0, {}, {}, "nodes.alive == 5 always"};
  failure.broken_claim = claim;
  return failure;
}

TEST(Failure, AClaimThatHeldAtFirstIsNotShownByOneThatNeverDid) {
  const Failure original = broken_claim({true, true, ExactValue::integer(4)});
  EXPECT_TRUE(shows_the_same(broken_claim({true, true, ExactValue::integer(4)}), original));
  EXPECT_FALSE(shows_the_same(broken_claim({false, true, ExactValue::integer(4)}), original));
  EXPECT_FALSE(shows_the_same(broken_claim({true, false, ExactValue::integer(6)}), original));
}

TEST(Failure, AValueThatIsTooLowMustGetNoLower) {
  const Failure original = broken_claim({true, true, ExactValue::integer(3)});
  EXPECT_TRUE(shows_the_same(broken_claim({true, true, ExactValue::integer(4)}), original));
  EXPECT_FALSE(shows_the_same(broken_claim({true, true, ExactValue::integer(2)}), original));
  const Failure too_high = broken_claim({false, false, ExactValue::integer(9)});
  EXPECT_TRUE(shows_the_same(broken_claim({false, false, ExactValue::integer(7)}), too_high));
}

}  // namespace
}  // namespace shardproof::sim::campaign
