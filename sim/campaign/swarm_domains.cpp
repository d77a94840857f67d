// SPDX-License-Identifier: Apache-2.0
#include "sim/campaign/dice.hpp"
#include "sim/campaign/event_draw.hpp"
#include "sim/campaign/swarm_parts.hpp"

namespace shardproof::sim::swarm {
namespace {

void draw_trouble_of_many(Dice& dice, EventSpec& event) {
  const NodeSelector domain = any_domain(dice);
  const bool is_one_way = dice.coin();
  switch (dice.between(0, 2)) {
    case 0: event.action = CrashAction{domain, {}, {}}; return;
    case 1: event.action = PartitionAction{domain, NodeSelector::others(), is_one_way}; return;
    default: event.action = RollingRestartAction{}; return;
  }
}

}  // namespace

void draw_domain_events(std::uint64_t seed, ScenarioSpec& spec) {
  Dice dice(seed, 0, "domains");
  if (!dice.one_in(6) || spec.cluster.single) return;
  const std::uint32_t count = dice.between(1, 2);
  for (std::uint32_t i = 0; i < count; ++i) {
    Dice own(seed, i, "domain event");
    EventDraw draw(own, spec);
    EventSpec event;
    event.time = draw.moment();
    event.lasts = draw.lasts();
    draw_trouble_of_many(own, event);
    widen_domain(Dice(seed, i, "region event"), spec, event.action);
    insert_by_time(std::move(event), spec);
  }
}

}  // namespace shardproof::sim::swarm
