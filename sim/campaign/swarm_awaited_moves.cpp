// SPDX-License-Identifier: Apache-2.0
//
// Migrations for the events that wait for one.
#include <algorithm>

#include "sim/campaign/event_draw.hpp"
#include "sim/campaign/swarm_parts.hpp"

namespace shardproof::sim::swarm {
namespace {

bool awaits_a_phase(const EventSpec& event) {
  return event.condition &&
         to_string(*event.condition).find("migration.phase") != std::string::npos;
}

std::uint32_t fewest_copies(const ScenarioSpec& spec) {
  std::uint32_t fewest = spec.collections.front().replication_factor;
  for (const CollectionSpec& collection : spec.collections) {
    fewest = std::min(fewest, collection.replication_factor);
  }
  return fewest;
}

void insert(Action action, Nanoseconds time, ScenarioSpec& spec) {
  EventSpec event;
  event.action = std::move(action);
  event.time = time;
  insert_by_time(std::move(event), spec);
}

}  // namespace

void draw_awaited_moves(std::uint64_t seed, ScenarioSpec& spec) {
  const auto& events = spec.events;
  const bool is_awaited = std::any_of(events.begin(), events.end(), awaits_a_phase);
  Dice dice(seed, 0, "awaited moves");
  if (spec.cluster.single || !is_awaited || dice.one_in(4)) return;
  const auto nodes = static_cast<std::uint32_t>(spec.cluster.nodes.size());
  const std::uint32_t copies = fewest_copies(spec);
  EventDraw draw(dice, spec);
  // Where every node has a copy of everything there has to be another one to move to.
  const bool is_full = copies >= nodes;
  if (is_full) {
    JoinAction join;
    join.nodes = 1;
    join.capacity = spec.cluster.capacity;
    insert(join, spec.duration / 8, spec);
  }
  // Of those that name a holder as the target nothing comes.
  const std::uint32_t usual = dice.between(2, 4);
  const std::uint32_t count = is_full ? usual : std::min(usual * nodes / (nodes - copies), 12u);
  for (std::uint32_t i = 0; i < count; ++i) {
    MoveAction move = any_move(draw);
    if (is_full) move.to.nodes = {NodeId(nodes)};
    insert(move, draw.moment(), spec);
  }
}

}  // namespace shardproof::sim::swarm
