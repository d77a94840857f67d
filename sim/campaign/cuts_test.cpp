// SPDX-License-Identifier: Apache-2.0
#include "sim/campaign/cuts.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sim/campaign/large_scenario_testing.hpp"
#include "sim/campaign/make_valid.hpp"
#include "sim/scenario/domains.hpp"

namespace shardproof::sim::campaign {
namespace {

using ::testing::ElementsAre;

std::vector<std::string> described(const ScenarioSpec& spec) {
  std::vector<std::string> texts;
  for (const EventSpec& event : spec.events)
    texts.push_back(describe(event, spec.collection_names()));
  return texts;
}

TEST(Cuts, NodesBehindADroppedOneMoveUpInWhatNamesThem) {
  ScenarioSpec spec = large_scenario();
  drop_node(spec, 1);
  EXPECT_EQ(spec.cluster.nodes.size(), 5u);
  EXPECT_EQ(spec.cluster.nodes[4].name, "n4");
  EXPECT_THAT(std::get<CrashAction>(spec.events[1].action).node.nodes, ElementsAre(NodeId(4)));
  EXPECT_THAT(std::get<PauseAction>(spec.events[2].action).node.nodes, ElementsAre(NodeId(1)));
  drop_node(spec, 1);
  // Nobody else was meant by the pause.
  EXPECT_EQ(spec.events.size(), 9u);
  EXPECT_FALSE(std::holds_alternative<PauseAction>(spec.events[2].action));
}

TEST(Cuts, ReplicationFactorsAreAtMostTheNodesThatAreLeft) {
  ScenarioSpec spec = large_scenario();
  while (spec.cluster.nodes.size() > 1) drop_node(spec, 0);
  EXPECT_EQ(spec.collections[0].replication_factor, 1u);
  drop_node(spec, 0);
  EXPECT_EQ(spec.cluster.nodes.size(), 1u);
}

TEST(Cuts, ACollectionGoesWithItsTrafficAndItsEvents) {
  ScenarioSpec spec = large_scenario();
  drop_collection(spec, 0);
  ASSERT_EQ(spec.collections.size(), 1u);
  ASSERT_EQ(spec.traffic.size(), 1u);
  EXPECT_EQ(spec.traffic[0].collection, 0u);
  EXPECT_EQ(spec.events.size(), 9u);
  EXPECT_EQ(std::get<MoveAction>(spec.events[6].action).of.collection, 0u);
  drop_collection(spec, 0);
  EXPECT_EQ(spec.collections.size(), 1u);
}

EventSpec replication(std::uint32_t collection, std::uint32_t factor) {
  EventSpec event;
  event.time = seconds(1);
  event.action = ReplicationAction{collection, factor};
  return event;
}

TEST(Cuts, AnOrderOfCopiesGoesWithItsCollection) {
  ScenarioSpec spec = large_scenario();
  spec.events = {replication(0, 3), replication(1, 3)};
  drop_collection(spec, 0);
  ASSERT_EQ(spec.events.size(), 1u);
  EXPECT_EQ(spec.events[0].action, Action(ReplicationAction{0, 3}));
}

TEST(MakeValid, KeepsOrdersOfCopiesBetweenTheWriteConcernAndTheNodes) {
  ScenarioSpec spec = large_scenario();
  spec.collections[0].replication_factor = 3;
  spec.collections[0].write_concern = 2;
  spec.events = {replication(0, 1), replication(0, 60)};
  make_valid(spec);
  ASSERT_EQ(spec.events.size(), 2u);
  EXPECT_EQ(spec.events[0].action, Action(ReplicationAction{0, 2}));
  EXPECT_EQ(spec.events[1].action, Action(ReplicationAction{0, 6}));
  spec.events = {replication(0, 3)};
  make_valid(spec);
  EXPECT_TRUE(spec.events.empty()) << "there are as many from the beginning";
}

ScenarioSpec scenario_with_versions() {
  ScenarioSpec spec = large_scenario();
  for (const char* name : {"second", "third"}) {
    spec.versions.push_back(spec.first_version());
    spec.versions.back().name = name;
    EventSpec& event = spec.events.emplace_back(spec.events.front());
    event.action = RestartAction{NodeSelector::all(), {}, name};
  }
  return spec;
}

TEST(Cuts, WhoWasToRunADroppedVersionIsRestartedAllTheSame) {
  ScenarioSpec spec = scenario_with_versions();
  const std::size_t events = spec.events.size();
  drop_version(spec, 0);
  ASSERT_EQ(spec.versions.size(), 1u);
  EXPECT_EQ(spec.versions.front().name, "third");
  ASSERT_EQ(spec.events.size(), events);
  EXPECT_EQ(std::get<RestartAction>(spec.events[events - 2].action).version, std::nullopt);
  EXPECT_EQ(std::get<RestartAction>(spec.events[events - 1].action).version, "third");
}

TEST(MakeValid, GivesAVersionTheTimingsOfTheScenarioWhereLeasesAndHeartbeatsDoNotGoTogether) {
  ScenarioSpec spec = scenario_with_versions();
  spec.versions[0].protocol.heartbeat = spec.protocol.lease;
  spec.versions[0].protocol.lease = spec.protocol.lease * 9;
  spec.versions[1].protocol.lease = spec.protocol.heartbeat * 2;
  const ProtocolSpec good = spec.versions[1].protocol;
  make_valid(spec);
  EXPECT_EQ(spec.versions[0].protocol, spec.protocol);
  EXPECT_EQ(spec.versions[1].protocol, good);
}

TEST(Cuts, WhatIsLeftOfAMixComesAlikeOften) {
  TrafficSpec traffic = large_scenario().traffic[0];
  drop_operation(traffic, TrafficOperation::kRead);
  EXPECT_EQ(traffic.mix[static_cast<std::size_t>(TrafficOperation::kInsert)], Ratio(1, 2));
  drop_operation(traffic, TrafficOperation::kInsert);
  drop_operation(traffic, TrafficOperation::kReplace);
  EXPECT_EQ(traffic.mix[static_cast<std::size_t>(TrafficOperation::kReplace)], Ratio(1, 1));
}

TEST(MakeValid, LeavesAGoodScenarioAsItIs) {
  const ScenarioSpec spec = large_scenario();
  ScenarioSpec same = spec;
  make_valid(same);
  EXPECT_EQ(same, spec);
}

TEST(MakeValid, WhatIsBeyondTheEndGoesOrEndsWithTheRun) {
  ScenarioSpec spec = large_scenario();
  spec.duration = seconds(6);
  make_valid(spec);
  EXPECT_THAT(described(spec),
              ElementsAre(::testing::HasSubstr("join"), ::testing::HasSubstr("crash"),
                          ::testing::HasSubstr("migration.phase")));
  EXPECT_EQ(spec.traffic[0].stop, seconds(6));
  EXPECT_EQ(spec.expectations.size(), 1u);
  EXPECT_TRUE(spec.policy.limits.windows.empty());
  spec.duration = seconds(5);
  make_valid(spec);
  EXPECT_EQ(spec.traffic.size(), 1u);
}

TEST(MakeValid, WithoutJoinsNobodyIsTheNewest) {
  ScenarioSpec spec = large_scenario();
  spec.events.erase(spec.events.begin());
  make_valid(spec);
  EXPECT_THAT(described(spec), ::testing::Not(::testing::Contains(::testing::HasSubstr("newest"))));
  EXPECT_EQ(spec.events.size(), 8u);
}

TEST(MakeValid, ShardsAndDomainsThatAreGoneAreNotNamed) {
  ScenarioSpec spec = large_scenario();
  spec.collections[0].shards = 2;
  make_nodes_alike(spec);
  make_valid(spec);
  EXPECT_EQ(std::get<JoinAction>(spec.events[0].action).zone, "");
  EXPECT_EQ(std::get<CrashAction>(spec.events[3].action).node.number, 1u);
  EXPECT_THAT(described(spec),
              ::testing::Not(::testing::Contains(::testing::HasSubstr("{ zone = "))));
  EXPECT_TRUE(spec.network.links.empty());
}

TEST(Cuts, RegionsAndRacksGoAndZonesStay) {
  ScenarioSpec spec = large_scenario();
  spec.cluster.domains.zones = {{"east", "a"}, {"west", "b"}};
  spec.cluster.domains.racks = {"r1", "r2"};
  spec.cluster.nodes = counted_nodes(spec.cluster, 6);
  EventSpec& event = spec.events.emplace_back(spec.events[0]);
  event.action = JoinAction{1, "west", "b", "r2", {}};
  forget_regions_and_racks(spec);
  make_valid(spec);
  EXPECT_EQ(spec, [] {
    ScenarioSpec wanted = large_scenario();
    EventSpec& join = wanted.events.emplace_back(wanted.events[0]);
    join.action = JoinAction{};
    make_valid(wanted);
    return wanted;
  }());
}

TEST(MakeValid, ALeaseOutlastsItsHeartbeat) {
  ScenarioSpec spec = large_scenario();
  spec.protocol.heartbeat = seconds(2);
  make_valid(spec);
  EXPECT_EQ(spec.protocol, ProtocolSpec{});
}

}  // namespace
}  // namespace shardproof::sim::campaign
