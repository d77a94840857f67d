// SPDX-License-Identifier: Apache-2.0
//
// Answers that arrive when who gave them has forgotten everything, and nodes that are not heard
// twice in a row.
#include "core/messages.hpp"
#include "sim/campaign/event_draw.hpp"
#include "sim/campaign/swarm_parts.hpp"

namespace shardproof::sim::swarm {
namespace {

/// What a node says of its copies is held up on its way; meanwhile it goes down, every other time
/// with its disk, and is back before anybody takes it for dead. Every third time a leader goes
/// down, too, so that all are asked for their positions.
void draw_lost_word(std::uint64_t seed, ScenarioSpec& spec) {
  Dice dice(seed, 0, "lost word");
  if (!dice.one_in(6) || !has_kind<CrashAction>(spec)) return;
  EventDraw draw(dice, spec);
  Sequence sequence(draw.moment(), spec);
  const NodeSelector node = draw.numbered_node();
  DelayAction delay;
  delay.message =
      dice.pick({message_kind<message::AppendReply>(), message_kind<message::AppendReply>(),
                 message_kind<message::PositionReply>(), message_kind<message::CopyAck>()});
  delay.from = node;
  const Nanoseconds late = dice.span(milliseconds(50), seconds(1));
  delay.by = DelayDistribution::exponential(late, late + milliseconds(1));
  const Nanoseconds held = dice.span(milliseconds(1), milliseconds(200));
  const Nanoseconds outage = dice.span(milliseconds(1), spec.protocol.lease / 2);
  const NodeSelector leader = leader_of(draw.shard());
  if (dice.one_in(3)) sequence.add(Nanoseconds(0), CrashAction{leader, {}, {}}, draw.lasts());
  sequence.add(Nanoseconds(0), delay, held);
  const bool loses_disk = dice.coin() && survives(1, spec);
  sequence.add(held, loses_disk ? Action(LoseDiskAction{node}) : Action(CrashAction{node, {}, {}}),
               outage);
}

/// A leader's word that it has stopped is late, and leadership goes to and fro meanwhile.
void draw_late_fence(std::uint64_t seed, ScenarioSpec& spec) {
  Dice dice(seed, 0, "late fence");
  if (!dice.one_in(10)) return;
  EventDraw draw(dice, spec);
  Sequence sequence(draw.moment(), spec);
  DelayAction delay;
  delay.message = message_kind<message::FenceReply>();
  const Nanoseconds late = dice.span(milliseconds(50), seconds(1));
  delay.by = DelayDistribution::exponential(late, late * 3 / 2);
  sequence.add(Nanoseconds(0), delay, late * 4);
  const ShardChoice shard = draw.shard();
  Nanoseconds after(0);
  const std::uint32_t turns = dice.between(2, 4);
  for (std::uint32_t i = 0; i < turns; ++i) {
    const Nanoseconds lasts = dice.span(milliseconds(20), seconds(1));
    sequence.add(after, MaintenanceAction{leader_of(shard)}, lasts);
    after += dice.span(milliseconds(20), seconds(1));
  }
}

/// Nobody hears a node, not even the metadata store; it is heard for a moment, goes down, and is
/// cut off again when it is back.
void draw_second_death(std::uint64_t seed, ScenarioSpec& spec) {
  Dice dice(seed, 0, "second death");
  if (!dice.one_in(6) || !has_kind<PartitionAction>(spec)) return;
  EventDraw draw(dice, spec);
  Sequence sequence(draw.moment(), spec);
  const NodeSelector node = dice.coin() ? leader_of(draw.shard()) : draw.numbered_node();
  const Nanoseconds lease = spec.protocol.lease;
  const auto cut = [&](Nanoseconds after, Nanoseconds lasts) {
    PartitionAction partition;
    partition.from = node;
    partition.to = NodeSelector::others();
    sequence.add(after, partition, lasts);
    partition.to = NodeSelector::metadata();
    if (dice.coin()) sequence.add(after, partition, lasts + dice.span(milliseconds(1), lease));
  };
  const Nanoseconds first = lease + dice.span(lease / 20, lease);
  cut(Nanoseconds(0), first);
  const Nanoseconds crash = first + dice.span(milliseconds(1), lease / 2);
  const Nanoseconds outage = dice.span(milliseconds(1), lease);
  const bool goes_down = dice.coin() && has_kind<CrashAction>(spec);
  if (goes_down) sequence.add(crash, CrashAction{node, {}, {}}, outage);
  cut(crash + outage + dice.span(milliseconds(1), lease / 2), lease + dice.span(lease / 20, lease));
}

}  // namespace

void draw_late_replies(std::uint64_t seed, ScenarioSpec& spec) {
  if (spec.cluster.single) return;
  draw_lost_word(seed, spec);
  draw_late_fence(seed, spec);
  draw_second_death(seed, spec);
}

}  // namespace shardproof::sim::swarm
