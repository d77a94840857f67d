// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "core/messages.hpp"
#include "sim/campaign/dice.hpp"
#include "sim/campaign/event_draw.hpp"
#include "sim/campaign/swarm_parts.hpp"

namespace shardproof::sim::swarm {
namespace {

/// Of events that wait for a message in one scenario.
constexpr std::uint32_t kMessageEventsMax = 3;

MessageTrigger draw_message(EventDraw& draw) {
  Dice& dice = draw.dice();
  MessageTrigger message;
  message.type = dice.between(0, static_cast<std::uint32_t>(kMessageKinds) - 1);
  message.count = static_cast<std::uint32_t>(dice.magnitude(1, 30));
  if (dice.coin()) return message;
  const ShardChoice of = draw.shard();
  message.collection = of.collection;
  message.shard = of.shard;
  return message;
}

/// To who sent the message, or was sent it.
Action draw_strike(Dice& dice) {
  const NodeSelector node = of_kind(dice.coin() ? SelectorKind::kReceiver : SelectorKind::kSender);
  switch (dice.between(0, 3)) {
    case 0: return PauseAction{node};
    case 1: return PartitionAction{node, NodeSelector::others(), dice.coin()};
    default: return CrashAction{node, {}, {}};
  }
}

}  // namespace

void draw_message_events(std::uint64_t seed, ScenarioSpec& spec) {
  Dice dice(seed, 0, "messages");
  if (!dice.one_in(3)) return;
  const std::uint32_t count = dice.between(1, kMessageEventsMax);
  for (std::uint32_t i = 0; i < count; ++i) {
    Dice own(seed, i, "message event");
    EventDraw draw(own, spec);
    EventSpec event;
    const bool is_in_phase = own.one_in(3);
    event.condition = is_in_phase && !spec.cluster.single ? in_any_phase(own) : Condition{};
    event.message = draw_message(draw);
    event.armed_after = own.time(Nanoseconds(0), spec.duration / 2);
    event.times = own.between(1, 2);
    event.action = draw_strike(own);
    event.lasts = draw.lasts();
    const bool needs_cluster = std::holds_alternative<PartitionAction>(event.action);
    if (needs_cluster && spec.cluster.single) continue;
    spec.events.push_back(std::move(event));
  }
}

}  // namespace shardproof::sim::swarm
