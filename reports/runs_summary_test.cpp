// SPDX-License-Identifier: Apache-2.0
#include "reports/runs_summary.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "reports/sample_testing.hpp"

namespace shardproof::reports {
namespace {

using ::testing::ElementsAre;
using testing::failed_run;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::passed_run;
using ::testing::SizeIs;

sim::RunResult with_seed(sim::RunResult result, std::uint64_t seed) {
  result.seed = seed;
  return result;
}

sim::RunResult inconclusive_run() {
  sim::RunResult result = passed_run();
  result.fired = {{"at 10s: crash = { node = 0 }", 0, "n0 was down already"}};
  judge(result);
  return result;
}

TEST(RunsSummary, CountsEachRunOnce) {
  RunsSummary summary(6);
  summary.add(passed_run());
  summary.add(failed_run());
  summary.add(inconclusive_run());
  summary.add_error(passed_run(), "no memory");
  const std::string text = summary.text(1'500'000'000, {});
  EXPECT_THAT(text, HasSubstr("6 runs: 1 passed, 1 failed, 1 inconclusive, 1 ended by an error, "
                              "2 not done\n"));
  EXPECT_THAT(text, HasSubstr(" in 1.50 s\n"));
}

TEST(RunsSummary, AFailureIsInAGroupForEachFindingAndNoneForWhatWasUndecided) {
  RunsSummary summary(1);
  sim::RunResult both = failed_run();
  both.undecided = {"something else"};
  summary.add(both);
  std::vector<std::string> found;
  for (const RunsSummary::Group& group : summary.groups()) found.push_back(group.what);
  EXPECT_THAT(found, ElementsAre("invariant 5, single owner", HasSubstr("expected ")));
}

TEST(RunsSummary, RunsWithTheSameFindingShareAGroupWhoseFirstRunIsReplayed) {
  RunsSummary summary(40);
  EXPECT_FALSE(summary.is_known(failed_run()));
  for (std::uint64_t seed = 3; seed < 33; ++seed) summary.add(with_seed(failed_run(), seed));
  EXPECT_TRUE(summary.is_known(failed_run()));
  const std::vector<RunsSummary::Group> groups = summary.groups();
  EXPECT_EQ(groups[0].runs, 30u);
  EXPECT_THAT(groups[0].seeds, SizeIs(RunsSummary::kSeedsKept));
  EXPECT_EQ(groups[0].replay, "shardproof run scenarios/failover.toml --seed 3");
  EXPECT_THAT(summary.text(0, {}), HasSubstr("seeds 3, 4, 5, 6, 7, 8, 9, 10 and 22 more\n"));
}

TEST(RunsSummary, OnlyTheTextNamesTheProgramAsItWasCalledHere) {
  RunsSummary summary(1);
  summary.add(failed_run());
  const Style style{false, "/opt/shardproof"};
  EXPECT_THAT(summary.text(0, style), HasSubstr("\n  /opt/shardproof run scenarios/failover.toml"));
  EXPECT_THAT(summary.json(), HasSubstr("\"shardproof run scenarios/failover.toml --seed 42\""));
}

TEST(RunsSummary, WhatIsKeptIsReplayedFromThere) {
  RunsSummary summary(1);
  summary.add(failed_run(), "out/failover-seed-42");
  EXPECT_THAT(summary.text(0, {}), HasSubstr("\n  shardproof replay out/failover-seed-42\n"));
  EXPECT_THAT(summary.json(), HasSubstr("\"shardproof run scenarios/failover.toml --seed 42\""));
}

TEST(RunsSummary, OneScenariosFindingIsNotAnothers) {
  RunsSummary summary(2);
  summary.add(failed_run());
  sim::RunResult other = failed_run();
  other.scenario = "another";
  EXPECT_FALSE(summary.is_known(other));
}

TEST(RunsSummary, FailuresComeBeforeErrorsAndWhatIsInconclusive) {
  RunsSummary summary(3);
  summary.add(inconclusive_run());
  summary.add_error(passed_run(), "no memory");
  summary.add(failed_run());
  const std::string text = summary.text(0, {});
  EXPECT_LT(text.find("\nFAIL"), text.find("\nERROR"));
  EXPECT_LT(text.find("\nERROR"), text.find("\nINCONCLUSIVE"));
}

TEST(RunsSummary, OfPassedRunsAreOnlyTheCounts) {
  RunsSummary summary(1);
  summary.add(passed_run());
  EXPECT_TRUE(summary.is_known(passed_run()));
  EXPECT_THAT(summary.text(0, {}), Not(HasSubstr("seed")));
}

TEST(RunsSummary, TheDocumentHasTheSameCountsAndGroups) {
  RunsSummary summary(2);
  summary.add(failed_run());
  summary.add_error(passed_run(), "bytes that are no text: \xff");
  const auto document = nlohmann::json::parse(summary.json())["summary"];
  EXPECT_EQ(document["runs"], 2);
  EXPECT_EQ(document["failed"], 1);
  EXPECT_EQ(document["errors"], 1);
  EXPECT_EQ(document["events"], failed_run().events);
  EXPECT_EQ(document["findings"].size(), 3u);
  EXPECT_EQ(document["findings"][0]["what"], "invariant 5, single owner");
  EXPECT_EQ(document["findings"][0]["seeds"], nlohmann::json::array({42}));
  EXPECT_EQ(document["findings"][2]["verdict"], "error");
}

}  // namespace
}  // namespace shardproof::reports
