// SPDX-License-Identifier: Apache-2.0
//
// What a run draws can be counted, and drawn anew from an event on.
#include <algorithm>

#include <gtest/gtest.h>

#include "sim/run/replay_testing.hpp"

namespace shardproof::sim {
namespace {

using testing::HiddenChance;
using testing::lively_scenario;
using testing::run_of;

StreamUses count_draws(const ScenarioSpec& spec, RunResult& result) {
  StreamUses uses;
  RunOptions options;
  options.draws = &uses;
  result = run_of(spec, options);
  return uses;
}

/// Events after which two runs are known to be the same.
std::uint64_t same_until(const RunResult& a, const RunResult& b) {
  const auto where = first_divergence(a.checkpoints, b.checkpoints);
  return where ? where->same_until : a.checkpoints.back().events;
}

RunResult reseeded_run(std::uint64_t event, std::uint64_t seed) {
  HiddenChance chance(event, seed, nullptr);
  RunOptions options;
  options.watch = &chance;
  return run_of(lively_scenario(), options);
}

TEST(Draws, CountingThemChangesNothing) {
  RunResult counted;
  count_draws(lively_scenario(), counted);
  EXPECT_EQ(counted.digest, run_of(lively_scenario(), {}).digest);
}

TEST(Draws, AreCountedAtPowersOfTwoAndAtTheEnd) {
  RunResult result;
  const StreamUses uses = count_draws(lively_scenario(), result);
  ASSERT_GE(uses.marks.size(), 3u);
  EXPECT_EQ(uses.marks[0], kFirstStreamMark);
  EXPECT_EQ(uses.marks[1], 2 * kFirstStreamMark);
  EXPECT_EQ(uses.marks.back(), result.checkpoints.back().events);
}

TEST(Draws, OfEveryKindOfStreamAreCounted) {
  RunResult result;
  const StreamUses uses = count_draws(lively_scenario(), result);
  const auto drawn = [&](std::string_view site, std::string_view subject) {
    for (const StreamUse& use : uses.streams) {
      EXPECT_TRUE(std::is_sorted(use.draws.begin(), use.draws.end())) << use.site;
      if (use.site == site && use.subject == subject) return use.draws.back();
    }
    ADD_FAILURE() << "no stream " << site << " of " << subject;
    return std::uint64_t{0};
  };
  EXPECT_GT(drawn("network.delay", "n0"), 0u);
  EXPECT_GT(drawn("network.loss", "n2"), 0u);
  EXPECT_GT(drawn("network.delay", "metadata"), 0u);
  EXPECT_GT(drawn("traffic.mix", "0"), 0u);
  EXPECT_GT(drawn("traffic.arrivals", "0"), 0u);
  EXPECT_GT(drawn("client.router", "k0"), 0u);
  EXPECT_GT(drawn("disk.latency", "n1"), 0u);
  EXPECT_EQ(drawn("script.selection", "0"), 0u);
}

TEST(Draws, TellTheDecisionsByWhichTwoScenariosPart) {
  RunResult result;
  const StreamUses recorded = count_draws(lively_scenario(), result);
  ScenarioSpec lossless = lively_scenario();
  lossless.network.loss = Ratio();
  const auto found = part(recorded, count_draws(lossless, result));
  ASSERT_TRUE(found);
  EXPECT_EQ(found->same_until, 0u);
  for (const StreamDifference& stream : found->streams) {
    EXPECT_EQ(stream.site, "network.loss") << stream.subject;
    EXPECT_EQ(stream.now, 0u);
  }
}

TEST(Reseeding, LeavesWhatHasHappened) {
  const RunResult plain = run_of(lively_scenario(), {});
  const RunResult other = reseeded_run(1'024, 99);
  EXPECT_NE(other.digest, plain.digest);
  EXPECT_GE(same_until(plain, other), 1'024u);
}

TEST(Reseeding, GivesTheSameRunForTheSameSeedOnly) {
  EXPECT_EQ(reseeded_run(1'000, 99).digest, reseeded_run(1'000, 99).digest);
  EXPECT_NE(reseeded_run(1'000, 99).digest, reseeded_run(1'000, 98).digest);
}

}  // namespace
}  // namespace shardproof::sim
