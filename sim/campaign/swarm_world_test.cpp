// SPDX-License-Identifier: Apache-2.0
//
// What the clusters of a campaign are made of, and what is asked of them.
#include <algorithm>
#include <map>

#include <gtest/gtest.h>

#include "sim/campaign/swarm.hpp"
#include "sim/scenario/mutable_selectors.hpp"

namespace shardproof::sim {
namespace {

bool has_tail(const DelayDistribution& delay) {
  return delay.kind == DistributionKind::kPareto || delay.kind == DistributionKind::kTailed;
}

TEST(SwarmWorld, SomeDelaysHaveTails) {
  int network = 0, write = 0, sync = 0, metadata = 0;
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    const ScenarioSpec spec = make_swarm(seed);
    network += has_tail(spec.network.latency.distribution);
    write += has_tail(spec.disk.write_latency);
    sync += has_tail(spec.disk.sync_latency);
    metadata += has_tail(spec.metadata.latency);
  }
  for (const int scenarios : {network, write, sync, metadata}) EXPECT_NEAR(scenarios, 53, 25);
}

TEST(SwarmWorld, SomeClustersAreWideAndHaveNarrowLinesAndDisks) {
  const DelayDistribution near = NetworkSpec{}.zone_latency;
  int regions = 0, racks = 0, far_zones = 0, far_regions = 0, lines = 0, queues = 0, disks = 0;
  int operations = 0, region_faults = 0;
  for (std::uint64_t seed = 0; seed < 800; ++seed) {
    const ScenarioSpec spec = make_swarm(seed);
    const auto& [zones, in_each] = spec.cluster.domains;
    const bool has_regions = zones.front().first != zones.back().first;
    regions += has_regions;
    racks += in_each.size() > 1;
    far_zones += spec.network.zone_latency != near;
    far_regions += spec.network.region_latency != near;
    lines += !spec.network.links.empty();
    queues += spec.network.queue != Bytes(0);
    disks += spec.disk.bandwidth != DiskSpec{}.bandwidth;
    operations += spec.disk.iops.has_value();
    for (const EventSpec& event : spec.events) {
      Action action = event.action;
      for (const NodeSelector* node : selectors_of(action)) {
        if (node->kind != NodeSelector::Kind::kRandomRegion) continue;
        EXPECT_TRUE(has_regions) << "seed " << seed;
        region_faults += 1;
      }
    }
  }
  EXPECT_NEAR(regions, 170, 50);
  EXPECT_NEAR(racks, 260, 60);
  EXPECT_NEAR(far_zones, 260, 60);
  EXPECT_NEAR(far_regions, 90, 40);
  EXPECT_NEAR(lines, 130, 45);
  EXPECT_NEAR(queues, 100, 40);
  EXPECT_NEAR(disks, 90, 40);
  EXPECT_NEAR(operations, 90, 40);
  EXPECT_GT(region_faults, 5);
}

TEST(SwarmWorld, SomeTrafficComesInBurstsGrowsOrFollowsAHotspotThatMoves) {
  std::map<RateShape::Kind, int> shapes;
  int moving = 0, hot = 0, regular = 0;
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    for (const TrafficSpec& traffic : make_swarm(seed).traffic) {
      ++shapes[traffic.rate.kind];
      moving += traffic.keys.moves_every.count() > 0;
      hot += traffic.keys.kind == KeyChoice::Kind::kZipf && traffic.keys.exponent >= Ratio(4, 1);
      regular += traffic.arrivals == TrafficSpec::Arrivals::kRegular;
    }
  }
  for (const auto kind :
       {RateShape::Kind::kBurst, RateShape::Kind::kRamp, RateShape::Kind::kDiurnal}) {
    EXPECT_NEAR(shapes[kind], 55, 25);
  }
  EXPECT_NEAR(moving, 60, 25);
  EXPECT_NEAR(hot, 50, 25);
  EXPECT_NEAR(regular, 80, 30);
}

TEST(SwarmWorld, SomePoliciesHaveWindowsAndLimitsOfZones) {
  int daily = 0, once = 0, zones = 0, ordered = 0;
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    const ScenarioSpec spec = make_swarm(seed);
    const auto& limits = spec.policy.limits;
    zones += limits.moves_per_domain > 0;
    for (const distribution::MoveWindow& window : limits.windows) {
      (window.daily ? daily : once) += 1;
    }
    for (const EventSpec& event : spec.events) {
      const auto* order = std::get_if<LimitsAction>(&event.action);
      ordered += order != nullptr && order->limits.moves_per_domain;
    }
  }
  EXPECT_GT(daily, 30);
  EXPECT_GT(once, 30);
  EXPECT_NEAR(zones, 80, 30);
  EXPECT_GT(ordered, 5);
}

TEST(SwarmWorld, SomeWindowsAreOpenWhenEverythingHasComeToRest) {
  int open = 0, across_midnight = 0;
  for (std::uint64_t seed = 0; seed < 800; ++seed) {
    const ScenarioSpec spec = make_swarm(seed);
    const Instant later = Instant() + spec.duration + minutes(5);
    for (const distribution::MoveWindow& window : spec.policy.limits.windows) {
      if (!window.contains(later, spec.starts_at)) continue;
      ++open;
      across_midnight += window.end < window.start;
    }
  }
  EXPECT_GT(open, 20);
  EXPECT_GT(across_midnight, 8);
}

TEST(SwarmWorld, OperatorsAskForAStatusAndMaintainTwoNodesAtOnce) {
  int questions = 0, joint = 0;
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    const ScenarioSpec spec = make_swarm(seed);
    std::vector<Nanoseconds> begins;
    for (const EventSpec& event : spec.events) {
      questions += std::holds_alternative<StatusAction>(event.action);
      const bool is_timed = std::holds_alternative<MaintenanceAction>(event.action) && event.time;
      if (is_timed) begins.push_back(*event.time);
    }
    std::sort(begins.begin(), begins.end());
    const auto close = std::adjacent_find(begins.begin(), begins.end(), [&](auto a, auto b) {
      return b - a <= spec.protocol.heartbeat;
    });
    joint += close != begins.end();
  }
  EXPECT_GT(questions, 40);
  EXPECT_GT(joint, 15);
}

TEST(SwarmWorld, TheOfficeChangesWhileALeaderIsCutOff) {
  int expired = 0, restarted = 0;
  for (std::uint64_t seed = 0; seed < 800; ++seed) {
    const ScenarioSpec spec = make_swarm(seed);
    for (const EventSpec& cut : spec.events) {
      const auto* partition = std::get_if<PartitionAction>(&cut.action);
      const bool is_leaders = partition != nullptr && cut.time && cut.lasts &&
                              partition->from.kind == NodeSelector::Kind::kLeader &&
                              partition->to.kind == NodeSelector::Kind::kOthers;
      if (!is_leaders || *cut.lasts <= spec.protocol.lease) continue;
      for (const EventSpec& change : spec.events) {
        if (!change.time || *change.time < *cut.time) continue;
        if (*change.time - *cut.time > spec.protocol.lease) continue;
        expired += std::holds_alternative<ExpireSessionAction>(change.action);
        restarted += std::holds_alternative<RestartAction>(change.action);
      }
    }
  }
  EXPECT_GT(expired, 20);
  EXPECT_GT(restarted, 20);
}

TEST(SwarmWorld, SomePathsAndSomeNetworksOfNodesAreSlow) {
  int paths = 0, of_one_type = 0, nodes = 0;
  for (std::uint64_t seed = 0; seed < 800; ++seed) {
    const ScenarioSpec spec = make_swarm(seed);
    for (const EventSpec& event : spec.events) {
      const auto* delay = std::get_if<DelayAction>(&event.action);
      if (delay == nullptr || delay->factor == Ratio(1, 1)) continue;
      (delay->message ? of_one_type : paths) += 1;
    }
    const auto& slow = spec.chaos.faults[static_cast<std::size_t>(ChaosFamily::kSlow)];
    nodes += slow && std::get<SlowAction>(slow->action).network != Ratio(1, 1);
  }
  EXPECT_GT(paths, 15);
  EXPECT_GT(of_one_type, 5);
  EXPECT_GT(nodes, 3);
}

TEST(SwarmWorld, SomeMessagesThatComeTwiceComeVeryLate) {
  int twice = 0, late = 0;
  for (std::uint64_t seed = 0; seed < 800; ++seed) {
    const NetworkSpec network = make_swarm(seed).network;
    const bool is_late = network.duplicate_delay != NetworkSpec().duplicate_delay;
    twice += !network.duplication.is_zero();
    late += is_late;
    EXPECT_TRUE(!is_late || !network.duplication.is_zero()) << "seed " << seed;
  }
  EXPECT_GT(late * 5, twice);
  EXPECT_LT(late * 2, twice);
}

TEST(SwarmWorld, MessagesComeTwiceSpoiltOrLateForAWhile) {
  int twice = 0, spoilt = 0, late = 0, by_chance = 0;
  const auto count = [&](const Action& action) {
    const auto* network = std::get_if<NetworkAction>(&action);
    if (network == nullptr) return 0;
    twice += network->duplication.has_value();
    spoilt += network->corruption.has_value();
    late += network->latency.has_value();
    return network->duplication || network->corruption ? 1 : 0;
  };
  for (std::uint64_t seed = 0; seed < 800; ++seed) {
    const ScenarioSpec spec = make_swarm(seed);
    for (const EventSpec& event : spec.events) count(event.action);
    const auto& random = spec.chaos.faults[static_cast<std::size_t>(ChaosFamily::kNetwork)];
    if (random) by_chance += count(random->action);
  }
  EXPECT_GT(twice, 50);
  EXPECT_GT(spoilt, 50);
  EXPECT_GT(late, 50);
  EXPECT_GT(by_chance, 10);
}

TEST(SwarmWorld, SomeCutsByChanceLastForSomeTimeAtLeastAndSoDoesWhatIsBetweenThem) {
  int stable = 0, other = 0;
  for (std::uint64_t seed = 0; seed < 800; ++seed) {
    for (const auto& fault : make_swarm(seed).chaos.faults) {
      if (!fault) continue;
      const bool is_cut = std::holds_alternative<PartitionAction>(fault->action);
      const bool is_stable = fault->calm.count() > 0 && fault->duration.first >= milliseconds(100);
      stable += is_cut && is_stable;
      other += is_cut && !is_stable;
      EXPECT_TRUE(is_cut || fault->calm.count() == 0);
    }
  }
  EXPECT_GT(stable, 30);
  EXPECT_GT(other, 30);
}

}  // namespace
}  // namespace shardproof::sim
