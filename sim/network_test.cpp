// SPDX-License-Identifier: Apache-2.0
#include "sim/network.hpp"

#include <map>
#include <memory>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace shardproof::sim {
namespace {

using testing::ElementsAre;

constexpr std::size_t kKind = 3;

Instant at(std::int64_t ns) { return Instant(Nanoseconds(ns)); }
Endpoint node(std::uint32_t id) { return Endpoint::node(NodeId(id)); }
const Endpoint kClient = Endpoint::client(ClientId(2));

NetworkSpec quiet_spec() {
  NetworkSpec spec;
  spec.latency = DelayDistribution::constant(Nanoseconds(100));
  return spec;
}

EndpointSet nodes(std::initializer_list<std::uint32_t> ids) {
  EndpointSet set;
  for (const std::uint32_t id : ids) set.add_node(NodeId(id));
  return set;
}

PathFault cut(EndpointSet from, EndpointSet to, bool one_way = false) {
  PathFault fault;
  fault.from = std::move(from);
  fault.to = std::move(to);
  fault.one_way = one_way;
  fault.cut = true;
  return fault;
}

/// Three nodes in one rack and a fourth in another zone, each of one byte a nanosecond.
struct NetworkTest : testing::Test {
  static Network make(const NetworkSpec& spec, Bandwidth bandwidth = Bandwidth(1'000'000'000)) {
    Network network(spec, Topology(spec), Streams(1));
    for (std::uint32_t id = 0; id < 3; ++id) network.add_node(NodeId(id), {0, 0, 0}, bandwidth);
    network.add_node(NodeId(3), {0, 1, 0}, bandwidth);
    return network;
  }
  static std::vector<Instant> plan(Network& on, std::int64_t now, Endpoint from, Endpoint to,
                                   std::uint64_t size = 10) {
    const Deliveries deliveries = on.plan(at(now), from, to, Bytes(size), kKind);
    std::vector<Instant> arrivals;
    for (const Deliveries::Copy& copy : deliveries) arrivals.push_back(copy.at);
    return arrivals;
  }
  std::vector<Instant> plan(std::int64_t now, Endpoint from, Endpoint to, std::uint64_t size = 10) {
    return plan(network, now, from, to, size);
  }
  bool passes(Endpoint from, Endpoint to) { return !plan(1'000'000, from, to, 0).empty(); }

  Network network = make(quiet_spec());
};

// --- Delay --------------------------------------------------------------------------------------

TEST_F(NetworkTest, AMessageTakesItsTransmissionAndTheLatency) {
  EXPECT_THAT(plan(5, node(0), node(1), 40), ElementsAre(at(145)));
}

TEST_F(NetworkTest, MeasuredDelaysComeAboutAsOftenAsTheyWereMeasured) {
  NetworkSpec spec;
  spec.latency.measured.emplace();
  spec.latency.measured->values = std::make_shared<const std::vector<Nanoseconds>>(
      std::vector{Nanoseconds(100), Nanoseconds(100), Nanoseconds(900)});
  Network measured = make(spec);
  std::map<std::int64_t, int> seen;
  for (int i = 0; i < 3000; ++i) {
    const auto arrivals = plan(measured, i * 10'000, node(0), node(1), 0);
    seen[(arrivals.at(0) - at(i * 10'000)).count()] += 1;
  }
  ASSERT_EQ(seen.size(), 2u);
  EXPECT_NEAR(seen[100], 2000, 120);
  EXPECT_NEAR(seen[900], 1000, 120);
}

TEST_F(NetworkTest, OtherSettingsOfTheNetworkReplaceWhatWasMeasured) {
  NetworkSpec spec;
  spec.latency.measured.emplace();
  spec.latency.measured->values =
      std::make_shared<const std::vector<Nanoseconds>>(std::vector{Nanoseconds(100)});
  Network measured = make(spec);
  NetworkAction late;
  late.latency = DelayDistribution::constant(Nanoseconds(700));
  const FaultId fault = measured.add(late);
  EXPECT_EQ(plan(measured, 0, node(0), node(1), 0).at(0), at(700));
  measured.heal(fault);
  EXPECT_EQ(plan(measured, 10'000, node(0), node(1), 0).at(0), at(10'100));
}

TEST_F(NetworkTest, AMessageToOneselfTakesNothing) {
  EXPECT_THAT(plan(5, node(0), node(0), 40), ElementsAre(at(5)));
}

TEST_F(NetworkTest, MessagesQueueAtTheSender) {
  EXPECT_THAT(plan(0, node(0), node(1), 40), ElementsAre(at(140)));
  EXPECT_THAT(plan(10, node(0), node(2), 40), ElementsAre(at(180)));
  EXPECT_THAT(plan(200, node(0), node(1), 40), ElementsAre(at(340)));
}

TEST_F(NetworkTest, MessagesQueueAtTheReceiver) {
  EXPECT_THAT(plan(0, node(0), node(2), 40), ElementsAre(at(140)));
  EXPECT_THAT(plan(0, node(1), node(2), 40), ElementsAre(at(180)));
}

TEST_F(NetworkTest, NobodyWaitsForWhatIsStillQueuedElsewhere) {
  plan(0, node(0), node(1), 10'000);
  plan(0, node(0), node(2), 10);
  EXPECT_THAT(plan(0, node(3), node(2), 10), ElementsAre(at(120)));
}

TEST_F(NetworkTest, ClientsHaveNoInterfaceToWaitFor) {
  plan(0, kClient, node(0), 40);
  EXPECT_THAT(plan(0, kClient, node(1), 40), ElementsAre(at(140)));
}

TEST_F(NetworkTest, DistancesAddUp) {
  NetworkSpec spec = quiet_spec();
  spec.zone_latency = DelayDistribution::constant(Nanoseconds(1000));
  Network zoned = make(spec);
  EXPECT_THAT(plan(zoned, 0, node(0), node(3), 0), ElementsAre(at(1100)));
  EXPECT_THAT(plan(zoned, 0, node(3), node(0), 0), ElementsAre(at(1100)));
  EXPECT_THAT(plan(zoned, 0, node(0), node(1), 0), ElementsAre(at(100)));
  EXPECT_THAT(plan(zoned, 0, node(3), Endpoint::metadata(), 0), ElementsAre(at(100)));
  zoned.place_metadata({0, 0, 0});
  EXPECT_THAT(plan(zoned, 0, node(3), Endpoint::metadata(), 0), ElementsAre(at(1100)));
}

TEST_F(NetworkTest, ALinkIsSharedByAllTrafficOverIt) {
  Topology topology{quiet_spec()};
  const DelayDistribution latency = DelayDistribution::constant(Nanoseconds(500));
  topology.link_zones({0, 0, 0}, {0, 1, 0}, Link{latency, Bandwidth(100'000'000)});
  Network linked(quiet_spec(), topology, Streams(1));
  for (std::uint32_t id = 0; id < 2; ++id) linked.add_node(NodeId(id), {0, 0, 0}, Bandwidth());
  linked.add_node(NodeId(2), {0, 1, 0}, Bandwidth());
  EXPECT_THAT(plan(linked, 0, node(0), node(2), 10), ElementsAre(at(700)));
  EXPECT_THAT(plan(linked, 0, node(1), node(2), 10), ElementsAre(at(800)));
  EXPECT_THAT(plan(linked, 0, node(2), node(1), 10), ElementsAre(at(700)));
}

TEST_F(NetworkTest, AFiniteQueueDropsWhatItCannotTake) {
  NetworkSpec spec = quiet_spec();
  spec.queue = Bytes(100);
  Network finite = make(spec);
  EXPECT_THAT(plan(finite, 0, node(0), node(1), 60), ElementsAre(at(160)));
  EXPECT_TRUE(plan(finite, 0, node(0), node(1), 41).empty());
  EXPECT_EQ(plan(finite, 0, node(0), node(1), 40).size(), 1u);
  EXPECT_EQ(finite.counters().overflowed, 1u);
}

TEST_F(NetworkTest, AnIdleInterfaceTakesAMessageOfAnySize) {
  NetworkSpec spec = quiet_spec();
  spec.queue = Bytes(100);
  Network finite = make(spec);
  EXPECT_THAT(plan(finite, 0, node(0), node(1), 500), ElementsAre(at(600)));
}

// --- Loss and duplication -----------------------------------------------------------------------

TEST_F(NetworkTest, LossAndDuplicationKeepToTheirRatios) {
  NetworkSpec spec = quiet_spec();
  spec.loss = Ratio(1, 10);
  spec.duplication = Ratio(1, 5);
  Network rough = make(spec);
  for (int i = 0; i < 10'000; ++i) plan(rough, 0, kClient, Endpoint::metadata());
  EXPECT_NEAR(static_cast<double>(rough.counters().lost), 1000, 100);
  EXPECT_NEAR(static_cast<double>(rough.counters().duplicated), 1800, 130);
}

TEST_F(NetworkTest, HealedSettingsLoseAndDuplicateNothingAndFaultsStillDo) {
  NetworkSpec spec = quiet_spec();
  spec.loss = Ratio(1, 2);
  spec.duplication = Ratio(1, 2);
  Network rough = make(spec);
  rough.heal_settings();
  for (int i = 0; i < 100; ++i) plan(rough, 0, kClient, Endpoint::metadata());
  EXPECT_EQ(rough.counters().lost, 0u);
  EXPECT_EQ(rough.counters().duplicated, 0u);
  NetworkAction lossy;
  lossy.loss = Ratio(1, 1);
  rough.add(lossy);
  plan(rough, 0, kClient, Endpoint::metadata());
  EXPECT_EQ(rough.counters().lost, 1u);
}

TEST_F(NetworkTest, CorruptionSpoilsPiecesOfCopiesAndLosesEverythingElse) {
  NetworkSpec spec = quiet_spec();
  spec.corruption = Ratio(1, 1);
  Network rough = make(spec);
  EXPECT_THAT(plan(rough, 0, node(0), node(1)), ElementsAre());
  EXPECT_EQ(rough.counters().lost, 1u);
  const std::size_t chunk = Message(message::CopyChunk{}).index();
  const Deliveries spoilt = rough.plan(at(0), node(0), node(1), Bytes(10), chunk);
  ASSERT_EQ(spoilt.size(), 1u);
  EXPECT_NE(spoilt.begin()->damage, 0u);
  rough.heal_settings();
  const Deliveries whole = rough.plan(at(0), node(0), node(1), Bytes(10), chunk);
  ASSERT_EQ(whole.size(), 1u);
  EXPECT_EQ(whole.begin()->damage, 0u);
}

TEST_F(NetworkTest, ADuplicateHasADelayOfItsOwn) {
  NetworkSpec spec = quiet_spec();
  spec.latency = DelayDistribution::uniform(Nanoseconds(0), seconds(1));
  spec.duplication = Ratio(1, 1);
  Network rough = make(spec);
  const std::vector<Instant> arrivals = plan(rough, 0, node(0), node(1));
  ASSERT_EQ(arrivals.size(), 2u);
  EXPECT_NE(arrivals[0], arrivals[1]);
}

TEST_F(NetworkTest, OnlyTheSecondOfTwoIsLate) {
  NetworkSpec spec = quiet_spec();
  spec.duplication = Ratio(1, 1);
  const std::vector<Instant> soon = [&] {
    Network rough = make(spec);
    return plan(rough, 0, node(0), node(1));
  }();
  spec.duplicate_delay = DelayDistribution::constant(seconds(2));
  Network rough = make(spec);
  const std::vector<Instant> arrivals = plan(rough, 0, node(0), node(1));
  ASSERT_EQ(arrivals.size(), 2u);
  EXPECT_EQ(arrivals[0], soon[0]);
  EXPECT_EQ(arrivals[1], soon[1] + seconds(2));
}

TEST_F(NetworkTest, OneSendersDrawsMoveNobodyElses) {
  NetworkSpec spec;
  spec.loss = Ratio(1, 10);
  Network alone = make(spec, Bandwidth());
  Network busy = make(spec, Bandwidth());
  for (int i = 0; i < 100; ++i) {
    plan(busy, i, node(1), node(2));
    EXPECT_EQ(plan(alone, i, node(0), node(2)), plan(busy, i, node(0), node(2)));
  }
}

// --- Partitions ---------------------------------------------------------------------------------

TEST_F(NetworkTest, APartitionCutsBothWays) {
  network.add(cut(nodes({0}), nodes({1, 2})));
  EXPECT_FALSE(passes(node(0), node(1)));
  EXPECT_FALSE(passes(node(2), node(0)));
  EXPECT_TRUE(passes(node(1), node(2)));
  EXPECT_TRUE(passes(node(0), node(3)));
  EXPECT_EQ(network.counters().cut, 2u);
}

TEST_F(NetworkTest, AOneWayPartitionCutsOneWay) {
  network.add(cut(nodes({0}), nodes({1}), true));
  EXPECT_FALSE(passes(node(0), node(1)));
  EXPECT_TRUE(passes(node(1), node(0)));
}

TEST_F(NetworkTest, OverlappingPartitionsHealSeparately) {
  const FaultId first = network.add(cut(nodes({0}), nodes({1, 2})));
  const FaultId second = network.add(cut(nodes({0, 3}), nodes({1})));
  EXPECT_TRUE(network.heal(first));
  EXPECT_FALSE(network.heal(first));
  EXPECT_FALSE(passes(node(0), node(1)));
  EXPECT_TRUE(passes(node(0), node(2)));
  network.heal(second);
  EXPECT_TRUE(passes(node(0), node(1)));
}

TEST_F(NetworkTest, ANodeOnBothSidesStillReachesItself) {
  network.add(cut(nodes({0, 1}), nodes({0, 1})));
  EXPECT_TRUE(passes(node(0), node(0)));
  EXPECT_FALSE(passes(node(0), node(1)));
}

TEST_F(NetworkTest, MetadataAndClientsCanBeCutOff) {
  network.add(cut(nodes({0}), EndpointSet().add_metadata()));
  network.add(cut(nodes({1}), EndpointSet().add_clients()));
  EXPECT_FALSE(passes(node(0), Endpoint::metadata()));
  EXPECT_FALSE(passes(Endpoint::metadata(), node(0)));
  EXPECT_TRUE(passes(node(1), Endpoint::metadata()));
  EXPECT_TRUE(passes(kClient, node(0)));
  EXPECT_FALSE(passes(kClient, node(1)));
  EXPECT_TRUE(passes(Endpoint::operator_console(), node(1)));
}

TEST_F(NetworkTest, APartitionCatchesWhatIsInFlight) {
  EXPECT_TRUE(network.admit(node(0), node(1), kKind));
  network.add(cut(nodes({0}), nodes({1})));
  EXPECT_FALSE(network.admit(node(0), node(1), kKind));
  EXPECT_EQ(network.counters().delivered, 1u);
  EXPECT_EQ(network.counters().cut, 1u);
}

TEST_F(NetworkTest, AFaultMayMeanSomeKindsOfMessagesOnly) {
  PathFault fault = cut(nodes({0}), nodes({1}));
  fault.kinds = std::uint64_t{1} << (kKind + 1);
  network.add(fault);
  EXPECT_TRUE(passes(node(0), node(1)));
  EXPECT_TRUE(network.is_cut(node(0), node(1), kKind + 1));
}

// --- Other faults -------------------------------------------------------------------------------

TEST_F(NetworkTest, ASlowEndpointSlowsItsInterfaceAndItsDelays) {
  const FaultId slow = network.add(Slowdown{node(0), Ratio(3, 1)});
  EXPECT_THAT(plan(0, node(0), node(1), 10), ElementsAre(at(330)));
  EXPECT_THAT(plan(1000, node(1), node(0), 10), ElementsAre(at(1330)));
  EXPECT_THAT(plan(2000, node(1), node(2), 10), ElementsAre(at(2110)));
  network.heal(slow);
  EXPECT_THAT(plan(3000, node(0), node(1), 10), ElementsAre(at(3110)));
}

TEST_F(NetworkTest, TheWorstOfSeveralSlowdownsCounts) {
  const FaultId more = network.add(Slowdown{node(0), Ratio(3, 1)});
  network.add(Slowdown{node(0), Ratio(2, 1)});
  EXPECT_THAT(plan(0, node(0), node(1), 0), ElementsAre(at(300)));
  network.heal(more);
  EXPECT_THAT(plan(0, node(0), node(1), 0), ElementsAre(at(200)));
}

TEST_F(NetworkTest, APathCanBeSlowAndLossy) {
  PathFault fault;
  fault.from = nodes({0});
  fault.to = nodes({1});
  fault.slowdown = Ratio(5, 2);
  const FaultId slow = network.add(fault);
  EXPECT_THAT(plan(0, node(1), node(0), 0), ElementsAre(at(250)));
  EXPECT_THAT(plan(0, node(1), node(2), 0), ElementsAre(at(100)));
  network.heal(slow);
  fault.loss = Ratio(1, 1);
  network.add(fault);
  EXPECT_FALSE(passes(node(0), node(1)));
  EXPECT_EQ(network.counters().lost, 1u);
}

TEST_F(NetworkTest, TheNewestSettingThatNamesTheFieldCounts) {
  NetworkAction lossy;
  lossy.loss = Ratio(1, 1);
  NetworkAction late;
  late.latency = DelayDistribution::constant(Nanoseconds(900));
  NetworkAction clean;
  clean.loss = Ratio(0, 1);
  const FaultId first = network.add(lossy);
  EXPECT_FALSE(passes(node(0), node(1)));
  network.add(late);
  EXPECT_FALSE(passes(node(0), node(1)));
  const FaultId last = network.add(clean);
  EXPECT_THAT(plan(2'000'000, node(0), node(1), 0), ElementsAre(at(2'000'900)));
  network.heal(last);
  EXPECT_FALSE(passes(node(0), node(1)));
  network.heal(first);
  EXPECT_TRUE(passes(node(0), node(1)));
}

TEST_F(NetworkTest, WhatIsSentIsCountedByKind) {
  plan(0, node(0), node(1), 40);
  plan(0, node(0), node(0), 2);
  EXPECT_EQ(network.counters().sent, 2u);
  EXPECT_EQ(network.counters().bytes_sent, Bytes(42));
  EXPECT_EQ(network.counters().by_kind[kKind].messages, 2u);
  EXPECT_EQ(network.counters().by_kind[kKind].bytes, Bytes(42));
}

TEST_F(NetworkTest, AClogHoldsWhatArrivesAndLosesNothing) {
  PathFault fault;
  fault.from = nodes({0});
  fault.to.add_everyone();
  fault.holds = true;
  const FaultId id = network.add(fault);
  EXPECT_TRUE(passes(node(0), node(1)));
  EXPECT_TRUE(network.is_held(node(0), node(1), kKind));
  EXPECT_TRUE(network.is_held(kClient, node(0), kKind));
  EXPECT_FALSE(network.is_held(node(0), node(0), kKind));
  EXPECT_FALSE(network.is_held(node(1), node(2), kKind));
  EXPECT_FALSE(network.is_cut(node(0), node(1), kKind));
  network.heal(id);
  EXPECT_FALSE(network.is_held(node(0), node(1), kKind));
}

TEST_F(NetworkTest, MessagesOfOneTypeTakeLongerByAnAmount) {
  PathFault fault;
  fault.from.add_everyone();
  fault.to = nodes({1});
  fault.one_way = true;
  fault.extra = DelayDistribution::constant(Nanoseconds(1000));
  fault.kinds = std::uint64_t{1} << kKind;
  network.add(fault);
  EXPECT_THAT(plan(0, node(0), node(1), 0), ElementsAre(at(1100)));
  EXPECT_THAT(plan(0, node(1), node(0), 0), ElementsAre(at(100)));
  network.add(fault);
  EXPECT_THAT(plan(0, node(0), node(1), 0), ElementsAre(at(2100)));
  const Deliveries other = network.plan(at(0), node(0), node(1), Bytes(0), kKind + 1);
  EXPECT_EQ(other.begin()->at, at(100));
}

}  // namespace
}  // namespace shardproof::sim
