// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "sim/campaign/dice.hpp"
#include "sim/campaign/event_draw.hpp"
#include "sim/campaign/swarm_parts.hpp"

namespace shardproof::sim::swarm {
namespace {

/// Of events of the metadata store in one scenario.
constexpr std::uint32_t kStoreEventsMax = 3;

void draw_trouble(EventDraw& draw, EventSpec& event) {
  const NodeSelector node = draw.node();
  const Nanoseconds window = draw.dice().span(milliseconds(5), seconds(1));
  const Nanoseconds lasts = draw.lasts();
  switch (draw.dice().between(0, 2)) {
    case 0: event.action = ExpireSessionAction{of_kind(SelectorKind::kCoordinator)}; return;
    case 1: event.action = ExpireSessionAction{node}; return;
    default: break;
  }
  MetadataAction late;
  late.coalesce = window;
  event.action = late;
  event.lasts = lasts;
}

/// A leader is cut off from the other nodes while the office changes hands, within one lease: who
/// comes after it has to know what leases its predecessor has granted.
void draw_usurpation(std::uint64_t seed, ScenarioSpec& spec) {
  Dice dice(seed, 0, "usurpation");
  if (!dice.one_in(8)) return;
  EventDraw draw(dice, spec);
  const NodeSelector leader = leader_of(draw.shard());
  const Nanoseconds lease = spec.protocol.lease;
  const Nanoseconds time = draw.moment();
  EventSpec cut;
  PartitionAction partition;
  partition.from = leader;
  partition.to = of_kind(SelectorKind::kOthers);
  cut.action = partition;
  cut.time = time;
  cut.lasts = lease + dice.span(lease / 4, lease * 3);
  EventSpec change;
  change.time = time + dice.time(Nanoseconds(0), lease);
  // Or it is cut off when the new one has just heard of it, which takes a lease at least.
  Dice order(seed, 0, "usurped before");
  if (order.one_in(3)) {
    change.time = time;
    cut.time = time + lease + order.time(Nanoseconds(0), spec.protocol.heartbeat * 8);
    if (*cut.time >= spec.duration) return;
  }
  if (dice.coin()) {
    change.action = ExpireSessionAction{of_kind(SelectorKind::kCoordinator)};
  } else {
    change.action = RestartAction{of_kind(SelectorKind::kCoordinator), {}};
  }
  insert_by_time(std::move(cut), spec);
  if (*change.time < spec.duration) insert_by_time(std::move(change), spec);
}

}  // namespace

void draw_store_events(std::uint64_t seed, ScenarioSpec& spec) {
  if (spec.cluster.single) return;
  draw_usurpation(seed, spec);
  Dice dice(seed, 0, "store");
  if (!dice.one_in(6)) return;
  const std::uint32_t count = dice.between(1, kStoreEventsMax);
  for (std::uint32_t i = 0; i < count; ++i) {
    Dice own(seed, i, "store event");
    EventDraw draw(own, spec);
    EventSpec event;
    event.time = draw.moment();
    draw_trouble(draw, event);
    insert_by_time(std::move(event), spec);
  }
}

}  // namespace shardproof::sim::swarm
