// SPDX-License-Identifier: Apache-2.0
#include "sim/topology.hpp"

#include <gtest/gtest.h>

namespace shardproof::sim {
namespace {

DomainPath domain(std::uint16_t region, std::uint16_t zone, std::uint16_t rack) {
  return {region, zone, rack};
}

Link link(Nanoseconds latency, std::uint64_t bytes_per_second = 0) {
  return {DelayDistribution::constant(latency), Bandwidth(bytes_per_second)};
}

struct TopologyTest : testing::Test {
  Topology topology{link(microseconds(1)), link(microseconds(100)), link(milliseconds(10))};
  SiteId rack = topology.site(domain(0, 0, 0));
  SiteId other_rack = topology.site(domain(0, 0, 1));
  SiteId other_zone = topology.site(domain(0, 1, 0));
  SiteId other_region = topology.site(domain(1, 0, 0));
};

TEST_F(TopologyTest, ARackIsAddedOnce) {
  EXPECT_EQ(topology.site(domain(0, 1, 0)), other_zone);
  EXPECT_NE(rack, other_rack);
}

TEST_F(TopologyTest, NothingIsCrossedWithinARackOrTowardsEverywhere) {
  EXPECT_EQ(topology.mean_latency(rack, rack), Nanoseconds(0));
  EXPECT_EQ(topology.mean_latency(rack, kEverywhere), Nanoseconds(0));
  EXPECT_EQ(topology.mean_latency(kEverywhere, rack), Nanoseconds(0));
}

TEST_F(TopologyTest, EachLevelIsPaidOnceAndInBothDirectionsAlike) {
  EXPECT_EQ(topology.mean_latency(rack, other_rack), microseconds(1));
  EXPECT_EQ(topology.mean_latency(rack, other_zone), microseconds(101));
  EXPECT_EQ(topology.mean_latency(rack, other_region), microseconds(10'101));
  EXPECT_EQ(topology.mean_latency(other_region, rack), microseconds(10'101));
}

TEST_F(TopologyTest, ADirectLinkReplacesTheWayThroughTheTree) {
  topology.link_zones(domain(0, 0, 0), domain(1, 0, 0), link(milliseconds(50)));
  EXPECT_EQ(topology.mean_latency(rack, other_region), microseconds(50'001));
}

TEST_F(TopologyTest, ADirectLinkCarriesNoTransit) {
  topology.link_zones(domain(0, 0, 0), domain(0, 1, 0), link(Nanoseconds(5)));
  topology.link_zones(domain(0, 1, 0), domain(1, 0, 0), link(Nanoseconds(5)));
  EXPECT_EQ(topology.mean_latency(rack, other_region), microseconds(10'101));
}

TEST_F(TopologyTest, ALinkAddedLaterChangesARouteAlreadyUsed) {
  EXPECT_EQ(topology.mean_latency(rack, other_zone), microseconds(101));
  topology.link_zones(domain(0, 0, 0), domain(0, 1, 0), link(Nanoseconds(5)));
  EXPECT_EQ(topology.mean_latency(rack, other_zone), microseconds(1) + Nanoseconds(5));
}

TEST(Topology, TheNarrowestLinkIsTheBottleneck) {
  Topology topology(link(Nanoseconds(0), 100), link(Nanoseconds(0), 50), link(Nanoseconds(0)));
  const SiteId a = topology.site(domain(0, 0, 0));
  EXPECT_EQ(topology.bottleneck(a, topology.site(domain(0, 0, 1))), Bandwidth(100));
  EXPECT_EQ(topology.bottleneck(a, topology.site(domain(0, 1, 0))), Bandwidth(50));
  EXPECT_TRUE(topology.bottleneck(a, a).is_unlimited());
}

TEST(Topology, LinksWithoutLatencyAndLimitAreNotVisited) {
  Topology topology{NetworkSpec{}};
  const SiteId a = topology.site(domain(0, 0, 0));
  const SiteId b = topology.site(domain(1, 1, 1));
  topology.for_each_link(a, b, [](LinkId id) { ADD_FAILURE() << "link " << id; });
}

TEST(Topology, TheTwoDirectionsAreLinksOfTheirOwn) {
  Topology topology{NetworkSpec{}};
  const SiteId a = topology.site(domain(0, 0, 0));
  const SiteId b = topology.site(domain(0, 1, 0));
  topology.link_zones(domain(0, 0, 0), domain(0, 1, 0), link(Nanoseconds(5), 10));
  std::vector<LinkId> there;
  std::vector<LinkId> back;
  topology.for_each_link(a, b, [&](LinkId id) { there.push_back(id); });
  topology.for_each_link(b, a, [&](LinkId id) { back.push_back(id); });
  ASSERT_EQ(there.size(), 1u);
  ASSERT_EQ(back.size(), 1u);
  EXPECT_NE(there, back);
}

}  // namespace
}  // namespace shardproof::sim
