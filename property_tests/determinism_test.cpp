// SPDX-License-Identifier: Apache-2.0
#include <cstdio>
#include <filesystem>

#include <gtest/gtest.h>

#include "property_tests/migration_worlds.hpp"

namespace shardproof {
namespace {

using testing::MigrationWorld;

sim::ScenarioSpec any_spec() { return testing::read_world(to_toml(MigrationWorld{})); }

TEST(Determinism, TwoRunsInOneProcessAreTheSame) {
  const sim::ScenarioSpec spec = any_spec();
  const sim::RunResult one = testing::run_world(spec, 7);
  const sim::RunResult other = testing::run_world(spec, 7);
  EXPECT_EQ(one.digest, other.digest);
  EXPECT_EQ(one.events, other.events);
  EXPECT_EQ(one.checkpoints, other.checkpoints);
}

TEST(Determinism, AnotherSeedIsAnotherRun) {
  const sim::ScenarioSpec spec = any_spec();
  EXPECT_NE(testing::run_world(spec, 7).digest, testing::run_world(spec, 8).digest);
}

TEST(Determinism, AWorldThatRunsInTheMiddleOfAnotherTouchesNothingOfIt) {
  const sim::ScenarioSpec spec = any_spec();
  const std::uint64_t alone = testing::run_world(spec, 7).digest;
  const std::uint64_t guest = testing::run_world(spec, 8).digest;
  int guests = 0;
  sim::RunOptions options;
  options.seed = 7;
  options.progress_every = 1500;
  options.on_progress = [&](const sim::Progress&) {
    if (guests < 3) {
      EXPECT_EQ(testing::run_world(spec, 8).digest, guest);
    }
    guests += 1;
    return true;
  };
  const auto host = sim::run(spec, options);
  ASSERT_TRUE(host.has_value());
  EXPECT_GT(guests, 0);
  EXPECT_EQ(host->digest, alone);
}

/// Run in a process of its own by the test below.
TEST(Determinism, DISABLED_PrintsItsDigest) {
  std::printf("digest %016llx\n",
              static_cast<unsigned long long>(testing::run_world(any_spec(), 7).digest));
}

TEST(Determinism, AFreshProcessDoesTheSameRun) {
  const std::string self = std::filesystem::read_symlink("/proc/self/exe").string();
  const std::string command =
      "'" + self + "' --gtest_also_run_disabled_tests --gtest_filter=*PrintsItsDigest";
  FILE* child = popen(command.c_str(), "r");
  ASSERT_NE(child, nullptr);
  std::string output;
  char piece[256];
  while (std::fgets(piece, sizeof piece, child) != nullptr) output += piece;
  ASSERT_EQ(pclose(child), 0) << output;
  const std::string expected =
      fmt::format("digest {:016x}\n", testing::run_world(any_spec(), 7).digest);
  EXPECT_NE(output.find(expected), std::string::npos) << expected << output;
}

}  // namespace
}  // namespace shardproof
