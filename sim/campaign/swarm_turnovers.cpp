// SPDX-License-Identifier: Apache-2.0
//
// Leaders that go or come back while it is being decided who leads.
#include <vector>

#include "sim/campaign/dice.hpp"
#include "sim/campaign/event_draw.hpp"
#include "sim/campaign/swarm_parts.hpp"

namespace shardproof::sim::swarm {
namespace {

/// A leader that counts as dead comes back while its successor's commit is on the way to a slow
/// store.
void draw_returned_leader(std::uint64_t seed, ScenarioSpec& spec) {
  Dice dice(seed, 0, "returned leader");
  if (!dice.one_in(10)) return;
  EventDraw draw(dice, spec);
  const Nanoseconds lease = spec.protocol.lease;
  EventSpec cut;
  PartitionAction partition;
  partition.from = leader_of(draw.shard());
  partition.to = of_kind(SelectorKind::kOthers);
  cut.action = partition;
  cut.time = draw.moment();
  cut.lasts = lease + dice.span(lease / 20, lease);
  EventSpec slow;
  MetadataAction late;
  const Nanoseconds least = dice.span(milliseconds(10), lease / 2);
  const Nanoseconds tail = dice.span(milliseconds(1), milliseconds(100));
  late.latency = DelayDistribution::exponential(least, least + tail);
  slow.action = late;
  // From when it may be found dead.
  slow.time = *cut.time + lease * 9 / 10;
  slow.lasts = lease * 2;
  insert_by_time(std::move(cut), spec);
  if (*slow.time < spec.duration) insert_by_time(std::move(slow), spec);
}

/// The leader of a shard whose documents are being moved to others goes down.
void draw_unled_move(std::uint64_t seed, ScenarioSpec& spec) {
  const std::vector<EventSpec> events = spec.events;
  for (const EventSpec& event : events) {
    const auto* sharding = std::get_if<EnableShardingAction>(&event.action);
    if (sharding == nullptr || !event.time) continue;
    Dice dice(seed, sharding->collection, "unled move");
    if (!dice.one_in(3)) continue;
    const NodeSelector leader = leader_of({sharding->collection, 0});
    EventSpec fault;
    fault.time = *event.time + dice.span(milliseconds(1), milliseconds(500));
    fault.lasts = dice.span(milliseconds(30), seconds(3));
    if (dice.coin()) {
      fault.action = CrashAction{leader, {}, {}};
    } else {
      fault.action = PauseAction{leader};
    }
    if (*fault.time < spec.duration) insert_by_time(std::move(fault), spec);
  }
}

}  // namespace

void draw_turnovers(std::uint64_t seed, ScenarioSpec& spec) {
  if (spec.cluster.single) return;
  draw_returned_leader(seed, spec);
  draw_unled_move(seed, spec);
}

}  // namespace shardproof::sim::swarm
