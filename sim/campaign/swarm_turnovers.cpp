// SPDX-License-Identifier: Apache-2.0
//
// Leaders that go or come back while it is being decided who leads, and orders that come after a
// change of the office.
#include <optional>
#include <utility>
#include <vector>

#include "core/messages.hpp"
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

/// The order to shard a collection comes again, when it is carried out or when it was refused; and
/// answers are lost while it is carried out.
void draw_repeated_sharding(std::uint64_t seed, ScenarioSpec& spec) {
  const std::vector<EventSpec> events = spec.events;
  for (const EventSpec& event : events) {
    const auto* sharding = std::get_if<EnableShardingAction>(&event.action);
    if (sharding == nullptr || !event.time) continue;
    Dice dice(seed, sharding->collection, "repeated sharding");
    EventSpec again = event;
    again.time = *event.time + dice.span(milliseconds(100), seconds(3));
    const bool comes_again = dice.one_in(3);
    if (comes_again && *again.time < spec.duration) insert_by_time(std::move(again), spec);
    if (!dice.one_in(3)) continue;
    DropAction drop;
    drop.message =
        dice.coin() ? message_kind<message::ShardReply>() : message_kind<message::ClientReply>();
    drop.chance = Ratio(dice.between(20, 100), 100);
    EventSpec loss;
    loss.action = drop;
    loss.time = *event.time + dice.time(Nanoseconds(0), milliseconds(300));
    loss.lasts = dice.span(milliseconds(20), seconds(1));
    if (*loss.time < spec.duration) insert_by_time(std::move(loss), spec);
  }
}

/// An operator's command is on its way for so long that the office has gone to another term, which
/// has carried it out and what undoes it, and to a third.
void draw_late_command(std::uint64_t seed, ScenarioSpec& spec) {
  Dice dice(seed, 0, "late command");
  if (spec.duration < seconds(6) || !dice.one_in(8)) return;
  // The operator asks again every second.
  const Nanoseconds begin = dice.time(milliseconds(100), spec.duration - milliseconds(5500));
  Sequence sequence(begin, spec);
  DelayAction delay;
  delay.message = message_kind<message::AdminCommand>();
  const Nanoseconds late = dice.span(milliseconds(3200), milliseconds(4800));
  delay.by = DelayDistribution::exponential(late, late + milliseconds(1));
  NodeSelector node;
  const auto nodes = static_cast<std::uint32_t>(spec.cluster.nodes.size());
  node.nodes = {NodeId(dice.between(0, nodes - 1))};
  const RestartAction restart{of_kind(SelectorKind::kCoordinator), {}};
  sequence.add(Nanoseconds(0), delay, milliseconds(20));
  sequence.add(milliseconds(10), MaintenanceAction{node}, seconds(1));
  sequence.add(milliseconds(300), restart, {});
  sequence.add(dice.span(milliseconds(2300), milliseconds(3000)), restart, {});
}

}  // namespace

void draw_turnovers(std::uint64_t seed, ScenarioSpec& spec) {
  if (spec.cluster.single) return;
  draw_returned_leader(seed, spec);
  draw_unled_move(seed, spec);
  draw_repeated_sharding(seed, spec);
  draw_late_command(seed, spec);
}

}  // namespace shardproof::sim::swarm
