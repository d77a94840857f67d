// SPDX-License-Identifier: Apache-2.0
#include "reports/campaign_report.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace shardproof::reports {
namespace {

sim::CampaignResult quiet() {
  sim::CampaignResult result;
  result.first_seed = 1;
  result.seeds_run = 3000;
  result.runs_again = 150;
  result.events = 90'000'000;
  result.simulated = hours(5);
  result.wall_ns = 30'000'000'000;
  result.jobs = 2;
  return result;
}

sim::CampaignResult with_findings() {
  sim::CampaignResult result = quiet();
  result.inconclusive = 12;
  sim::CampaignFinding finding;
  finding.failure = {"invariant 5 single_owner", "n1 and n2 both led s3", "at most one leads"};
  finding.count = 12;
  finding.seeds = {7, 9, 11, 12, 15, 20, 21, 22, 30, 31};
  finding.replay = "shardproof fuzz --seed 7";
  result.findings.push_back(finding);
  finding.failure = {"the process died, killed by signal 11", "the run took its process along"};
  finding.count = 1;
  finding.seeds = {40};
  finding.replay = "shardproof fuzz --seed 40";
  result.findings.push_back(finding);
  return result;
}

TEST(CampaignReport, SilenceIsWorthABoundOnTheRateOfFailures) {
  EXPECT_EQ(campaign_text(quiet(), {}),
            "PASS  3,000 seeds from 1 on, no finding\n"
            "    90 M events, 5 h simulated, in 30 s with 2 jobs: 50 seeds and 1.50 M events per "
            "second and job\n"
            "    150 runs made twice with equal digests\n"
            "    at 95 % confidence fewer than one seed in 1,001 fails\n");
}

TEST(CampaignReport, EachKindOfFindingHasItsCountSeedsAndReplayLine) {
  EXPECT_EQ(campaign_text(with_findings(), {}),
            "FINDING invariant 5 single_owner\n"
            "  n1 and n2 both led s3\n"
            "  must hold: at most one leads\n"
            "  in 12 runs: seeds 7, 9, 11, 12, 15, 20, 21, 22, 30, 31, ...\n"
            "  replay it: shardproof fuzz --seed 7\n"
            "\n"
            "FINDING the process died, killed by signal 11\n"
            "  the run took its process along\n"
            "  in 1 run: seed 40\n"
            "  replay it: shardproof fuzz --seed 40\n"
            "\n"
            "FAIL  3,000 seeds from 1 on, 2 kinds of finding\n"
            "    90 M events, 5 h simulated, in 30 s with 2 jobs: 50 seeds and 1.50 M events per "
            "second and job\n"
            "    150 runs made twice with equal digests\n"
            "    12 runs in which something scripted never came about\n");
}

TEST(CampaignReport, SaysOfTheLowestInconclusiveSeedWhatNeverCameAbout) {
  sim::CampaignResult result = with_findings();
  result.inconclusive_seed = 3;
  result.inconclusive_reason = "never fired: when nodes.total >= 50";
  EXPECT_NE(campaign_text(result, {})
                .find("    12 runs in which something scripted never came about\n"
                      "      seed 3: never fired: when nodes.total >= 50\n"),
            std::string::npos);
}

TEST(CampaignReport, OnlyTheTextNamesTheProgramAsItWasCalledHere) {
  EXPECT_NE(campaign_text(with_findings(), {false, "/opt/shardproof"})
                .find("  replay it: /opt/shardproof fuzz --seed 7\n"),
            std::string::npos);
  EXPECT_NE(campaign_json(with_findings()).find("\"shardproof fuzz --seed 7\""), std::string::npos);
}

TEST(CampaignReport, SaysInHowManyRunsSomethingWasNotJudged) {
  sim::CampaignResult result = quiet();
  result.excused = 3;
  EXPECT_NE(campaign_text(result, {})
                .find("    3 runs in which what some shard holds was not judged to the end\n"),
            std::string::npos);
  EXPECT_NE(campaign_json(result).find("\"excused\": 3"), std::string::npos);
}

TEST(CampaignReport, SaysWhetherTheCanaryDied) {
  sim::CampaignResult result = quiet();
  result.canary = sim::Canary{"ack_after_sync", 4};
  EXPECT_NE(
      campaign_text(result, {}).find("canary: without the rule ack_after_sync it fails at seed 4"),
      std::string::npos);
  result.canary->seed.reset();
  EXPECT_NE(campaign_text(result, {}).find("ack_after_sync is off was not noticed"),
            std::string::npos);
  EXPECT_TRUE(nlohmann::json::parse(campaign_json(result))["canary"]["seed"].is_null());
}

TEST(CampaignReport, NamesTheProbesThatWereNeverHit) {
  sim::CampaignResult result = quiet();
  result.probes = {{"tail_reconciled", 12}, {"commit_deposed", 0}, {"leader_deposed", 1}};
  EXPECT_NE(campaign_text(result, {})
                .find("    2 of 3 probes hit\n"
                      "    never hit: commit_deposed\n"),
            std::string::npos);
  const auto document = nlohmann::json::parse(campaign_json(result));
  EXPECT_EQ(document["probes"]["tail_reconciled"], 12);
  EXPECT_EQ(document["probes"]["commit_deposed"], 0);
}

TEST(CampaignReport, JsonDependsOnNoClock) {
  sim::CampaignResult slower = with_findings();
  slower.wall_ns *= 3;
  slower.jobs = 7;
  EXPECT_EQ(campaign_json(with_findings()), campaign_json(slower));
  const auto document = nlohmann::json::parse(campaign_json(slower));
  EXPECT_EQ(document["verdict"], "fail");
  EXPECT_EQ(document["seeds_run"], 3000);
  EXPECT_EQ(document["findings"][1]["seeds"][0], 40);
  EXPECT_TRUE(document["failure_rate_upper_bound"].is_null());
}

TEST(CampaignReport, TheBoundIsTheRuleOfThree) {
  const auto document = nlohmann::json::parse(campaign_json(quiet()));
  EXPECT_NEAR(document["failure_rate_upper_bound"].get<double>(), 3.0 / 3000, 5e-6);
}

}  // namespace
}  // namespace shardproof::reports
