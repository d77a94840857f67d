// SPDX-License-Identifier: Apache-2.0
#include "sim/campaign/swarm.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <map>
#include <set>
#include <string>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "core/distribution/registry.hpp"
#include "sim/scenario/mutable_selectors.hpp"
#include "sim/scenario/printer.hpp"
#include "sim/scenario/reader.hpp"
#include "sim/scenario/versions.hpp"

namespace shardproof::sim {
namespace {

/// What is wrong with the printed scenario; empty if it reads back as the same.
std::string trouble_of(const ScenarioSpec& spec) {
  const std::string text = to_toml(spec);
  const auto read = read_scenario(text, "swarm.toml");
  if (read) return read->spec == spec ? "" : "reads back as another:\n" + text;
  std::string reasons;
  for (const Diagnostic& problem : read.error().diagnostics) reasons += to_string(problem) + "\n";
  return reasons;
}

TEST(Swarm, EveryScenarioIsOneThatTheReaderAccepts) {
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    ASSERT_EQ(trouble_of(make_swarm(seed)), "") << "seed " << seed;
  }
}

TEST(Swarm, TheSameSeedMakesTheSameScenarioAndAnotherSeedAnother) {
  EXPECT_EQ(make_swarm(17), make_swarm(17));
  EXPECT_NE(make_swarm(17).cluster, make_swarm(18).cluster);
}

TEST(Swarm, EveryKindOfActionComesUp) {
  std::set<std::string_view> seen;
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    for (const EventSpec& event : make_swarm(seed).events) seen.insert(action_name(event.action));
  }
  EXPECT_EQ(seen.size(), std::variant_size_v<Action>);
}

TEST(Swarm, ScenariosDifferInWhichKindsTheyHave) {
  std::map<std::string_view, int> scenarios_with;
  constexpr int kScenarios = 400;
  for (std::uint64_t seed = 0; seed < kScenarios; ++seed) {
    std::set<std::string_view> kinds;
    for (const EventSpec& event : make_swarm(seed).events) kinds.insert(action_name(event.action));
    for (const std::string_view kind : kinds) ++scenarios_with[kind];
  }
  for (const auto& [kind, count] : scenarios_with) {
    // Without moves whatever waits for one would come to nothing, and most scenarios have that.
    EXPECT_LT(count, kind == "move" ? kScenarios * 19 / 20 : kScenarios * 3 / 4) << kind;
    EXPECT_GT(count, kScenarios / 20) << kind;
  }
}

/// What one clock may gain on another over a lease, by drift, wobble and all steps of the scenario.
Nanoseconds gained_at_most(const ScenarioSpec& spec, Nanoseconds lease) {
  const Ratio drift(static_cast<std::uint64_t>(spec.clock.drift_ppb) * 2, 1'000'000'000);
  Nanoseconds gained = drift.of(lease) + wobble_gain(spec.clock.wobble);
  for (const EventSpec& event : spec.events) {
    const auto* clock = std::get_if<ClockAction>(&event.action);
    if (clock == nullptr) continue;
    gained += Nanoseconds(std::abs(clock->step.count()) * event.times);
  }
  return gained;
}

TEST(Swarm, ClocksGainLessOnEachOtherOverALeaseThanTheProtocolAllows) {
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    const ScenarioSpec spec = make_swarm(seed);
    for (const VersionSpec& version : spec.all_versions()) {
      const ProtocolSpec& protocol = version.protocol;
      EXPECT_LT(gained_at_most(spec, protocol.lease), protocol.clock_error)
          << "seed " << seed << ", version " << version.name;
    }
  }
}

TEST(Swarm, NodesAreDrainedOnlyWhereTheRebalanceEmptiesThem) {
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    const ScenarioSpec spec = make_swarm(seed);
    for (const EventSpec& event : spec.events) {
      if (!std::holds_alternative<DrainAction>(event.action)) continue;
      for (const VersionSpec& version : spec.all_versions()) {
        EXPECT_NE(version.policy.rebalance, "none") << "seed " << seed;
        EXPECT_NE(version.policy.rebalance, "ancestor") << "seed " << seed;
      }
    }
  }
}

TEST(Swarm, EveryRebalancePolicyIsDrawn) {
  std::set<std::string> drawn;
  for (std::uint64_t seed = 0; seed < 600; ++seed) drawn.insert(make_swarm(seed).policy.rebalance);
  for (const auto& info : distribution::rebalance_policies()) {
    EXPECT_EQ(drawn.count(std::string(info.name)), 1u) << info.name;
  }
}

TEST(Swarm, DisksOfUnequalSizeAreDrawn) {
  int unequal = 0;
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    const auto& nodes = make_swarm(seed).cluster.nodes;
    unequal += std::any_of(nodes.begin(), nodes.end(), [&](const NodeSpec& node) {
      return node.capacity.disk != nodes.front().capacity.disk;
    });
  }
  EXPECT_GT(unequal, 30);
  EXPECT_LT(unequal, 150);
}

TEST(Swarm, EveryPlacementPolicyIsDrawn) {
  std::set<std::string> drawn;
  for (std::uint64_t seed = 0; seed < 1500; ++seed) drawn.insert(make_swarm(seed).policy.placement);
  for (const auto& info : distribution::placement_policies()) {
    EXPECT_EQ(drawn.count(std::string(info.name)), 1u) << info.name;
  }
}

/// The reader has judged the values of all: see above.
TEST(Swarm, EveryOptionOfAPolicyIsSetInSomeScenario) {
  std::set<std::string> set;
  for (std::uint64_t seed = 0; seed < 9000; ++seed) {
    const PolicySpec policy = make_swarm(seed).policy;
    for (const auto& [name, values] : policy.options) {
      EXPECT_TRUE(name == policy.rebalance || name == policy.placement) << "seed " << seed;
      for (const auto& [option, value] : values) set.insert(name + " " + option);
    }
  }
  for (const auto& info : distribution::policies_with_options()) {
    for (const auto& option : info.options) {
      EXPECT_EQ(set.count(fmt::format("{} {}", info.name, option.name)), 1u)
          << info.name << " " << option.name;
    }
  }
}

TEST(Swarm, OneDiskAtMostIsLostOrTwoAreSwappedAndOnlyWhereAnotherHasACopy) {
  int scenarios_with_loss = 0;
  int scenarios_with_swap = 0;
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    const ScenarioSpec spec = make_swarm(seed);
    std::uint32_t losses = 0;
    std::uint32_t swaps = 0;
    for (const EventSpec& event : spec.events) {
      swaps += std::holds_alternative<SwapDisksAction>(event.action) ? 1 : 0;
      losses += std::holds_alternative<LoseDiskAction>(event.action) ||
                        std::holds_alternative<CorruptAction>(event.action) ||
                        std::holds_alternative<MisdirectAction>(event.action)
                    ? 1
                    : 0;
    }
    EXPECT_LE(losses + swaps, 1u) << "seed " << seed;
    const std::uint32_t disks = losses + 2 * swaps;
    for (const CollectionSpec& collection : spec.collections) {
      EXPECT_TRUE(disks == 0 || (collection.sharded && collection.replication_factor > disks))
          << "seed " << seed;
    }
    scenarios_with_loss += losses > 0 ? 1 : 0;
    scenarios_with_swap += swaps > 0 ? 1 : 0;
  }
  EXPECT_GT(scenarios_with_loss, 50);
  EXPECT_GT(scenarios_with_swap, 5);
}

TEST(Swarm, BitsFlipOnTheWayAndOnDisksOfAPartOfTheScenarios) {
  int on_the_way = 0;
  int on_disks = 0;
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    const ScenarioSpec spec = make_swarm(seed);
    on_the_way += spec.network.corruption.is_zero() ? 0 : 1;
    const auto is_silent = [](const EventSpec& event) {
      const auto* errors = std::get_if<DiskErrorsAction>(&event.action);
      return errors != nullptr && !errors->silent.is_zero();
    };
    on_disks += std::any_of(spec.events.begin(), spec.events.end(), is_silent) ? 1 : 0;
  }
  EXPECT_NEAR(on_the_way, 100, 30);
  EXPECT_GT(on_disks, 20);
}

TEST(Swarm, SomeCollectionsAreEvenAndSomeHaveALoweredWriteConcern) {
  int even = 0;
  int lowered = 0;
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    const CollectionSpec first = make_swarm(seed).collections.front();
    even += first.shards >= 8 && first.documents >= 200 ? 1 : 0;
    lowered += first.write_concern != 0 ? 1 : 0;
  }
  EXPECT_NEAR(even, 50, 25);
  EXPECT_NEAR(lowered, 100, 35);
}

TEST(Swarm, SomeScenariosHaveSlowCpusTroubleOfTheStoreAndOfWholeDomains) {
  int slow_cpu = 0;
  int expiry = 0;
  int coalescing = 0;
  int domain = 0;
  int in_turn = 0;
  int undeleted = 0;
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    const ScenarioSpec spec = make_swarm(seed);
    undeleted += spec.disk.undeleted.is_zero() ? 0 : 1;
    for (const EventSpec& event : spec.events) {
      Action action = event.action;
      const auto* slow = std::get_if<SlowAction>(&action);
      const auto* metadata = std::get_if<MetadataAction>(&action);
      slow_cpu += slow != nullptr && slow->cpu != Ratio(1, 1) ? 1 : 0;
      coalescing += metadata != nullptr && metadata->coalesce ? 1 : 0;
      expiry += std::holds_alternative<ExpireSessionAction>(action) ? 1 : 0;
      in_turn += std::holds_alternative<RollingRestartAction>(action) ? 1 : 0;
      for (const NodeSelector* node : selectors_of(action)) domain += node->is_random_domain();
    }
  }
  EXPECT_NEAR(undeleted, 100, 30);
  EXPECT_GT(slow_cpu, 40);
  EXPECT_GT(expiry, 40);
  EXPECT_GT(coalescing, 15);
  EXPECT_GT(domain, 30);
  EXPECT_GT(in_turn, 10);
}

TEST(Swarm, SomeScenariosHaveOrdersOfCopiesLimitsAndPolicy) {
  std::uint32_t more = 0, fewer = 0, limits = 0, policies = 0;
  for (std::uint64_t seed = 1; seed <= 400; ++seed) {
    const ScenarioSpec spec = make_swarm(seed);
    for (const EventSpec& event : spec.events) {
      if (const auto* order = std::get_if<ReplicationAction>(&event.action)) {
        const std::uint32_t before = spec.collections[order->collection].replication_factor;
        more += order->replication_factor > before;
        fewer += order->replication_factor < before;
      }
      limits += std::holds_alternative<LimitsAction>(event.action);
      policies += std::holds_alternative<PolicyAction>(event.action);
    }
  }
  EXPECT_GT(more, 20u);
  EXPECT_GT(fewer, 20u);
  EXPECT_GT(limits, 10u);
  EXPECT_GT(policies, 10u);
}

TEST(Swarm, EveryFifthScenarioHasNodesThatComeToRunAnotherVersion) {
  int with_versions = 0;
  int other_policy = 0;
  int other_lease = 0;
  int other_mode = 0;
  int goes_back = 0;
  for (std::uint64_t seed = 0; seed < 600; ++seed) {
    const ScenarioSpec spec = make_swarm(seed);
    if (spec.versions.empty()) continue;
    ++with_versions;
    const VersionSpec& version = spec.versions.front();
    EXPECT_TRUE(is_ever_run(spec, version.name)) << "seed " << seed;
    other_policy += version.policy != spec.first_version().policy ? 1 : 0;
    other_lease += version.protocol.lease != spec.protocol.lease ? 1 : 0;
    other_mode += version.migration.write_mode != spec.migration.write_mode ? 1 : 0;
    goes_back += is_ever_run(spec, kFirstVersion) ? 1 : 0;
    for (const VersionSpec& one : spec.all_versions()) {
      for (const VersionSpec& other : spec.all_versions()) {
        EXPECT_GE(one.protocol.lease, other.protocol.heartbeat * 4) << "seed " << seed;
      }
    }
  }
  EXPECT_NEAR(with_versions, 120, 30);
  EXPECT_GT(other_policy, with_versions / 3);
  EXPECT_GT(other_lease, with_versions / 3);
  EXPECT_GT(other_mode, with_versions / 8);
  EXPECT_GT(goes_back, with_versions / 8);
}

TEST(Swarm, ARuleIsOffInEveryVersion) {
  std::uint64_t seed = 0;
  while (make_swarm(seed).versions.empty()) ++seed;
  const ScenarioSpec spec = make_swarm_without("ack_after_sync", seed);
  EXPECT_EQ(spec.versions.front().rules_off, spec.rules_off);
}

TEST(Swarm, MostScenariosInWhichSomethingWaitsForAMigrationHaveMoves) {
  int waiting = 0;
  int moving = 0;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    const ScenarioSpec spec = make_swarm(seed);
    const auto has = [&](const auto& is_one) {
      return std::any_of(spec.events.begin(), spec.events.end(), is_one);
    };
    const bool waits = has([](const EventSpec& event) {
      return event.condition &&
             to_string(*event.condition).find("migration.phase") != std::string::npos;
    });
    if (!waits) continue;
    waiting += 1;
    moving += has(
        [](const EventSpec& event) { return std::holds_alternative<MoveAction>(event.action); });
  }
  EXPECT_GT(waiting, 50);
  EXPECT_GT(moving * 10, waiting * 7);
  EXPECT_LT(moving, waiting);
}

TEST(Swarm, SomeFaultsWaitForAMessageAndStrikeItsSenderOrReceiver) {
  int scenarios_with = 0;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    const ScenarioSpec spec = make_swarm(seed);
    const bool has_some = std::any_of(spec.events.begin(), spec.events.end(),
                                      [](const auto& event) { return event.message.has_value(); });
    scenarios_with += has_some ? 1 : 0;
  }
  EXPECT_GT(scenarios_with, 40);
  EXPECT_LT(scenarios_with, 100);
}

TEST(Swarm, APartOfTheScenariosHasRandomFaultsAndEachFamilyComesUp) {
  std::array<int, kChaosFamilies> scenarios_with{};
  int unlimited = 0;
  int with_chaos = 0;
  constexpr int kScenarios = 800;
  for (std::uint64_t seed = 0; seed < kScenarios; ++seed) {
    const ChaosSpec chaos = make_swarm(seed).chaos;
    if (chaos.empty()) continue;
    ++with_chaos;
    unlimited += chaos.budget == ChaosBudget::kUnlimited ? 1 : 0;
    for (std::size_t i = 0; i < kChaosFamilies; ++i) scenarios_with[i] += chaos.faults[i] ? 1 : 0;
  }
  EXPECT_GT(with_chaos, kScenarios / 6);
  EXPECT_LT(with_chaos, kScenarios / 3);
  EXPECT_GT(unlimited, with_chaos / 4);
  for (std::size_t i = 0; i < kChaosFamilies; ++i) {
    EXPECT_GT(scenarios_with[i], 0) << to_string(static_cast<ChaosFamily>(i));
  }
}

TEST(Swarm, ClocksStepByChanceOnlyWhereTheBudgetAddsTheStepsUp) {
  for (std::uint64_t seed = 0; seed < 800; ++seed) {
    const ScenarioSpec spec = make_swarm(seed);
    const auto& faults = spec.chaos.faults;
    if (!faults[static_cast<std::size_t>(ChaosFamily::kClockStep)] &&
        !faults[static_cast<std::size_t>(ChaosFamily::kClockWobble)]) {
      continue;
    }
    EXPECT_EQ(spec.chaos.budget, ChaosBudget::kRedundancy) << "seed " << seed;
    for (const EventSpec& event : spec.events) {
      EXPECT_FALSE(std::holds_alternative<ClockAction>(event.action)) << "seed " << seed;
    }
  }
}

TEST(Swarm, RandomFaultsOfAScenarioAreLeftAsTheyAre) {
  ScenarioSpec base = make_swarm(3);
  base.chaos = ChaosSpec{};
  base.chaos.faults[0] =
      ChaosFault{Rate::of(1, seconds(1)), DelayDistribution::constant(seconds(1)),
                 CrashAction{NodeSelector::random(1), {}, {}}};
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    EXPECT_EQ(make_swarm_around(base, seed).chaos, base.chaos);
  }
}

TEST(Swarm, HalfOfTheScenariosHaveFaultPointsAndEachComesUpInAQuarterOfThose) {
  std::array<int, kFaultPoints> scenarios_with{};
  int with_any = 0;
  constexpr int kScenarios = 800;
  for (std::uint64_t seed = 0; seed < kScenarios; ++seed) {
    const auto points = make_swarm(seed).fault_points;
    bool any = false;
    for (std::size_t i = 0; i < kFaultPoints; ++i) {
      scenarios_with[i] += points[i] ? 1 : 0;
      any = any || points[i];
    }
    with_any += any ? 1 : 0;
  }
  EXPECT_GT(with_any, kScenarios * 2 / 5);
  EXPECT_LT(with_any, kScenarios * 3 / 5);
  for (std::size_t i = 0; i < kFaultPoints; ++i) {
    EXPECT_GT(scenarios_with[i], kScenarios / 16) << fault_point_catalogue()[i].name;
    EXPECT_LT(scenarios_with[i], kScenarios / 4) << fault_point_catalogue()[i].name;
  }
}

TEST(Swarm, FaultPointsOfAScenarioAreLeftAsTheyAre) {
  ScenarioSpec base = make_swarm(3);
  base.fault_points = {};
  base.fault_points[2] = Ratio(1, 3);
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    EXPECT_EQ(make_swarm_around(base, seed).fault_points, base.fault_points);
  }
}

TEST(Swarm, EachOrderOfTiesComesUp) {
  std::map<TieOrder, int> scenarios_with;
  for (std::uint64_t seed = 0; seed < 300; ++seed) ++scenarios_with[make_swarm(seed).tie];
  EXPECT_GT(scenarios_with[TieOrder::kFifo], 60);
  EXPECT_GT(scenarios_with[TieOrder::kRandom], 60);
  EXPECT_GT(scenarios_with[TieOrder::kPct], 60);
}

TEST(Swarm, ShortScenariosGetTheirEventsWithinTheRun) {
  ScenarioSpec base = make_swarm(3);
  base.events.clear();
  base.chaos = ChaosSpec{};
  base.duration = base.sample_every = milliseconds(300);
  for (TrafficSpec& traffic : base.traffic) traffic.stop = base.duration;
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    ASSERT_EQ(trouble_of(make_swarm_around(base, seed)), "") << "seed " << seed;
  }
}

TEST(Swarm, AroundAScenarioKeepsItsClusterAndEventsAndAddsSome) {
  ScenarioSpec base = make_swarm(3);
  const ScenarioSpec around = make_swarm_around(base, 5);
  EXPECT_EQ(around.cluster, base.cluster);
  EXPECT_EQ(around.collections, base.collections);
  EXPECT_EQ(around.traffic, base.traffic);
  EXPECT_GT(around.events.size(), base.events.size());
  for (const EventSpec& event : base.events) {
    EXPECT_NE(std::find(around.events.begin(), around.events.end(), event), around.events.end());
  }
  EXPECT_EQ(trouble_of(around), "");
}

}  // namespace
}  // namespace shardproof::sim
