// SPDX-License-Identifier: Apache-2.0
//
// Whoever waits for a run is asked in each part of it whether to go on.
#include <functional>
#include <string>

#include <gtest/gtest.h>

#include "sim/run/runner.hpp"
#include "sim/scenario/reader.hpp"

namespace shardproof::sim {
namespace {

/// Runs a scenario of 5 s until `goes_on` answers no, and asks it every 100 events.
RunResult run_while(std::function<bool(const Progress&)> goes_on) {
  const auto loaded = read_scenario(R"(
schema = 1
name = "progress"
duration = "5s"
[cluster]
nodes = 3
[[collection]]
database = "shop"
name = "orders"
documents = { count = 500 }
)",
                                    "progress.toml");
  SHARDPROOF_CHECK(loaded.has_value(), "{}", to_string(loaded.error().diagnostics.front()));
  RunOptions options;
  options.on_progress = std::move(goes_on);
  options.progress_every = 100;
  auto result = run(loaded->spec, options);
  SHARDPROOF_CHECK(result.has_value(), "{}", result.error().message);
  return std::move(*result);
}

TEST(Progress, ANoWhileSettingUpEndsTheRunAtOnce) {
  const RunResult result = run_while([](const Progress&) { return false; });
  EXPECT_TRUE(result.interrupted);
  EXPECT_EQ(result.events, 100u);
  EXPECT_EQ(result.simulated, Nanoseconds(0));
  EXPECT_EQ(result.verdict, Verdict::kInconclusive);
}

TEST(Progress, ANoInTheMiddleEndsTheRunAtOnce) {
  const RunResult result =
      run_while([](const Progress& progress) { return progress.simulated < seconds(2); });
  EXPECT_TRUE(result.interrupted);
  EXPECT_GE(result.simulated, seconds(2));
  EXPECT_LT(result.simulated, seconds(5));
}

TEST(Progress, ANoWhileComingToRestEndsTheRunWithTheWholeScenarioDone) {
  const RunResult result =
      run_while([](const Progress& progress) { return progress.simulated <= seconds(5); });
  EXPECT_TRUE(result.interrupted);
  EXPECT_EQ(result.simulated, seconds(5));
  EXPECT_EQ(result.verdict, Verdict::kInconclusive);
}

TEST(Progress, IsToldOnceForSoManyEventsWhateverPartTheyAreOf) {
  std::uint64_t events = 0;
  run_while([&events](const Progress& progress) {
    EXPECT_EQ(progress.events, events + 100);
    events = progress.events;
    return true;
  });
  EXPECT_GT(events, 1000u);
}

}  // namespace
}  // namespace shardproof::sim
