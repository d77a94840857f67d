// SPDX-License-Identifier: Apache-2.0
//
// The network against models that are too slow to be wrong: partitions as a plain list, an
// interface as a queue that is served byte by byte, distances by the rule as it is written down.

#include <array>
#include <map>
#include <set>
#include <tuple>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "sim/network.hpp"

namespace shardproof::sim {
namespace {

constexpr std::uint32_t kNodes = 5;

Endpoint node(std::uint32_t id) { return Endpoint::node(NodeId(id)); }

Network make_network(const NetworkSpec& spec, std::uint64_t seed, Bandwidth bandwidth) {
  Network network(spec, Topology(spec), Streams(seed));
  for (std::uint32_t id = 0; id < kNodes; ++id) network.add_node(NodeId(id), {}, bandwidth);
  return network;
}

// --- Partitions ---------------------------------------------------------------------------------

/// The nodes, one client, the metadata store and the console, by small numbers.
constexpr std::uint32_t kEndpoints = kNodes + 3;
Endpoint endpoint(std::uint32_t number) {
  if (number < kNodes) return node(number);
  if (number == kNodes) return Endpoint::client(ClientId(7));
  return number == kNodes + 1 ? Endpoint::metadata() : Endpoint::operator_console();
}

EndpointSet set_of(const std::set<std::uint32_t>& numbers) {
  EndpointSet set;
  for (const std::uint32_t number : numbers) {
    if (number < kNodes) set.add_node(NodeId(number));
    if (number == kNodes) set.add_clients();
    if (number == kNodes + 1) set.add_metadata();
    if (number == kNodes + 2) set.add_operator_console();
  }
  return set;
}

std::set<std::uint32_t> arbitrary_side() {
  const auto member = *rc::gen::container<std::array<bool, kEndpoints>>(rc::gen::arbitrary<bool>());
  std::set<std::uint32_t> side;
  for (std::uint32_t number = 0; number < kEndpoints; ++number) {
    if (member.at(number)) side.insert(number);
  }
  return side;
}

struct ModelPartition {
  FaultId id;
  std::set<std::pair<std::uint32_t, std::uint32_t>> cut;
};

ModelPartition begin_partition(Network& network) {
  const std::set<std::uint32_t> from = arbitrary_side();
  const std::set<std::uint32_t> to = arbitrary_side();
  const bool one_way = *rc::gen::arbitrary<bool>();
  ModelPartition partition;
  for (const std::uint32_t a : from) {
    for (const std::uint32_t b : to) {
      partition.cut.insert({a, b});
      if (!one_way) partition.cut.insert({b, a});
    }
  }
  PathFault fault;
  fault.from = set_of(from);
  fault.to = set_of(to);
  fault.one_way = one_way;
  fault.cut = true;
  partition.id = network.add(fault);
  return partition;
}

RC_GTEST_PROP(NetworkProperty, WhatIsCutIsTheUnionOfThePartitionsThatAreOn, ()) {
  Network network = make_network(NetworkSpec{}, 1, Bandwidth());
  std::vector<ModelPartition> on;
  const auto heals = *rc::gen::container<std::vector<bool>>(rc::gen::arbitrary<bool>());
  for (const bool heal : heals) {
    if (heal && !on.empty()) {
      const auto which = *rc::gen::inRange<std::size_t>(0, on.size());
      RC_ASSERT(network.heal(on[which].id));
      on.erase(on.begin() + static_cast<std::ptrdiff_t>(which));
    } else {
      on.push_back(begin_partition(network));
    }
    for (std::uint32_t a = 0; a < kEndpoints; ++a) {
      for (std::uint32_t b = 0; b < kEndpoints; ++b) {
        bool cut = false;
        for (const ModelPartition& partition : on) cut = cut || partition.cut.count({a, b}) == 1;
        RC_ASSERT(network.is_cut(endpoint(a), endpoint(b), 0) == (cut && a != b));
      }
    }
  }
}

// --- Interfaces ---------------------------------------------------------------------------------

/// Serves what it was given in order, one byte a nanosecond.
struct ByteServer {
  std::uint64_t backlog = 0;
  std::uint64_t now = 0;

  /// When the last byte of a message given now will be through.
  std::uint64_t give(std::uint64_t at, std::uint64_t size) {
    for (; now < at; ++now) {
      if (backlog > 0) --backlog;
    }
    backlog += size;
    return now + backlog;
  }
};

RC_GTEST_PROP(NetworkProperty, AnInterfaceCarriesOneMessageAfterAnotherAtItsRate, ()) {
  NetworkSpec spec;
  spec.latency = DelayDistribution::constant(Nanoseconds(50));
  Network network = make_network(spec, 1, Bandwidth(1'000'000'000));
  std::map<std::uint32_t, ByteServer> out;
  std::map<std::uint32_t, ByteServer> in;
  const auto number = rc::gen::inRange<std::uint32_t>(0, kNodes);
  const auto messages = *rc::gen::container<
      std::vector<std::tuple<std::uint32_t, std::uint32_t, std::uint64_t, std::uint64_t>>>(
      rc::gen::tuple(number, number, rc::gen::inRange<std::uint64_t>(0, 300),
                     rc::gen::inRange<std::uint64_t>(0, 200)));
  std::uint64_t now = 0;
  for (const auto& [from, to, size, pause] : messages) {
    now += pause;
    if (from == to) continue;
    const std::uint64_t sent = out[from].give(now, size);
    const std::uint64_t through = std::max(sent, in[to].give(now, size));
    const Deliveries planned = network.plan(Instant(Nanoseconds(static_cast<std::int64_t>(now))),
                                            node(from), node(to), Bytes(size), 0);
    RC_ASSERT(planned.size() == 1u);
    RC_ASSERT(planned.begin()->at.count() == static_cast<std::int64_t>(through) + 50);
  }
}

// --- Counting -----------------------------------------------------------------------------------

RC_GTEST_PROP(NetworkProperty, EveryCopyEndsInExactlyOneCounter, ()) {
  NetworkSpec spec;
  spec.loss = Ratio(*rc::gen::inRange<std::uint64_t>(0, 4), 4);
  spec.duplication = Ratio(*rc::gen::inRange<std::uint64_t>(0, 5), 4);
  spec.corruption = Ratio(*rc::gen::inRange<std::uint64_t>(0, 4), 4);
  spec.queue = Bytes(*rc::gen::inRange<std::uint64_t>(0, 500));
  Network network =
      make_network(spec, *rc::gen::arbitrary<std::uint64_t>(), Bandwidth(1'000'000'000));
  begin_partition(network);
  const auto number = rc::gen::inRange<std::uint32_t>(0, kEndpoints);
  const auto messages = *rc::gen::container<std::vector<std::pair<std::uint32_t, std::uint32_t>>>(
      rc::gen::pair(number, number));
  std::vector<std::pair<std::uint32_t, std::uint32_t>> in_flight;
  for (const auto& [from, to] : messages) {
    const Deliveries planned = network.plan(Instant(), endpoint(from), endpoint(to), Bytes(100), 0);
    for (std::size_t copy = 0; copy < planned.size(); ++copy) in_flight.push_back({from, to});
  }
  begin_partition(network);
  for (const auto& [from, to] : in_flight) network.admit(endpoint(from), endpoint(to), 0);
  const NetworkCounters& counters = network.counters();
  RC_ASSERT(counters.sent == messages.size());
  RC_ASSERT(counters.sent + counters.duplicated ==
            counters.delivered + counters.lost + counters.cut + counters.overflowed);
}

// --- Distances ----------------------------------------------------------------------------------

Link fixed_link(std::int64_t latency) {
  return {DelayDistribution::constant(Nanoseconds(latency)), Bandwidth()};
}

using Zone = std::pair<std::uint16_t, std::uint16_t>;
using DirectLinks = std::map<std::pair<Zone, Zone>, std::int64_t>;

/// The sum of what is crossed: racks 1, zones 10, regions 100, or the direct link's latency.
std::int64_t naive_distance(DomainPath a, DomainPath b, const DirectLinks& direct) {
  if (a == b) return 0;
  const Zone from{a.region, a.zone};
  const Zone to{b.region, b.zone};
  if (from == to) return 1;
  const auto link = direct.find(std::minmax(from, to));
  if (link != direct.end()) return 1 + link->second;
  return a.region == b.region ? 11 : 111;
}

RC_GTEST_PROP(NetworkProperty, DistancesFollowTheTreeAndTheDirectLinks, ()) {
  const auto domain = rc::gen::map(
      rc::gen::container<std::array<std::uint16_t, 3>>(rc::gen::inRange<std::uint16_t>(0, 3)),
      [](const std::array<std::uint16_t, 3>& parts) {
        return DomainPath{parts[0], parts[1], parts[2]};
      });
  Topology topology(fixed_link(1), fixed_link(10), fixed_link(100));
  DirectLinks direct;
  std::vector<DomainPath> domains;
  const auto links = *rc::gen::container<std::vector<bool>>(rc::gen::arbitrary<bool>());
  for (const bool is_link : links) {
    const DomainPath a = *domain;
    const DomainPath b = *domain;
    const Zone from{a.region, a.zone};
    const Zone to{b.region, b.zone};
    const std::int64_t latency = *rc::gen::inRange<std::int64_t>(1, 1000);
    if (is_link && from != to && direct.emplace(std::minmax(from, to), latency).second) {
      topology.link_zones(a, b, fixed_link(latency));
    }
    domains.push_back(a);
    for (const DomainPath& other : domains) {
      const SiteId here = topology.site(a);
      const SiteId there = topology.site(other);
      const Nanoseconds expected(naive_distance(a, other, direct));
      RC_ASSERT(topology.mean_latency(here, there) == expected);
      RC_ASSERT(topology.mean_latency(there, here) == expected);
    }
  }
}

}  // namespace
}  // namespace shardproof::sim
