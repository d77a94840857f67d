// SPDX-License-Identifier: Apache-2.0
#include "reports/text_report.hpp"

#include <sstream>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reports/client_lanes.hpp"
#include "reports/golden_testing.hpp"
#include "reports/sample_testing.hpp"

namespace shardproof::reports {
namespace {

using testing::contradicted_run;
using testing::expect_golden;
using testing::failed_run;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::passed_run;
using testing::stale_read_lanes;
using ::testing::StartsWith;
using testing::unsettled_run;

TEST(TextReport, OfAPassIsAsAgreed) { expect_golden("pass.txt", text_report(passed_run(), {})); }

TEST(TextReport, OfAFailureIsAsAgreed) { expect_golden("fail.txt", text_report(failed_run(), {})); }

TEST(MarkdownReport, OfAFailureIsAsAgreed) {
  expect_golden("fail.md", markdown_report(failed_run()));
}

TEST(MarkdownReport, SaysWhatTheTextSays) {
  const std::string text = markdown_report(passed_run());
  EXPECT_THAT(text, StartsWith("## PASS: "));
  for (const char* part : {"### Placement skew\n\n| scope | of |", "### Migration cost\n\n|",
                           "### Safety integrals\n\n|", "### Clients\n\n"}) {
    EXPECT_THAT(text, HasSubstr(part));
  }
}

TEST(TextReport, FailuresComeBeforeEverythingElse) {
  const std::string text = text_report(failed_run(), {});
  EXPECT_LT(text.find("VIOLATION of invariant 5"), text.find("NOT AS EXPECTED"));
  EXPECT_LT(text.find("shardproof run scenarios/failover.toml --seed 42"), text.find("Judged"));
}

TEST(TextReport, ColoursOnlyWhenAsked) {
  EXPECT_THAT(text_report(failed_run(), {}), Not(HasSubstr("\x1b")));
  EXPECT_THAT(text_report(failed_run(), {true}), HasSubstr("\x1b[1;31mFAIL\x1b[0m"));
}

TEST(TextReport, WhatIsKeptIsWhereTheNextCommandsStart) {
  const std::string kept = text_report(failed_run(), {}, "my results");
  EXPECT_THAT(kept, HasSubstr("How its metrics went over time: my results/series.csv\n"
                              "Replay it:\n  shardproof replay 'my results'\n"
                              "See what led there:\n"
                              "  shardproof replay 'my results' --around violation\n"
                              "Make it small:\n  shardproof shrink 'my results'\n"));
  EXPECT_THAT(kept, Not(HasSubstr("Keep it")));
  EXPECT_THAT(text_report(passed_run(), {}, "my results"), Not(HasSubstr("my results")));
}

TEST(TextReport, NoCommandIsPrintedThatHasNoOptionForTheRun) {
  sim::RunResult result = failed_run();
  result.arguments = {"--trace", "mine.csv"};
  const std::string text = text_report(result, {});
  EXPECT_THAT(text, Not(HasSubstr("shardproof replay")));
  EXPECT_THAT(text, Not(HasSubstr("shardproof shrink")));
  EXPECT_THAT(text, HasSubstr("--seed 42 --trace mine.csv --out seed-42\n"));
  result.command = "fuzz";
  EXPECT_THAT(text_report(result, {}), Not(HasSubstr("Keep it")));
}

TEST(TextReport, CommandsBeginWithTheProgramAsItWasCalledHere) {
  const std::string text = text_report(failed_run(), {false, "build/release/shardproof"});
  EXPECT_THAT(text,
              HasSubstr("\n  build/release/shardproof run scenarios/failover.toml --seed 42\n"));
  EXPECT_THAT(text, HasSubstr("\n  build/release/shardproof replay scenarios/failover.toml "));
  EXPECT_EQ(Style().command("shardproof run a.toml"), "shardproof run a.toml");
  EXPECT_EQ((Style{false, "/x/shardproof"}).command("shardproof run a"), "/x/shardproof run a");
}

TEST(TextReport, SaysWhatHangsAndWhoWaitsForWhom) {
  const std::string text = text_report(unsettled_run(), {});
  EXPECT_THAT(text, HasSubstr("Pending\n"
                              "  the migration of s1 from n0 to n2 is in Copy\n"
                              "    - coordinator n1 awaits ShardReport Copied of n2 since "
                              "12.000000000s\n"
                              "    - n2 awaits CopyChunk 3 of n0\n"
                              "  n0 is down\n"));
  EXPECT_THAT(text_report(failed_run(), {}), Not(HasSubstr("Pending")));
}

TEST(TextReport, SaysWhoCameBackAndWhichShardsCannotBeServed) {
  const std::string text = text_report(unsettled_run(), {});
  EXPECT_THAT(text,
              HasSubstr("healed: a core of n1, n2; broken for good: n0 (down), n3 (cut off)\n"));
  EXPECT_THAT(text, HasSubstr("s1 is stuck: n2 is up and in sync, and its disk has a copy\n"));
  EXPECT_THAT(text, HasSubstr("s4 cannot be served: n0 is broken for good\n"));
}

TEST(TextReport, FitsATerminalOf100Columns) {
  std::istringstream lines(text_report(failed_run(), {}));
  for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 100u) << line;
}

TEST(TextReport, ShowsWhatClientsWereToldInLanes) {
  const std::string text = text_report(contradicted_run(), {});
  EXPECT_THAT(text, HasSubstr(lanes_text(stale_read_lanes(), {}) + "\nReplay it:"));
  EXPECT_THAT(text_report(failed_run(), {}), Not(HasSubstr("what clients asked")));
}

TEST(TextReport, SaysAtOnceWhichRulesWereOff) {
  sim::RunResult result = passed_run();
  result.rules_off = {"ack_after_sync", "lock_released"};
  const std::string text = text_report(result, {});
  EXPECT_THAT(text, HasSubstr("with safety rules switched off: ack_after_sync, lock_released\n"));
  EXPECT_LT(text.find("switched off"), text.find("simulated"));
  EXPECT_THAT(text_report(passed_run(), {}), Not(HasSubstr("switched off")));
}

TEST(TextReport, SaysWhichShardsWereNotJudgedToTheEnd) {
  sim::RunResult result = passed_run();
  for (std::uint32_t i = 0; i < 6; ++i) {
    result.excused.push_back({ShardId(i), Instant(milliseconds(1500)), "its disks were destroyed"});
  }
  const std::string text = text_report(result, {});
  EXPECT_THAT(text, HasSubstr("  not judged: what s0 holds, from 1.50 s on: its disks were "
                              "destroyed\n"));
  EXPECT_THAT(text, HasSubstr("  not judged: 2 more shards\n"));
  EXPECT_THAT(text_report(passed_run(), {}), Not(HasSubstr("not judged")));
}

TEST(TextReport, AnInterruptedRunIsSaidToBePartial) {
  sim::RunResult result = passed_run();
  result.interrupted = true;
  result.duration = seconds(600);
  judge(result);
  const std::string text = text_report(result, {});
  EXPECT_THAT(text, HasSubstr("INCONCLUSIVE (partial)"));
  EXPECT_THAT(text, HasSubstr("60 s simulated of 10 min (interrupted)"));
}

TEST(TextReport, SaysHowManyInvariantsHadSomethingToJudge) {
  sim::RunResult result = passed_run();
  EXPECT_THAT(text_report(result, {}), Not(HasSubstr("had something to judge")));
  result.checks.push_back({39, "kept_orders", 0, 0});
  EXPECT_THAT(text_report(result, {}),
              HasSubstr(fmt::format("  {} of {} invariants had something to judge, evaluated ",
                                    result.checks.size() - 1, result.checks.size())));
}

}  // namespace
}  // namespace shardproof::reports
