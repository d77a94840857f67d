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

}  // namespace

void draw_store_events(std::uint64_t seed, ScenarioSpec& spec) {
  Dice dice(seed, 0, "store");
  if (!dice.one_in(6) || spec.cluster.single) return;
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
