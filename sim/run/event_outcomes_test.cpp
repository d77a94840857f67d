// SPDX-License-Identifier: Apache-2.0
//
// What counts as fired, and how long effects last that overlap.
#include <algorithm>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/run/run_testing.hpp"

namespace shardproof::sim {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

/// Four nodes with two copies of each shard, or so many, for 20 s, and `events`.
RunResult run_with(const std::string& events, int copies = 2) {
  const std::string text = R"(
schema = 1
name = "outcomes"
duration = "20s"
[cluster]
nodes = 4
[[collection]]
database = "shop"
name = "orders"
shards = 4
documents = { count = 40 }
replication_factor = )" + std::to_string(copies) +
                           "\n" + events;
  RunResult result = run_text(text);
  EXPECT_EQ(result.violations_total, 0u);
  return result;
}

/// A timed event on one node, as a scenario says it.
std::string at(const std::string& time, const std::string& action, const std::string& end = "") {
  return "[[at]]\ntime = \"" + time + "\"\n" + action + "\n" + end + "\n";
}
std::string crash(const std::string& time, const std::string& restart_after) {
  return at(time, "crash = { node = 3 }", "restart_after = \"" + restart_after + "\"");
}
std::string pause(const std::string& time, const std::string& lasts) {
  return at(time, "pause = { node = 3 }", "lasts = \"" + lasts + "\"");
}
std::string expect_alive(int nodes, const std::string& time) {
  return "[[expect]]\nmetric = \"nodes.alive\"\nequals = " + std::to_string(nodes) + "\nat = \"" +
         time + "\"\n";
}

/// The claims that did not hold.
std::vector<std::string> broken(const RunResult& result) {
  std::vector<std::string> texts;
  for (const ExpectationResult& expectation : result.expectations) {
    EXPECT_GT(expectation.evaluations, 0u) << expectation.text;
    if (!expectation.held) texts.push_back(expectation.text);
  }
  return texts;
}

/// Of the last event, why it has not fired; empty if it has.
std::string last_outcome(const RunResult& result) {
  const FiredEvent& event = result.fired.back();
  EXPECT_EQ(event.fired == 0, !event.why_not.empty());
  return event.why_not;
}

// --- What has fired -----------------------------------------------------------------------------

TEST(Fired, ACrashOfANodeThatIsDownIsNoCrash) {
  const RunResult result =
      run_with(crash("2s", "9s") + at("4s", "crash = { node = 3 }", "restart_after = \"2s\""));
  EXPECT_EQ(last_outcome(result), "n3 was down already");
  EXPECT_EQ(result.verdict, Verdict::kInconclusive);
  EXPECT_THAT(result.undecided, ElementsAre(HasSubstr("n3 was down already")));
}

TEST(Fired, ACrashOfSeveralNodesHasFiredIfOneOfThemWasUp) {
  EXPECT_EQ(last_outcome(run_with(crash("2s", "9s") +
                                  at("4s", "crash = { node = [2, 3] }", "restart_after = \"1s\""))),
            "");
}

TEST(Fired, ACrashOneByOneHasNotFiredIfNobodyWasUp) {
  const std::string both = "restart_after = \"9s\"";
  EXPECT_EQ(last_outcome(run_with(
                at("2s", "crash = { node = [2, 3] }", both) +
                at("4s", "crash = { node = [2, 3], stagger = \"1s\" }", "restart_after = \"1s\""))),
            "n3 was down already");
}

TEST(Fired, APauseOfANodeThatIsDownIsNoPause) {
  EXPECT_EQ(last_outcome(run_with(crash("2s", "9s") + pause("4s", "1s"))), "n3 was down");
}

TEST(Fired, APauseWithinALongerOneChangesNothing) {
  EXPECT_EQ(last_outcome(run_with(pause("2s", "5s") + pause("3s", "1s"))),
            "n3 stood still already");
}

TEST(Fired, ARestartBootsWhatIsDownAndRestartsWhatIsUp) {
  const RunResult result = run_with(at("2s", "crash = { node = 3 }") + expect_alive(3, "4s") +
                                    at("5s", "restart = { node = 3 }") +
                                    at("9s", "restart = { node = 3 }") + expect_alive(4, "8s"));
  EXPECT_EQ(last_outcome(result), "");
  EXPECT_THAT(broken(result), IsEmpty());
}

TEST(Fired, WhoeverHasLeftTheClusterIsNoTargetAnyMore) {
  const std::string drained = at("1s", "drain = { node = 3 }");
  for (const std::string action : {"drain", "remove", "crash", "slow", "disk_full", "restart"}) {
    const std::string fields = action == "slow" ? ", disk = \"2x\"" : "";
    EXPECT_EQ(last_outcome(run_with(drained + at("15s", action + " = { node = 3" + fields + " }"))),
              "n3 had left the cluster")
        << action;
  }
  EXPECT_EQ(last_outcome(run_with(drained + at("15s", "partition = { isolate = 3 }"))),
            "n3 had left the cluster");
  EXPECT_EQ(last_outcome(run_with(drained + at("15s", "clock = { node = 3, step = \"1s\" }"))),
            "n3 had left the cluster");
}

TEST(Fired, ARemovedNodesDeadProcessMayComeBack) {
  EXPECT_EQ(
      last_outcome(run_with(at("1s", "crash = { node = 3 }") + at("6s", "remove = { node = 3 }") +
                            at("15s", "restart = { node = 3 }"))),
      "");
}

TEST(Fired, APartitionFromNobodyIsNone) {
  EXPECT_EQ(last_outcome(run_with(at("3s", "partition = { isolate = \"migration.source\" }"))),
            "no migration was under way");
  EXPECT_EQ(last_outcome(run_with(at("3s", "partition = { from = 0, to = \"migration.target\" }"))),
            "no migration was under way");
}

TEST(Fired, APartitionOfTheMetadataStoreNeedsNoNode) {
  EXPECT_EQ(last_outcome(run_with(at("3s", "partition = { from = \"metadata\", to = \"others\" }",
                                     "lasts = \"1s\""))),
            "");
}

TEST(Fired, AWhenThatFoundNobodyWaitsForItsConditionToBecomeTrueAgain) {
  const std::string when =
      "[[when]]\ncondition = \"nodes.alive < 4\"\ncrash = { node = 3 }\nrestart_after = \"1s\"\n";
  // First because node 3 itself is down, then because node 2 is.
  const RunResult result = run_with(
      crash("2s", "4s") + at("11s", "crash = { node = 2 }", "restart_after = \"4s\"") + when);
  EXPECT_EQ(result.fired.back().fired, 1u);
}

// --- How long it lasts --------------------------------------------------------------------------

TEST(Overlap, AShorterOutageWithinALongerOneEndsNothing) {
  // 2 s to 12 s, and to no avail 4 s to 6 s.
  EXPECT_THAT(broken(run_with(crash("2s", "10s") + crash("4s", "2s") + expect_alive(3, "11s") +
                              expect_alive(4, "15s"))),
              IsEmpty());
}

TEST(Overlap, ALaterOutageHoldsTheNodeDownBeyondTheFirst) {
  const RunResult result = run_with(crash("2s", "4s") + crash("4s", "8s") + expect_alive(3, "11s") +
                                    expect_alive(4, "15s"));
  EXPECT_THAT(broken(result), IsEmpty());
  EXPECT_EQ(last_outcome(result), "");
}

TEST(Overlap, ARestartEndsTheOutagesAndALaterOneIsNotEndedByThem) {
  // The outage from 2 s would end at 10 s; the one from 8 s ends at 16 s.
  EXPECT_THAT(broken(run_with(crash("2s", "8s") + at("4s", "restart = { node = 3 }") +
                              expect_alive(4, "7s") + crash("8s", "8s") + expect_alive(3, "13s") +
                              expect_alive(4, "19s"))),
              IsEmpty());
}

TEST(Overlap, ALaterPauseHoldsBeyondTheFirst) {
  EXPECT_THAT(broken(run_with(pause("2s", "4s") + pause("4s", "8s") + expect_alive(3, "11s") +
                              expect_alive(4, "15s"))),
              IsEmpty());
}

TEST(Overlap, ACrashEndsThePauseAndALaterPauseIsNotEndedByIt) {
  // The pause from 2 s would end at 10 s; the one from 8 s ends at 16 s.
  EXPECT_THAT(broken(run_with(pause("2s", "8s") + crash("4s", "1s") + expect_alive(4, "7s") +
                              pause("8s", "8s") + expect_alive(3, "13s") + expect_alive(4, "19s"))),
              IsEmpty());
}

// --- Disks --------------------------------------------------------------------------------------

TEST(Disks, ALostDiskTakesANodeDownAndItsCopiesAreMadeAnew) {
  const RunResult result = run_with(at("2s", "lose_disk = { node = 3 }", "restart_after = \"2s\"") +
                                    expect_alive(3, "3s") + expect_alive(4, "9s") +
                                    "[[expect]]\nmetric = \"faults.disks_lost\"\nequals = 1\n" +
                                    "[[expect]]\nmetric = \"replicas.learners\"\nequals = 0\n");
  EXPECT_EQ(last_outcome(result), "");
  EXPECT_THAT(broken(result), IsEmpty());
}

TEST(Disks, TheDiskOfANodeThatIsDownMayBeLostToo) {
  EXPECT_EQ(last_outcome(run_with(crash("2s", "5s") +
                                  at("3s", "lose_disk = { node = 3 }", "restart_after = \"1s\""))),
            "");
}

std::string swap(const std::string& time, const std::string& node, const std::string& with) {
  return at(time, "swap_disks = { node = " + node + ", with = " + with + " }",
            "restart_after = \"1s\"");
}

TEST(Disks, NodesWithEachOthersDisksLearnEverythingAnew) {
  const RunResult result =
      run_with(swap("2s", "0", "3") + expect_alive(2, "2500ms") + expect_alive(4, "5s") +
                   "[[expect]]\nmetric = \"shards.offline\"\nequals = 0\n" +
                   "[[expect]]\nmetric = \"replicas.learners\"\nequals = 0\n",
               3);
  EXPECT_EQ(last_outcome(result), "");
  EXPECT_THAT(broken(result), IsEmpty());
  const auto found =
      std::find_if(result.probes.begin(), result.probes.end(),
                   [](const auto& probe) { return probe.name == "foreign_disk_found"; });
  ASSERT_NE(found, result.probes.end());
  EXPECT_EQ(found->count, 2u);
}

TEST(Disks, ThoseOfNodesThatAreDownMayBeSwappedToo) {
  EXPECT_EQ(last_outcome(run_with(crash("2s", "5s") + swap("3s", "1", "3"), 3)), "");
}

TEST(Disks, NoDiskReturnsToWhereItHasBeen) {
  const std::string first = swap("2s", "0", "3");
  EXPECT_EQ(last_outcome(run_with(first + swap("8s", "3", "0"), 3)),
            "the disk of n0 has been in n3 before: what it held then would be back");
  EXPECT_EQ(last_outcome(run_with(first + swap("8s", "3", "1"), 3)), "");
  EXPECT_EQ(last_outcome(run_with(first + swap("6s", "3", "1") + swap("12s", "1", "0"), 3)),
            "the disk of n1 has been in n0 before: what it held then would be back");
}

TEST(Disks, ANodeIsNotSwappedWithItself) {
  EXPECT_EQ(last_outcome(run_with(swap("2s", "3", "\"migration.target\""), 3)),
            "no migration was under way");
  EXPECT_EQ(last_outcome(run_with(swap("2s", "\"random\"", "\"random\""), 3)), "");
  EXPECT_EQ(last_outcome(run_with(swap("2s", "3", "\"all\""), 3)), "");
}

TEST(Disks, DamageCostsNothingButCopying) {
  const RunResult result = run_with(at("2s", "corrupt = { node = 3, sectors = 9 }") +
                                    at("4s", "restart = { node = 3 }") +
                                    "[[expect]]\nmetric = \"replicas.learners\"\nequals = 0\n");
  EXPECT_EQ(last_outcome(result), "");
  EXPECT_THAT(broken(result), IsEmpty());
}

TEST(Disks, OfAnEmptyDiskNothingCanRot) {
  EXPECT_EQ(last_outcome(run_with(at("2s", "lose_disk = { node = 3 }") +
                                  at("3s", "corrupt = { node = 3 }"))),
            "nothing had lain on the disk of n3 for long");
}

TEST(Disks, AStallKeepsANodeFromBootingUntilItEnds) {
  const RunResult result =
      run_with(at("2s", "stall = { node = 3 }", "lasts = \"6s\"") +
               at("3s", "restart = { node = 3 }") + expect_alive(3, "7s") + expect_alive(4, "12s"));
  EXPECT_EQ(last_outcome(result), "");
  EXPECT_THAT(broken(result), IsEmpty());
}

TEST(Disks, WritesGoOnThroughErrorsAndStalls) {
  const std::string traffic =
      "[[traffic]]\nrate = \"100/s\"\nmix = { replace = 0.5, insert = 0.5 }\n";
  const RunResult result =
      run_with(at("2s", "disk_errors = { node = \"all\", failed = \"20%\", unknown = \"20%\" }",
                  "lasts = \"5s\"") +
               at("9s", "stall = { node = 3 }", "lasts = \"3s\"") + traffic +
               "[[expect]]\nmetric = \"faults.disk_errors\"\nmin = 100\n");
  EXPECT_EQ(last_outcome(result), "");
  EXPECT_THAT(broken(result), IsEmpty());
}

}  // namespace
}  // namespace shardproof::sim
