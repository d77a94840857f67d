// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "property_tests/migration_worlds.hpp"

namespace shardproof {
namespace {

using testing::MigrationCrash;
using testing::MigrationWorld;

const std::vector<std::string> kPhases{"prepare", "copy", "sync", "switch", "cleanup"};
const std::vector<std::string> kModes{"queue", "live"};
const std::vector<std::string> kDrained{"leader", "replicas"};
const std::vector<std::string> kVictims{"\"migration.source\"", "\"migration.target\"",
                                        "\"coordinator\"",
                                        "{ leader = \"shop.orders\", shard = 0 }"};
const std::vector<std::string> kUnsynced{"kept", "lost", "torn", "mixed(0.3, 0.4, 0.3)"};

/// The checks of the run look at every event, and once more when all has settled: one owner, every
/// acknowledged write readable, no copy left over, no lock held, equal digests of replicas, and no
/// migration or drain that has not ended.
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
        MigrationWorld world;
        world.crashes = {{GetParam(), victim, "lost"}};
        world.write_mode = mode;
        world.drained = drained;
        expect_clean(world, 1);
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Migration, CrashInPhase, ::testing::ValuesIn(kPhases),
                         [](const auto& phase) { return phase.param; });

MigrationWorld any_world() {
  MigrationWorld world;
  world.crashes.clear();
  for (int crashes = *rc::gen::inRange(1, 4); crashes > 0; --crashes) {
    MigrationCrash crash;
    crash.phase = *rc::gen::elementOf(kPhases);
    crash.victim = *rc::gen::elementOf(kVictims);
    crash.unsynced = *rc::gen::elementOf(kUnsynced);
    world.crashes.push_back(crash);
  }
  world.write_mode = *rc::gen::elementOf(kModes);
  world.drained = *rc::gen::elementOf(kDrained);
  world.loss_per_mille = *rc::gen::inRange(0, 30);
  world.shards = *rc::gen::inRange(1, 5);
  world.lost_answers_per_mille = *rc::gen::inRange(0, 100);
  for (std::string* phase :
       {&world.outage_phase, &world.abort_phase, &world.pause_phase, &world.cut_phase}) {
    if (*rc::gen::inRange(0, 3) == 0) *phase = *rc::gen::elementOf(kPhases);
  }
  return world;
}

TEST(Migration, AnyCrashesAnywhereInAnyOrderOfMessagesLeaveNothingBrokenOrPending) {
  const bool holds = rc::check("random worlds", [] {
    const MigrationWorld world = any_world();
    const auto first = *rc::gen::inRange<std::uint64_t>(1, 1'000'000);
    RC_LOG() << to_toml(world);
    const sim::ScenarioSpec spec = testing::read_world(to_toml(world));
    for (std::uint64_t seed = first; seed < first + 4; ++seed) {
      RC_ASSERT(testing::findings(testing::run_world(spec, seed)) == "");
    }
  });
  EXPECT_TRUE(holds);
}

}  // namespace
}  // namespace shardproof
