// SPDX-License-Identifier: Apache-2.0
#include "sim/run/bisection.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/run/replay_testing.hpp"
#include "sim/run/trace_recorder.hpp"

namespace shardproof::sim {
namespace {

using ::testing::HasSubstr;
using testing::HiddenChance;
using testing::lively_scenario;
using testing::run_of;

constexpr std::uint64_t kStrikes = 1'500;

/// Runs of which the second is disturbed by something that is not in the scenario.
RunOutcome run_disturbed(const RunOptions& options, bool is_second) {
  if (!is_second) return run(lively_scenario(), options);
  HiddenChance chance(kStrikes, 99, options.watch);
  RunOptions disturbed = options;
  disturbed.watch = &chance;
  return run(lively_scenario(), disturbed);
}

std::vector<TraceLine> all_lines(bool is_second) {
  const ScenarioSpec spec = lively_scenario();
  TraceRecorder recorder(spec, {1, 1'000'000});
  RunOptions options;
  options.watch = &recorder;
  const auto result = run_disturbed(options, is_second);
  return recorder.lines(result->log);
}

Divergence parted() {
  const auto first = run_disturbed({}, false);
  const auto second = run_disturbed({}, true);
  return *first_divergence(first->checkpoints, second->checkpoints);
}

TEST(Bisection, FindsTheFirstEventThatAHiddenChanceChanges) {
  const auto found = find_first_difference(lively_scenario(), parted(), run_disturbed);
  ASSERT_TRUE(found.has_value());
  ASSERT_TRUE(found->has_value());
  const auto first = all_lines(false);
  const auto second = all_lines(true);
  std::size_t i = 0;
  while (first[i].digest == second[i].digest) ++i;
  EXPECT_EQ((*found)->event, first[i].event);
  EXPECT_GT((*found)->event, kStrikes);
  ASSERT_TRUE((*found)->before && (*found)->first && (*found)->second);
  EXPECT_EQ((*found)->before->digest, first[i - 1].digest);
  EXPECT_EQ((*found)->first->digest, first[i].digest);
  EXPECT_EQ((*found)->second->digest, second[i].digest);
}

TEST(Bisection, FollowsADifferenceThatStrikesEarlierTheNextTime) {
  const Divergence later{kStrikes + 1'000, kStrikes + 1'100};
  const auto found = find_first_difference(lively_scenario(), later, run_disturbed);
  ASSERT_TRUE(found.has_value() && found->has_value());
  const auto exact = find_first_difference(lively_scenario(), parted(), run_disturbed);
  EXPECT_EQ((*found)->event, (*exact)->event);
}

TEST(Bisection, ADifferenceThatDoesNotComeAgainIsNotFound) {
  const RunAgain undisturbed = [](const RunOptions& options, bool) {
    return run(lively_scenario(), options);
  };
  const auto found = find_first_difference(lively_scenario(), {64, 128}, undisturbed);
  ASSERT_TRUE(found.has_value());
  EXPECT_FALSE(found->has_value());
}

TEST(Bisection, BothEventsAreNamed) {
  const auto found = find_first_difference(lively_scenario(), parted(), run_disturbed);
  const std::string text = to_string(**found);
  EXPECT_THAT(text, HasSubstr(fmt::format("event {} is first ", (*found)->event)));
  EXPECT_THAT(text, HasSubstr((*found)->first->what));
  EXPECT_THAT(text, HasSubstr((*found)->second->what));
}

}  // namespace
}  // namespace shardproof::sim
