// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "property_tests/migration_worlds.hpp"

namespace shardproof {
namespace {

using testing::MigrationWorld;

const std::vector<std::string> kPhases{"prepare", "copy", "sync", "switch", "cleanup"};
const std::vector<std::string> kModes{"queue", "live"};
const std::vector<std::string> kDrained{"leader", "replicas"};
const std::vector<std::string> kVictims{"\"migration.source\"", "\"migration.target\"",
                                        "\"coordinator\"",
                                        "{ leader = \"shop.orders\", shard = 0 }"};

/// The checks of the run look at every event, and once more when all has settled: one owner, every
/// acknowledged write readable, no copy left over, no lock held, equal digests of replicas.
void expect_clean(const MigrationWorld& world, std::uint64_t seed) {
  const sim::RunResult result = testing::run_world(testing::read_world(to_toml(world)), seed);
  EXPECT_EQ(testing::findings(result), "") << to_toml(world);
  for (const sim::FiredEvent& event : result.fired) {
    EXPECT_GT(event.fired, 0u) << event.text << "\n" << to_toml(world);
  }
}

class CrashInPhase : public ::testing::TestWithParam<std::string> {};

TEST_P(CrashInPhase, OfEveryRoleInBothModesLeavesNothingBroken) {
  for (const std::string& mode : kModes) {
    for (const std::string& drained : kDrained) {
      for (const std::string& victim : kVictims) {
        expect_clean({GetParam(), victim, mode, drained, 5}, 1);
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Migration, CrashInPhase, ::testing::ValuesIn(kPhases),
                         [](const auto& phase) { return phase.param; });

TEST(Migration, AnyCrashAnywhereInAnyOrderOfMessagesLeavesNothingBroken) {
  const bool holds = rc::check("random worlds", [] {
    MigrationWorld world;
    world.phase = *rc::gen::elementOf(kPhases);
    world.victim = *rc::gen::elementOf(kVictims);
    world.write_mode = *rc::gen::elementOf(kModes);
    world.drained = *rc::gen::elementOf(kDrained);
    world.loss_per_mille = *rc::gen::inRange(0, 30);
    const auto seed = *rc::gen::inRange<std::uint64_t>(1, 1'000'000);
    RC_LOG() << to_toml(world);
    RC_ASSERT(testing::findings(testing::run_world(testing::read_world(to_toml(world)), seed)) ==
              "");
  });
  EXPECT_TRUE(holds);
}

}  // namespace
}  // namespace shardproof
